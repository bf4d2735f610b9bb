"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landmark_annotator.backends.cropnet.losses import LOSSES
from landmark_annotator.backends.cropnet.network import MOST_STAGES, WIDTH, Design
from landmark_annotator.backends.densities.settings import TrainingSettings
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import (
    FEWEST_CHANNELS,
    check_size,
    checked,
    one_of,
    setting,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError

_NONE = "none"


@dataclass(frozen=True)
class Settings(TrainingSettings):
    """What each does stands beside it, and is what people are told."""

    seed: int = setting(0, "Of everything random: the same seed, the same training.")
    epochs: int = setting(0, "Passes over the training instances; 0 chooses by their number.")
    size: int = setting(224, "Side of the crop that the network looks at, a multiple of 32.", "px")
    width: int = setting(
        WIDTH,
        "Channels of the network's first stage, doubled in each of the three that follow; 64 is "
        "ResNet-18.",
        least=FEWEST_CHANNELS,
    )
    losses: str = setting(
        "l2/l1/align",
        f"What each stage of refinement learns from, of {', '.join(LOSSES)}, three stages at most; "
        f"{_NONE} for no refinement.",
    )
    features: bool = setting(
        True, "Whether the network's features learn from what the stages see in them."
    )
    positions: bool = setting(
        True, "Whether the places where patches are cut learn from what is seen there."
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
        chosen = checked(cls, given, "coarse-to-fine network")
        device_named(chosen.device)
        check_size(chosen.size, 32)
        for name in chosen.by_stage:
            one_of("losses", name, LOSSES)
        if len(chosen.by_stage) > MOST_STAGES:
            raise ActionableError(
                f"There are at most {MOST_STAGES} stages, not {len(chosen.by_stage)}.",
                remedy="Give a loss for each of fewer stages.",
            )
        return chosen

    @property
    def by_stage(self) -> list[str]:
        return by_stage(self.losses)

    @property
    def design(self) -> Design:
        return Design(self.width, len(self.by_stage), self.features, self.positions)


def by_stage(losses: str) -> list[str]:
    """The names of the losses of the stages, from the setting."""
    return [] if losses == _NONE else losses.split("/")
