"""What the window says of an object whose landmarks are not in the image, or hidden."""

from dataclasses import replace

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


TRIO = Scheme("trio", ("a", "b", "c"))


def taken(
    *visibility: int,
    marks: tuple[Provenance | None, ...],
    carried: set[int],
    asked: int | None = None,
) -> str:
    """What is said of a shape that could be accepted, after what Enter does."""
    points = np.where(np.array(visibility)[:, None] > 0, 1.0, np.nan) * np.ones((1, 2))
    absent = frozenset(np.flatnonzero(~np.isfinite(points[:, 0])).tolist())
    record = InstanceRecord(1, 1, Box(5, 5, 8, 8), InstanceState.STARTED)
    view = as_stored(record, Shape(points, visibility, marks), absent, ())
    view = replace(view, carried=frozenset(carried))
    start = "Every landmark is placed. Enter to accept"
    if asked is not None:
        start = f"Click the {TRIO.landmarks[asked]}, or Enter to accept"
    told = prompt_text(Phase.READY, TRIO, view, asked)
    assert told.startswith(start)
    return told.removeprefix(start)


CLICKED = Provenance.CLICKED


@pytest.mark.parametrize(
    ("visibility", "marks", "carried", "then"),
    [
        ((2, 0, 1), (CLICKED, CLICKED, None), set(), ""),
        (
            (2, 0, 2),
            (CLICKED, None, CLICKED),
            {1},
            ". As in a frame beside, the b is not in the image: choose it in the list if not",
        ),
        (
            (2, 1, 1),
            (CLICKED, None, None),
            {1, 2},
            ". As in a frame beside, 2 are hidden: choose one in the list if not",
        ),
        (
            (1, 0, 2),
            (None, None, CLICKED),
            {0, 1},
            ". As in a frame beside, the b is not in the image and the a is hidden: "
            "choose one in the list if not",
        ),
    ],
)
def test_it_tells_what_enter_takes_from_the_frames_beside(
    visibility: tuple[int, ...],
    marks: tuple[Provenance | None, ...],
    carried: set[int],
    then: str,
) -> None:
    assert taken(*visibility, marks=marks, carried=carried) == then


def test_it_tells_what_a_file_left_out() -> None:
    """The model's place for it would be accepted with the rest."""
    of_file = Provenance.IMPORTED
    one = taken(2, 2, 2, marks=(of_file, None, of_file), carried=set(), asked=1)
    assert one == ". The file left out the b: X if it is not in the image"
    two = taken(2, 2, 2, marks=(of_file, None, None), carried=set(), asked=1)
    assert two == (". The file left out 2: X at those that are not in the image, Ctrl+X if none is")
    assert taken(2, 0, 2, marks=(of_file, of_file, of_file), carried=set()) == ""
