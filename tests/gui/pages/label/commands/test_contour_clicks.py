"""On a contour a click says where it passes; with Shift it puts the landmark itself."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.projects.vocabulary import Curve, Provenance
from tests.gui.conftest import KITE

RIGHT = 1
CURVED = replace(KITE, curves=(Curve("side", (0, RIGHT, 2)),))


@pytest.fixture
def hands(make_project, open_window):
    hands = open_window(make_project(scheme=CURVED))
    hands.wait_for()
    return hands


def test_a_drag_takes_the_contour_along_and_what_is_held_is_what_is_stored(hands):
    x, y = hands.points[RIGHT]
    hands.press(x, y)
    hands.move(x + 9, y + 6)
    held = hands.points.copy()
    hands.release(x + 9, y + 6)
    assert np.allclose(hands.points, held)
    assert hands.window.controller.view.shape.provenance[RIGHT] is Provenance.TRACED
    assert hands.entries[0].title == "contour at right"
    assert hands.window.status.stored.text() == "Stored: contour at right"
    # The side stands upright there, so its landmark goes aside and hardly down.
    missed = hands.points[RIGHT] - (x + 9, y + 6)
    assert abs(missed[0]) < 2.0
    assert missed[1] < -2.0


def test_moved_once_more_it_is_put_where_it_is_dropped(hands):
    x, y = hands.points[RIGHT]
    hands.drag((x, y), (x + 9, y + 6))
    x, y = hands.points[RIGHT]
    hands.press(x, y)
    hands.move(x + 1, y + 12)
    assert hands.canvas.cursor_names == ()
    hands.release(x + 1, y + 12)
    assert hands.window.controller.view.shape.provenance[RIGHT] is Provenance.CLICKED
    assert hands.points[RIGHT] == pytest.approx((x + 1, y + 12), abs=0.6)


def test_while_it_is_held_the_cursor_says_that_the_contour_is_meant(hands):
    x, y = hands.points[RIGHT]
    hands.press(x, y)
    hands.move(x + 9, y + 6)
    assert [name.text for name in hands.canvas.cursor_names] == [
        "contour of right; with Shift its very place"
    ]
    hands.release(x + 9, y + 6)
    assert "contour of right; with Shift its very place" not in [
        name.text for name in hands.canvas.cursor_names
    ]


def test_of_one_on_no_contour_nothing_is_said_while_it_is_held(hands):
    x, y = hands.points[0]
    hands.press(x, y)
    hands.move(x + 9, y + 6)
    assert hands.canvas.cursor_names == ()
    hands.release(x + 9, y + 6)


def test_shift_puts_the_landmark_itself(hands):
    hands.window.controller.choose(RIGHT)
    x, y = hands.points[RIGHT]
    place = hands.click(x + 9, y + 6, Qt.KeyboardModifier.ShiftModifier)
    assert hands.window.controller.view.shape.provenance[RIGHT] is Provenance.CLICKED
    assert hands.points[RIGHT] == pytest.approx(place)


def test_an_end_of_the_contour_is_put_where_it_is_dropped(hands):
    x, y = hands.points[0]
    hands.drag((x, y), (x + 7, y + 5))
    assert hands.window.controller.view.shape.provenance[0] is Provenance.CLICKED
