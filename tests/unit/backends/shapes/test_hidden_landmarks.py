"""What a model says of hidden landmarks stays with a proposal, whatever is made of it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.recalibration import Recalibration, recalibrated
from landmark_annotator.projects.vocabulary import Box, Evidence
from landmark_annotator.projects.vocabulary.errors import ActionableError

HIDDEN = np.array([0.1, 0.8, 0.4])
SHAPE = np.array([[-0.4, -0.3], [0.4, -0.2], [0.0, 0.4]])
PROPOSAL = Proposal(
    Box(50, 50, 60, 60),
    ShapeMixture(np.zeros(1), SHAPE[None], np.eye(6) * 0.01),
    "made up",
    hidden=HIDDEN,
)
CLICK = Evidence.click(1, np.array([70.0, 40.0]), 0.5)


@pytest.mark.parametrize(
    "made",
    [
        lambda: recalibrated(PROPOSAL, Recalibration(2.0, 5.0, np.full((3, 2), 0.1))),
        lambda: replace(PROPOSAL, turns=(0.0, 1.0)).settled([CLICK]),
    ],
    ids=["recalibrated", "turned"],
)
def test_it_is_kept(made: Callable[[], Proposal]) -> None:
    found = made()
    assert found is not PROPOSAL
    assert found.hidden is HIDDEN


def test_it_is_no_evidence_of_where_landmarks_are() -> None:
    silent = replace(PROPOSAL, hidden=None)
    told, untold = PROPOSAL.given([CLICK]), silent.given([CLICK])
    assert (told.points == untold.points).all()
    assert (told.covariances == untold.covariances).all()


@pytest.mark.parametrize(
    "given",
    [
        (1, 2),  # the numbers of the hidden ones, as up to the version before
        (),
        np.array([1, 2]),
        np.array([0, 1, 0]),
        np.array([True, False, True]),
        np.array([0.1, 0.2]),
        np.array([0.1, 1.2, 0.3]),
        np.array([0.1, np.nan, 0.3]),
        [0.1, 0.2, 0.3],
    ],
    ids=repr,
)
def test_a_model_that_gives_no_probability_for_each_is_told_what_to_give(given: object) -> None:
    with pytest.raises(ActionableError, match="The model made up") as refused:
        replace(PROPOSAL, hidden=given)
    assert "array of 3 numbers from 0 to 1" in refused.value.remedy
