"""Learning from labelled images ends soon after nobody waits for it any more."""

from collections.abc import Callable

import numpy as np
import pytest

from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.backends.registration import EitherWay, RegistrationModel
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import Cancelled
from tests.unit.backends.registration.textures import SCHEME, bent, instance


class _StoppedAfter:
    """After so many looks whether it is."""

    def __init__(self, asked: int) -> None:
        self.left = asked

    def start(self, stage: str, total: int | None) -> None: ...

    def advance(self, steps: int = 1, note: str = "") -> None: ...

    def cancelled(self) -> bool:
        self.left -= 1
        return self.left < 0


def _either_way(labelled: list[LabelledInstance], scheme: Scheme, progress: Progress) -> EitherWay:
    others = np.zeros(len(labelled), dtype=bool)
    return EitherWay.of(labelled, others, scheme, progress=progress)


@pytest.mark.parametrize("asked", [0, 2, 5])
@pytest.mark.parametrize(
    "learn",
    [
        lambda labelled, scheme, progress: RegistrationModel.of(
            labelled, scheme, progress=progress
        ),
        _either_way,
        lambda labelled, scheme, progress: PriorModel(tuple(labelled), scheme).load(progress),
    ],
)
def test_it_ends_while_images_are_learned_from_and_while_they_are_tried(
    learn: Callable[[list[LabelledInstance], Scheme, Progress], object], asked: int
) -> None:
    labelled = [instance(*bent(i), key=str(i)) for i in range(4)]
    with pytest.raises(Cancelled):
        learn(labelled, SCHEME, _StoppedAfter(asked))
