"""Contours of a first image follow what was placed on them, through the session and the store."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Curve, Provenance, Scheme, Visibility

SCHEME = Scheme(
    "leaf",
    ("stalk", "a", "b", "c", "d", "e", "f"),
    curves=(Curve("edge", (1, 2, 3, 4, 5, 6)),),
)
STALK, FIRST, MIDDLE, LAST = 0, 1, 4, 6
PLACES = {0: (50.0, 90.0), 1: (10.0, 50.0), 4: (60.0, 20.0), 6: (90.0, 50.0)}


@pytest.fixture
def session(tmp_path: Path):  # type: ignore[no-untyped-def]
    path = tmp_path / "leaf.png"
    Image.fromarray(np.full((100, 100, 3), 90, dtype=np.uint8)).save(path)
    with Project.create(tmp_path / "leaves", SCHEME) as project:
        image = project.add_image(path, examine(path))
        instance = project.add_instance(image.id, Box(50, 50, 100, 100), who="anna")
        session = LabellingSession(project, who="anna")
        session.open(instance.id, by_hand=True)
        yield session


def place(session: LabellingSession, *landmarks: int) -> None:
    for landmark in landmarks:
        session.click(landmark, PLACES[landmark])


def test_what_no_contour_can_say_is_asked_for_first_and_then_the_least_sure(
    session: LabellingSession,
) -> None:
    asked = []
    for landmark in (STALK, FIRST, MIDDLE, LAST):
        asked.append(session.view.query)
        assert not session.view.complete
        place(session, landmark)
    assert asked == [STALK, FIRST, MIDDLE, LAST]
    assert session.view.complete
    assert session.view.query in (2, 3)


def test_a_click_inside_moves_the_others_of_its_contour(session: LabellingSession) -> None:
    place(session, STALK, FIRST, LAST)
    before = session.view.shape
    place(session, 4)
    now = session.view.shape
    assert now.provenance[4] is Provenance.CLICKED
    assert (now.points[[2, 3, 5], 1] < before.points[[2, 3, 5], 1] - 5).all()
    np.testing.assert_array_equal(now.points[[0, 1, 6]], before.points[[0, 1, 6]])
    spread = [np.trace(each.covariances[3]) for each in (before, now)]
    assert spread[1] < spread[0]


def test_the_order_of_clicks_does_not_matter(session: LabellingSession) -> None:
    found = []
    for order in permutations(PLACES):
        place(session, *order)
        found.append(session.view.shape.points)
        session.start_again()
    for points in found[1:]:
        np.testing.assert_array_equal(points, found[0])


def test_undo_takes_the_contour_back_and_redo_brings_it_again(session: LabellingSession) -> None:
    place(session, STALK, FIRST)
    before = session.view.shape.points
    place(session, LAST)
    after = session.view.shape.points
    session.undo()
    np.testing.assert_array_equal(session.view.shape.points, before)
    session.redo()
    np.testing.assert_array_equal(session.view.shape.points, after)


def test_what_is_foreseen_is_what_is_seen(session: LabellingSession) -> None:
    place(session, STALK, FIRST, LAST)
    foreseen = session.foresee({4: PLACES[4]}).shape.points
    place(session, 4)
    np.testing.assert_array_equal(foreseen, session.view.shape.points)


def test_what_is_not_in_the_image_has_no_position_and_is_not_asked_for(
    session: LabellingSession,
) -> None:
    session.set_visibility(3, Visibility.NOT_LABELLED)
    session.set_visibility(FIRST, Visibility.NOT_LABELLED)
    place(session, STALK, LAST)
    assert not session.view.complete
    assert session.view.query == 2  # the outermost that is there
    session.click(2, (20.0, 40.0))
    assert session.view.complete
    known = session.view.shape.known
    assert known.tolist() == [True, False, True, False, True, True, True]


def test_an_accepted_shape_says_what_was_placed_and_what_followed(
    session: LabellingSession,
) -> None:
    place(session, *PLACES)
    seen = session.view.shape
    session.accept()
    stored = session.project.shape(session.view.instance.id)
    np.testing.assert_allclose(stored.points, seen.points)
    clicked = {j for j, mark in enumerate(stored.provenance) if mark is Provenance.CLICKED}
    assert clicked == set(PLACES)
    assert all(stored.provenance[j] is Provenance.INFERRED for j in (2, 3, 5))
    assert np.isfinite(stored.covariances[[2, 3, 5]]).all()


def test_while_something_may_still_be_proposed_only_what_was_placed_is_shown(
    session: LabellingSession,
) -> None:
    place(session, *PLACES)
    view = session.open(session.view.instance.id)
    assert set(np.flatnonzero(view.shape.known).tolist()) == set(PLACES)
    assert view.query == 2
