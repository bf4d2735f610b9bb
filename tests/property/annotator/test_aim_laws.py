"""What is said at the cursor before a press is what the press does, and the asked one is meant."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt

from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport
from landmark_annotator.annotator.gui.canvas.layers.cursor_names import cursor_names
from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.gui.canvas.layers.picking import aim_at
from landmark_annotator.annotator.gui.canvas.scene import Scene
from landmark_annotator.annotator.gui.canvas.tools.gestures import Gestures
from landmark_annotator.annotator.gui.style.canvas_colours import FAR_DRAG_THRESHOLD, HIT_RADIUS
from landmark_annotator.projects.vocabulary import Provenance, Scheme

COUNT = 5
SCHEME = Scheme("five", tuple(f"p{number}" for number in range(COUNT)))
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier

# Crowded on purpose: points and presses meet often, and fall on one another.
places = st.integers(0, 12).map(lambda step: 5.0 * step)
points = st.lists(
    st.one_of(st.none(), st.tuples(places, places)), min_size=COUNT, max_size=COUNT
).map(lambda drawn: np.array([(np.nan, np.nan) if p is None else p for p in drawn]))
provenances = st.lists(
    st.sampled_from([None, None, Provenance.CLICKED, Provenance.IMPORTED]),
    min_size=COUNT,
    max_size=COUNT,
)


@st.composite
def scenes(draw) -> tuple[Scene, Marks]:
    spread = draw(st.sampled_from([np.nan, 0.5, 6.0, 40.0]))
    marks = Marks(
        SCHEME,
        draw(points),
        np.tile(np.eye(2) * spread**2, (COUNT, 1, 1)),
        np.full(COUNT, 2, dtype=np.int8),
        tuple(draw(provenances)),
        asked=draw(st.sampled_from([None, 0, 1, 2, 3, 4])),
        absent=draw(st.frozensets(st.integers(0, COUNT - 1), max_size=1)),
        offered=draw(st.booleans()),
        to_look_at=draw(st.sampled_from([False, False, False, True])),
    )
    scene = Scene(lambda: (100, 100))
    scene.show_image((100, 100))
    scene.show_marks(marks)
    known = np.flatnonzero(np.isfinite(marks.points[:, 0])).tolist()
    scene.select(draw(st.sets(st.sampled_from(known), max_size=2)) if known else ())
    scene.hide_marks(draw(st.sampled_from([False, False, False, True])))
    scene.follow(Viewport(1.0, 3.0, 2.0))
    return scene, marks


presses = st.tuples(places, places).map(lambda place: QPointF(place[0] + 4.0, place[1] + 2.0))


def told(gestures: Gestures) -> list[tuple[str, object]]:
    """What hands have said, as it comes."""
    heard: list[tuple[str, object]] = []
    gestures.dropped.connect(lambda landmark, x, y: heard.append(("placed", landmark)))
    gestures.picked.connect(lambda landmark: heard.append(("asked for", landmark)))
    gestures.put_down.connect(lambda moves: heard.append(("moved", frozenset(moves))))
    return heard


@given(scenes(), presses)
def test_a_click_does_what_the_cursor_says_before_it(drawn, position) -> None:
    scene, _ = drawn
    gestures = Gestures(scene)
    heard = told(gestures)
    scene.see_cursor(position)
    gestures.move(position, PLAIN)
    said = scene.aim
    gestures.press(position, LEFT, PLAIN)
    gestures.release(position, LEFT)
    if said is None:
        assert heard == []
    else:
        assert heard == [("placed" if said.places else "asked for", said.clicked)]


@given(scenes(), presses)
def test_a_drag_moves_the_point_that_the_cursor_names(drawn, position) -> None:
    scene, _ = drawn
    gestures = Gestures(scene)
    heard = told(gestures)
    scene.see_cursor(position)
    said, selected = scene.aim, scene.selected
    away = position + QPointF(2 * FAR_DRAG_THRESHOLD, 0)
    gestures.press(position, LEFT, PLAIN)
    gestures.move(away, PLAIN)
    gestures.release(away, LEFT)
    if said is None:
        assert heard == []
    elif said.under in selected and len(selected) > 1:
        assert heard == [("moved", selected)]
    else:
        assert heard == [("placed", said.clicked if said.under is None else said.under)]


@given(scenes(), presses)
def test_the_names_at_the_cursor_are_those_of_the_aim(drawn, position) -> None:
    scene, _ = drawn
    scene.see_cursor(position)
    said = scene.aim
    lines = cursor_names(said, scene.marks, resting=False)
    if said is None:
        assert lines == ()
    else:
        assert lines[0].text.split()[-1] == SCHEME.landmarks[said.clicked]
        assert lines[0].asked == (said.places and said.clicked == scene.marks.asked)
        if scene.under_hand not in (None, said.clicked):
            assert lines[1].text == f"drag, keys: {SCHEME.landmarks[scene.under_hand]}"


@given(scenes(), presses, st.integers(0, COUNT - 1))
def test_on_another_point_at_the_place_of_the_asked_one_the_asked_one_is_meant(
    drawn, position, asked
) -> None:
    scene, marks = drawn
    other = (asked + 1) % COUNT
    place = scene.viewport.to_image(np.array(position.toTuple()))
    both = marks.points.copy()
    both[[asked, other]] = place
    scene.show_marks(replace(marks, points=both, asked=asked, to_look_at=False, absent=frozenset()))
    said = scene.aim_at(position)
    assert (said.clicked, said.places) == (asked, True)


@given(scenes(), presses)
def test_a_click_for_another_than_the_asked_one_is_on_its_point_or_beside_an_offer(
    drawn, position
) -> None:
    scene, marks = drawn
    said = scene.aim_at(position)
    if said is not None and said.clicked != marks.asked:
        point = scene.viewport.to_screen(marks.points[said.clicked])
        near = np.hypot(*(point - np.array(position.toTuple()))) <= HIT_RADIUS
        assert near or (marks.offered and marks.open[said.clicked])
        assert near == (not said.places)


@given(scenes(), presses)
def test_with_shift_every_click_is_for_the_asked_one(drawn, position) -> None:
    scene, marks = drawn
    said = scene.aim_at(position, anywhere=True)
    if marks.asked is None or marks.to_look_at:
        assert said is None
    else:
        assert (said.clicked, said.places, said.under) == (marks.asked, True, None)


def two(away: float, deviation: float) -> Marks:
    """p0 is asked for and may be so far from p1, which a person placed at the middle."""
    nowhere = [(np.nan, np.nan)] * (COUNT - 2)
    return Marks(
        SCHEME,
        np.array([(50.0 + away, 50.0), (50.0, 50.0), *nowhere]),
        np.tile(np.eye(2) * deviation**2, (COUNT, 1, 1)),
        np.full(COUNT, 2, dtype=np.int8),
        (None, Provenance.CLICKED, None, None, None),
        asked=0,
        offered=True,
    )


@pytest.mark.parametrize(
    ("away", "deviation", "off", "meant"),
    [
        (16.0, 6.0, 0.0, (0, True, 1)),  # closed lips: on the sign of the other
        (16.0, 6.0, -6.0, (0, True, None)),  # beside that sign
        (16.0, 0.5, 0.0, (1, False, 1)),  # it is surely not there
        (90.0, 40.0, 0.0, (1, False, 1)),  # it may be anywhere, but a sign was hit
        (90.0, 40.0, 6.0, (0, True, None)),
    ],
)
def test_which_of_two_landmarks_is_meant(away, deviation, off, meant) -> None:
    said = aim_at(two(away, deviation), Viewport(), QPointF(50.0 - off, 50.0))
    assert (said.clicked, said.places, said.under) == meant
