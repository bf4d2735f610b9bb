"""What the window says of an object whose landmarks are not in the image, or hidden."""

import numpy as np
import pytest

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase, prompt_text
from landmark_annotator.annotator.session.labelling.view import as_stored
from landmark_annotator.projects.store import InstanceRecord, InstanceState
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility

PAIR = Scheme("pair", ("a", "b"))


def told(points: list[list[float]], state: InstanceState) -> str:
    shape = Shape(np.array(points))
    absent = frozenset(np.flatnonzero(~shape.known).tolist())
    record = InstanceRecord(1, 1, Box(5, 5, 8, 8), state)
    return prompt_text(Phase.READY, PAIR, as_stored(record, shape, absent, ()), None)


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (InstanceState.STARTED, "Enter to accept that"),
        (InstanceState.ACCEPTED, "Enter goes on; choose one in the list to change that"),
    ],
)
def test_where_there_is_no_point_none_is_said_to_be_placed_or_to_be_dragged(
    state: InstanceState, then: str
) -> None:
    nowhere = [[np.nan, np.nan]] * 2
    assert told(nowhere, state) == f"No landmark is in this image. {then}"


def test_where_one_is_in_the_image_that_one_can_be_changed() -> None:
    said = told([[1.0, 2.0], [np.nan, np.nan]], InstanceState.ACCEPTED)
    assert said == "Accepted. Enter goes on; drag or click a point to change it"


def test_what_is_hidden_makes_no_plan() -> None:
    """Nobody is asked for it, as for what is not in the image, where there is no plan too."""
    marks = (Provenance.CLICKED, None)
    shape = Shape(np.ones((2, 2)), [Visibility.VISIBLE, Visibility.OCCLUDED], marks)
    record = InstanceRecord(1, 1, Box(5, 5, 8, 8), InstanceState.STARTED)
    said = prompt_text(Phase.READY, PAIR, as_stored(record, shape, frozenset(), ()), None)
    assert said == "Every landmark is placed. Enter to accept"


@pytest.mark.parametrize(
    ("said", "then"),
    [
        (Provenance.CLICKED, ""),
        (None, ". The b is not in the image, as in a frame beside: choose it in the list if it is"),
    ],
)
def test_it_tells_what_enter_takes_from_the_frames_beside(
    said: Provenance | None, then: str
) -> None:
    points = np.array([[1.0, 2.0], [np.nan, np.nan]])
    shape = Shape(points, [Visibility.VISIBLE, Visibility.NOT_LABELLED], (Provenance.CLICKED, said))
    record = InstanceRecord(1, 1, Box(5, 5, 8, 8), InstanceState.STARTED)
    view = as_stored(record, shape, frozenset({1}), ())
    told = prompt_text(Phase.READY, PAIR, view, None)
    assert told == f"Every landmark is placed. Enter to accept{then}"
