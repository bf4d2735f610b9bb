"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from typing_extensions import override

from landmark_annotator.backends.densities.losses import LOSSES, WITH_SIGMA
from landmark_annotator.backends.densities.optimal_transport import MOST_CELLS
from landmark_annotator.backends.densities.settings import COURSE, TrainingSettings
from landmark_annotator.backends.heatmap.network import STRIDE
from landmark_annotator.backends.learning.batches import BatchOrder
from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import (
    check_size,
    check_trunk,
    check_unlabelled,
    checked,
    one_of,
    setting,
)
from landmark_annotator.projects.vocabulary.errors import ActionableError

_COURSE = replace(COURSE, part=4)
"""In steps of 4 crops in place of 16 where labels are few."""
_QUICK = replace(_COURSE, each=0.9, fewest=100, most=1500)
_UNLABELLED = replace(_COURSE, each=1.2, fewest=100, most=2000)


@dataclass(frozen=True)
class Settings(TrainingSettings):
    """What each does stands beside it, and is what people are told."""

    seed: int = setting(0, "Of everything random: the same seed, the same training.")
    epochs: int = setting(0, "Passes over the training instances; 0 chooses by their number.")
    size: int = setting(128, "Side of the crop that the network looks at, a multiple of 32.", "px")
    loss: str = setting("kernel_density", f"What is learned from, one of {', '.join(LOSSES)}.")
    sigma: float = setting(
        1.0,
        f"Deviation of the Gaussian round a label that {', '.join(WITH_SIGMA)} learn from.",
        "cells",
        most=8.0,
    )
    coordinates: bool = setting(
        False, "Whether the network is told of every pixel where in the crop it is (CoordConv)."
    )
    trunk: str = setting(
        "shipped",
        "What the network starts from: weights that came with the program (shipped), chance "
        "(none), or the folder of a trained heat-map network.",
    )
    held_out: float = setting(
        0.1, "Share of the instances that calibrate, and tell the error, instead of training."
    )
    rounds: int = setting(
        0,
        "With 2 the network fills what sparsely labelled instances lack after a first training, "
        "given what they have, and learns from that too; 0 does so where most are sparse.",
    )
    second_look: bool = setting(
        True,
        "Whether to learn a second look at the photographs' own resolution, where they show more "
        "than the crop.",
    )
    quick: bool = setting(
        False,
        "A quarter of the steps and no second look: a first network while somebody waits for it.",
    )
    unlabelled: str = setting(
        "auto",
        "Whether to learn from images without labels that have a box, where held-out labels are "
        "better off (auto), or not (off).",
    )
    learning_rate: float = setting(2e-3, "The highest step of the optimiser, which falls to 0.")
    device: str = setting("cpu", "What it runs on: cpu, cuda, or cuda:1 for the second card.")
    fresh: bool = setting(
        False,
        "Begin anew, and leave aside an unfinished training and the network that is there already.",
    )

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        chosen = checked(cls, given, "heat-map network")
        device_named(chosen.device)
        one_of("loss", chosen.loss, LOSSES)
        check_trunk(chosen.trunk, "heat-map network")
        check_unlabelled(chosen.unlabelled)
        if chosen.rounds > 2:
            raise ActionableError(f"There are one or two rounds, not {chosen.rounds}.")
        check_size(chosen.size, 32)
        if chosen.loss == "wasserstein" and chosen.size > MOST_CELLS * STRIDE:
            raise ActionableError(
                f"The wasserstein loss cannot learn from crops of {chosen.size} px.",
                remedy=f"Set size to {MOST_CELLS * STRIDE} or less.",
            )
        return chosen

    @override
    def order(self, instances: int) -> BatchOrder:
        return _COURSE.order(instances)

    @override
    def epochs_for(self, instances: int) -> int:
        return self.epochs or (_QUICK if self.quick else _COURSE).epochs(instances)

    @property
    def learns_unlabelled(self) -> bool:
        """Not while somebody waits."""
        return self.unlabelled == "auto" and not self.quick

    def epochs_with_unlabelled(self, instances: int) -> int:
        """Passes over so many labelled and unlabelled instances, after those over the labels."""
        return -(-self.epochs // 3) or _UNLABELLED.epochs(instances)
