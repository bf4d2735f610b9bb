"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from backends.exemplar.losses import LOSSES
from projects.vocabulary.errors import ActionableError, closest

_MAY_BE_NOUGHT = ("levels",)


@dataclass(frozen=True)
class Settings:
    """epochs: passes over the training instances. size: crop side in pixels.

    classes: K; 0 makes every training shape and its mirror image a class, fewer than those are
    K-means centres, more are filled up with perturbed shapes where `fill` says so.
    fewest: instances that every centre is the mean of, at least; smaller groups join the nearest
    other, so K becomes less. Weights that leave the house with one instance a class give it away.
    loss: one of LOSSES; soft targets had the least error on held-out faces at every K (`evaluate
    losses`). rank: of the class layer, 0 is full. members: the shares of the classes that a
    typical shape is to be a member of; each fixes a radius tau, a class layer is trained for each,
    and the one with the least error on held-out instances is kept. Three of them cost a step of
    training 3 % more than one.
    pose_classes and levels: of the regressors that refine the classifier's shape. The paper has
    100 classes; with 1672 faces cross-validation found nothing that they add to one. Without
    levels the classifier stands alone.
    held_out: share of the instances that calibrate instead of training. fresh: leave an
    unfinished training aside.
    """

    seed: int = 0
    epochs: int = 60
    size: int = 96
    classes: int = 0
    fewest: int = 1
    fill: bool = False
    loss: str = "soft_target"
    rank: int = 0
    members: tuple[float, ...] = (0.003, 0.01, 0.03)
    pose_classes: int = 1
    levels: int = 7
    held_out: float = 0.1
    learning_rate: float = 2e-3
    fresh: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        defaults = asdict(cls())
        for name, value in given.items():
            if name not in defaults:
                raise ActionableError(
                    f'The exemplar classifier has no setting "{name}".{closest(name, defaults)}',
                    remedy=f"Known settings: {', '.join(defaults)}.",
                )
            if not _fits(value, 0 if name in _MAY_BE_NOUGHT else defaults[name]):
                raise ActionableError(
                    f"The setting {name} cannot be {value!r}.",
                    remedy=f"It is {defaults[name]!r} by default; give a value of that kind.",
                )
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in given.items()
        }
        chosen = cls(**values)
        if chosen.loss not in LOSSES:
            raise ActionableError(
                f'There is no loss "{chosen.loss}".{closest(chosen.loss, LOSSES)}',
                remedy=f"Known losses: {', '.join(LOSSES)}.",
            )
        return chosen


def _fits(value: Any, default: Any) -> bool:
    """Whether a value is of the default's kind, and positive where only that makes sense."""
    if isinstance(default, bool | str):
        return type(value) is type(default)
    if isinstance(default, tuple):
        return isinstance(value, list | tuple) and bool(value) and all(_fits(v, 1.0) for v in value)
    if isinstance(default, int):
        return type(value) is int and value >= min(default, 1)
    return type(value) in (int, float) and 0 < value <= 1
