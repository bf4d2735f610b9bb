"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from backends.exemplar.losses import LOSSES
from projects.vocabulary.errors import ActionableError, closest


@dataclass(frozen=True)
class Settings:
    """epochs: passes over the training instances. size: crop side in pixels.

    classes: K; 0 makes every training shape and its mirror image a class, fewer than those are
    K-means centres, more are filled up with perturbed shapes where `fill` says so.
    loss: one of LOSSES. rank: of the class layer, 0 is full. members: the shares of the classes
    that a typical shape is to be a member of; each fixes a radius tau, a class layer is trained
    for each, and the one with the least error on held-out instances is kept.
    held_out: share of the instances that calibrate instead of training. fresh: leave an
    unfinished training aside.
    """

    seed: int = 0
    epochs: int = 60
    size: int = 96
    classes: int = 0
    fill: bool = False
    loss: str = "multi_label"
    rank: int = 0
    members: tuple[float, ...] = (0.003, 0.01, 0.03)
    held_out: float = 0.1
    learning_rate: float = 2e-3
    fresh: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        known = [field.name for field in fields(cls)]
        for name in given:
            if name not in known:
                raise ActionableError(
                    f'The exemplar classifier has no setting "{name}".{closest(name, known)}',
                    remedy=f"Known settings: {', '.join(known)}.",
                )
        chosen = cls(**given)
        if chosen.loss not in LOSSES:
            raise ActionableError(
                f'There is no loss "{chosen.loss}".{closest(chosen.loss, LOSSES)}',
                remedy=f"Known losses: {', '.join(LOSSES)}.",
            )
        return chosen
