"""What can be set about a training."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from landmark_annotator.backends.learning.device import device_named
from landmark_annotator.backends.learning.settings import checked, one_of, setting
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.scheme import Scheme

TRUNKS = ("small", "resnet18")


@dataclass(frozen=True)
class Settings:
    """What each does stands beside it, and is what people are told."""

    seed: int = setting(0, "Of everything random: the same seed, the same training.")
    epochs: int = setting(60, "Passes of stage 1 over the sparsely labelled instances.")
    dense_epochs: int = setting(60, "Passes of stage 2 over the densely labelled instances.")
    fine_epochs: int = setting(30, "Passes of stage 3 over the densely labelled instances.")
    size: int = setting(64, "Side of the crop that the network looks at.", "px")
    trunk: str = setting("small", f"The network that both branches share, {' or '.join(TRUNKS)}.")
    sparse: tuple[int, ...] = setting(
        (),
        "The landmarks of the sparse format, counted from 0; without any, those that most sparsely "
        "labelled instances have.",
    )
    folds: int = setting(
        5,
        "Fifths of the densely labelled instances that are predicted by networks which have not "
        "seen them, to learn how wrong the network is; 5 is all of them.",
    )
    learning_rate: float = setting(
        0.02, "The step of stages 1 and 2 at their start; stage 3 starts with a tenth."
    )
    device: str = setting("cpu", "What it runs on: cpu, cuda, or cuda:1 for the second card.")
    fresh: bool = setting(False, "Begin anew, and leave an unfinished training aside.")

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Settings":
        """Raises ActionableError with the closest known name."""
        chosen = checked(cls, given, "weakly supervised network")
        device_named(chosen.device)
        one_of("trunk", chosen.trunk, TRUNKS)
        if chosen.folds > 5:
            raise ActionableError(f"There are five fifths, not {chosen.folds}.")
        return replace(chosen, sparse=tuple(sorted(chosen.sparse)))

    def check_scheme(self, scheme: Scheme) -> None:
        """Raises ActionableError where it has no such sparse format."""
        if self.sparse:
            check_format(self.sparse, scheme)


def check_format(sparse: tuple[int, ...], scheme: Scheme) -> None:
    """sparse: in order. Raises ActionableError for one that does not leave any landmark to the
    dense branch."""
    if sparse[-1] >= len(scheme) or len(sparse) >= len(scheme):
        raise ActionableError(
            f"A sparse format names fewer than all {len(scheme)} landmarks of the scheme, "
            f"0..{len(scheme) - 1}; this one has {len(sparse)} and goes to {sparse[-1]}.",
            remedy="Give the setting sparse as a list of some of them.",
        )
