"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landmark_annotator.backends.densities.settings import TrainingSettings
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import check_size, checked, setting
from landmark_annotator.backends.occlusion.network import RESNET18_WIDTH, STRIDES, Design
from landmark_annotator.projects.vocabulary.errors import ActionableError


@dataclass(frozen=True)
class Settings(TrainingSettings):
    """What each does stands beside it, and is what people are told."""

    seed: int = setting(0, "Of everything random: the same seed, the same training.")
    epochs: int = setting(0, "Passes over the training instances; 0 chooses by their number.")
    size: int = setting(224, "Side of the crop that the network looks at, a multiple of 32.", "px")
    width: int = setting(
        RESNET18_WIDTH,
        "Channels of the network's first stage, doubled in each of the three that follow; 64 is "
        "ResNet-18.",
    )
    stride: int = setting(
        32,
        "Side of a cell of the occlusion map, 8, 16 or 32: with less than ResNet-18's 32 a small "
        "crop still has a map of some cells.",
        "px",
    )
    geometry: bool = setting(True, "Whether it has the geometry-aware module.")
    distillation: bool = setting(True, "Whether it has the distillation module: the occlusion map.")
    low_rank: bool = setting(True, "Whether it has the low-rank learning module.")
    sparsity: float = setting(
        1e-6, "How much the sum of the occlusion map counts in the loss; 0 leaves it free.", least=0
    )
    rank_penalty: float = setting(
        1e-6, "How much the nuclear norm of the low-rank matrix counts in the loss.", least=0
    )
    held_out: float = setting(
        0.1, "Share of the instances that calibrate, and tell the error, instead of training."
    )
    learning_rate: float = setting(1e-3, "The highest step of the optimiser, which falls to 0.")
    device: str = setting("cpu", "What it runs on: cpu, cuda, or cuda:1 for the second card.")
    fresh: bool = setting(False, "Begin anew, and leave an unfinished training aside.")

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        chosen = checked(cls, given, "occlusion-adaptive network")
        device_named(chosen.device)
        check_size(chosen.size, 32)
        if chosen.stride not in STRIDES:
            raise ActionableError(
                f"The setting stride cannot be {chosen.stride}.",
                remedy=f"Give one of {', '.join(map(str, STRIDES))}.",
            )
        if chosen.width % 8:
            raise ActionableError(
                f"The setting width cannot be {chosen.width}.", remedy="Give a multiple of 8."
            )
        return chosen

    @property
    def design(self) -> Design:
        return Design(self.width, self.stride, self.geometry, self.distillation, self.low_rank)
