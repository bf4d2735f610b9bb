"""What can be set about every training of a network that says which region a pixel belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from landmark_annotator.backends.learning.batches import BatchOrder
from landmark_annotator.backends.learning.course import Course
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import check_size, checked, setting

_COURSE = Course(batch=8, least=16 * 8, each=10.0, fewest=400, most=6000)


@dataclass(frozen=True)
class SegmentationSettings:
    """What each does stands beside it, and is what people are told."""

    seed: int = setting(0, "Of everything random: the same seed, the same training.")
    epochs: int = setting(0, "Passes over the training instances; 0 chooses by their number.")
    size: int = setting(256, "Side of the crop that the network sees, a multiple of 64.", "px")
    coarse: float = setting(
        0.5,
        "Share of the epochs, the first ones, that see crops of half the size, in a quarter of the "
        "time; 0 where it starts from a network that has seen whole ones.",
        least=0,
    )
    held_out: float = setting(
        0.1, "Share of the instances that measure the model instead of training it."
    )
    disturbed: bool = setting(
        True,
        "Light, colour, sharpness, noise and backgrounds are changed at random, so that pictures "
        "of one kind teach about others.",
    )
    learning_rate: float = setting(3e-3, "The highest step of the optimiser, which falls to 0.")
    device: str = setting("cpu", "What it runs on: cpu, cuda, or cuda:1 for the second card.")
    fresh: bool = setting(False, "Begin anew, and leave an unfinished training aside.")

    @classmethod
    def checked(cls, given: Mapping[str, Any], title: str) -> Self:
        """Raises ActionableError with the closest known name."""
        chosen = checked(cls, given, title)
        device_named(chosen.device)
        check_size(chosen.size, 64)
        return chosen

    def order(self, instances: int) -> BatchOrder:
        return _COURSE.order(instances)

    def epochs_for(self, instances: int) -> int:
        return self.epochs or _COURSE.epochs(instances)

    def size_in(self, epoch: int, epochs: int) -> int:
        return self.size // 2 if epoch < self.coarse * epochs else self.size
