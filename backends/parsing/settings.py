"""What can be set about a training."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landmark_annotator.backends.learning.batches import BatchOrder
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import checked
from landmark_annotator.projects.vocabulary.errors import ActionableError

_BATCH = 8
_LEAST_CROPS = 16 * _BATCH
_STEPS_PER_INSTANCE = 10.0
_FEWEST_STEPS, _MOST_STEPS = 400, 6000
COARSE = 0.5
"""Share of the epochs that see crops of half the size: they take a quarter of the time."""


@dataclass(frozen=True)
class Settings:
    """epochs: passes over the training instances; 0 chooses by their number. size: crop side in
    pixels, a multiple of 64. features, expansion: of the hourglass's blocks. trunk: what the
    network starts from, "none" or the folder of a model trained before. held_out: share of the
    instances that measure instead of training. disturbed: light, colour, blur, noise and other
    backgrounds, so that pictures of one kind teach about others. device: what it runs on, one of
    DEVICES. fresh: leave an unfinished training aside.
    """

    seed: int = 0
    epochs: int = 0
    size: int = 256
    features: int = 32
    expansion: int = 3
    trunk: str = "shipped"
    held_out: float = 0.1
    disturbed: bool = True
    learning_rate: float = 3e-3
    device: str = "cpu"
    fresh: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        chosen = checked(cls, given, "parsing network")
        device_named(chosen.device)
        if chosen.size % 64:
            raise ActionableError(
                f"The setting size cannot be {chosen.size}.", remedy="Give a multiple of 64."
            )
        return chosen

    def order(self, instances: int) -> BatchOrder:
        return BatchOrder(instances, _BATCH, _LEAST_CROPS)

    def epochs_for(self, instances: int) -> int:
        if self.epochs:
            return self.epochs
        steps = min(max(_STEPS_PER_INSTANCE * instances, _FEWEST_STEPS), _MOST_STEPS)
        return math.ceil(steps / self.order(instances).steps)

    def size_in(self, epoch: int, epochs: int) -> int:
        return self.size // 2 if epoch < COARSE * epochs else self.size
