"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from projects.vocabulary.errors import ActionableError, closest

TRUNKS = ("small", "resnet18")


@dataclass(frozen=True)
class Settings:
    """sparse: the landmarks of the sparse format; none takes those that most sparsely labelled
    instances have.

    epochs: of stage 1, passes over the sparsely labelled instances; dense_epochs and fine_epochs:
    of stages 2 and 3, passes over the densely labelled ones. size: crop side in pixels. trunk: one
    of TRUNKS. learning_rate: of stages 1 and 2 at their start; stage 3 starts with a tenth.
    folds: how many fifths of the densely labelled instances are predicted by networks that have
    not seen them, to learn how wrong the network is; 5 is all of them.
    fresh: leave an unfinished training aside.
    """

    seed: int = 0
    epochs: int = 60
    dense_epochs: int = 60
    fine_epochs: int = 30
    size: int = 64
    trunk: str = "small"
    sparse: tuple[int, ...] = ()
    folds: int = 5
    learning_rate: float = 0.02
    fresh: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        defaults = asdict(cls())
        for name, value in given.items():
            if name not in defaults:
                raise ActionableError(
                    f'The weakly supervised network has no setting "{name}".'
                    f"{closest(name, defaults)}",
                    remedy=f"Known settings: {', '.join(defaults)}.",
                )
            if not _fits(value, defaults[name]):
                raise ActionableError(
                    f"The setting {name} cannot be {value!r}.",
                    remedy=f"It is {defaults[name]!r} by default; give a value of that kind.",
                )
        values: dict[str, Any] = {
            k: tuple(sorted(v)) if k == "sparse" else v for k, v in given.items()
        }
        chosen = cls(**values)
        if chosen.trunk not in TRUNKS:
            raise ActionableError(
                f'There is no trunk "{chosen.trunk}".{closest(chosen.trunk, TRUNKS)}',
                remedy=f"Known trunks: {', '.join(TRUNKS)}.",
            )
        if chosen.folds > 5:
            raise ActionableError(f"There are five fifths, not {chosen.folds}.")
        return chosen


def _fits(value: Any, default: Any) -> bool:
    """Whether a value is of the default's kind, and positive where only that makes sense."""
    if isinstance(default, bool | str):
        return type(value) is type(default)
    if isinstance(default, tuple):
        whole = isinstance(value, list | tuple) and all(type(v) is int and v >= 0 for v in value)
        return whole and len(set(value)) == len(value)
    if isinstance(default, int):
        return type(value) is int and value >= min(default, 1)
    return type(value) in (int, float) and 0 < value <= 1
