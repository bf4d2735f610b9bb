"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import checked, one_of
from landmark_annotator.projects.vocabulary.errors import ActionableError

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
    device: what it runs on, one of DEVICES. fresh: leave an unfinished training aside.
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
    device: str = "cpu"
    fresh: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        chosen = checked(cls, given, "weakly supervised network")
        device_named(chosen.device)
        one_of("trunk", chosen.trunk, TRUNKS)
        if chosen.folds > 5:
            raise ActionableError(f"There are five fifths, not {chosen.folds}.")
        return replace(chosen, sparse=tuple(sorted(chosen.sparse)))
