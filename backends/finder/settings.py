"""What can be set about a training of the finder."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landmark_annotator.backends.learning.batches import BatchOrder
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import checked, one_of, setting
from landmark_annotator.projects.vocabulary.errors import ActionableError

TRUNKS = ("shipped", "none")
"""Weights that came with the program, or chance; or the folder of a finder trained before."""
_BATCH = 8
_LEAST_VIEWS = 8 * _BATCH
_STEPS_PER_IMAGE = 4.0
_FEWEST_STEPS, _MOST_STEPS = 500, 4000


@dataclass(frozen=True)
class Settings:
    """What each does stands beside it, and is what people are told."""

    seed: int = setting(0, "Of everything random: the same seed, the same training.")
    epochs: int = setting(0, "Passes over the training images; 0 chooses by their number.")
    size: int = setting(
        0,
        "Longer side to which images are brought, a multiple of 32; 0 chooses by the sides of the "
        "labelled boxes.",
        "px",
    )
    smallest: float = setting(
        0.7,
        "Images are shown in sizes down to this share, so that objects are found that are so much "
        "smaller than the labelled ones.",
    )
    trunk: str = setting(
        "shipped",
        "What the network starts from: weights that came with the program (shipped), chance "
        "(none), or the folder of a trained finder.",
    )
    held_out: float = setting(
        0.1, "Share of the images that choose the threshold instead of training."
    )
    learning_rate: float = setting(2e-3, "The highest step of the optimiser, which falls to 0.")
    device: str = setting("cpu", "What it runs on: cpu, cuda, or cuda:1 for the second card.")
    fresh: bool = setting(False, "Begin anew, and leave an unfinished training aside.")

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        chosen = checked(cls, given, "finder")
        device_named(chosen.device)
        if not Path(chosen.trunk, "card.json").is_file():
            others = f"Known: {', '.join(TRUNKS)}, and the folder of a trained finder."
            one_of("trunk", chosen.trunk, TRUNKS, others)
        if chosen.size % 32:
            raise ActionableError(
                f"The setting size cannot be {chosen.size}.", remedy="Give a multiple of 32."
            )
        return chosen

    def order(self, images: int) -> BatchOrder:
        return BatchOrder(images, _BATCH, _LEAST_VIEWS)

    def epochs_for(self, images: int) -> int:
        if self.epochs:
            return self.epochs
        steps = min(max(_STEPS_PER_IMAGE * images, _FEWEST_STEPS), _MOST_STEPS)
        return math.ceil(steps / self.order(images).steps)
