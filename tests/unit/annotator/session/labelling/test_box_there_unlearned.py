"""The box of an accepted object of which some landmarks were never learned."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.labelling.box_there import box_there
from landmark_annotator.annotator.session.labelling.view import as_stored
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.some_landmarks import among_all
from landmark_annotator.projects.store import InstanceRecord, InstanceState
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

_BOX = Box(50, 50, 100, 100)
_MEAN = np.array([[-0.3, -0.3], [0.3, -0.3], [0.0, 0.3], [0.4, 0.4]])


def test_landmarks_that_nothing_was_learned_of_do_not_say_how_large_it_is() -> None:
    mixture = ShapeMixture(np.zeros(1), _MEAN[None, :2], np.eye(4) * 1e-3)
    proposal = among_all(Proposal(_BOX, mixture, "test"), np.array([0, 1]), len(_MEAN))
    record = InstanceRecord(1, 1, _BOX, InstanceState.UNTOUCHED)
    away = Shape(_BOX.to_image(_MEAN) + np.array([300, 0]))

    there = box_there(
        as_stored(record, away, frozenset(), ()), proposal, Scheme("four", tuple("abcd"))
    )

    assert there is not None
    assert there.side == pytest.approx(_BOX.side)
    assert there.centre.tolist() == pytest.approx([355.0, 55.0])
