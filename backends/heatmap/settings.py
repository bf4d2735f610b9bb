"""What can be set about a training."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landmark_annotator.backends.heatmap.losses import LOSSES
from landmark_annotator.backends.learning.batches import BatchOrder
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import checked, one_of
from landmark_annotator.projects.vocabulary.errors import ActionableError

_BATCH = 16
TRUNKS = ("shipped", "none")
"""Weights that came with the program, or chance; or the folder of a model trained before."""
_STEPS_PER_INSTANCE = 3.6
_FEWEST_STEPS, _MOST_STEPS = 400, 6000
_LEAST_CROPS = 16 * _BATCH


@dataclass(frozen=True)
class Settings:
    """epochs: passes over the training instances; 0 chooses by their number. size: crop side in
    pixels, a multiple of 32. loss: one of LOSSES. trunk: what the network starts from, one of
    TRUNKS or the folder of a trained heat-map network. held_out: share of the instances that
    calibrate instead of training. rounds: with two, the network fills what sparsely labelled
    instances lack after a first training, given what they have, and learns from that too; 0 does so
    where most instances are sparse. second_look: whether to learn one at the photographs' own
    resolution, where they show more than the crop. device: what it runs on, one of DEVICES. fresh:
    leave an unfinished training aside.
    """

    seed: int = 0
    epochs: int = 0
    size: int = 128
    loss: str = "kernel_density"
    trunk: str = "shipped"
    held_out: float = 0.1
    rounds: int = 0
    second_look: bool = True
    learning_rate: float = 2e-3
    device: str = "cpu"
    fresh: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        chosen = checked(cls, given, "heat-map network")
        device_named(chosen.device)
        one_of("loss", chosen.loss, LOSSES)
        if not Path(chosen.trunk, "card.json").is_file():
            others = f"Known: {', '.join(TRUNKS)}, and the folder of a trained model."
            one_of("trunk", chosen.trunk, TRUNKS, others)
        if chosen.rounds > 2:
            raise ActionableError(f"There are one or two rounds, not {chosen.rounds}.")
        if chosen.size % 32:
            raise ActionableError(
                f"The setting size cannot be {chosen.size}.", remedy="Give a multiple of 32."
            )
        return chosen

    def order(self, instances: int) -> BatchOrder:
        return BatchOrder(instances, _BATCH, _LEAST_CROPS)

    def epochs_for(self, instances: int) -> int:
        if self.epochs:
            return self.epochs
        steps = min(max(_STEPS_PER_INSTANCE * instances, _FEWEST_STEPS), _MOST_STEPS)
        return math.ceil(steps / self.order(instances).steps)
