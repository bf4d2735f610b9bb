"""What can be set about a training of the finder."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landmark_annotator.backends.learning.batches import BatchOrder
from landmark_annotator.backends.learning.course import Course
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import check_size, check_trunk, checked, setting

_COURSE = Course(batch=8, least=8 * 8, each=4.0, fewest=500, most=4000)


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
        check_trunk(chosen.trunk, "finder")
        check_size(chosen.size, 32)
        return chosen

    def order(self, images: int) -> BatchOrder:
        return _COURSE.order(images)

    def epochs_for(self, images: int) -> int:
        return self.epochs or _COURSE.epochs(images)
