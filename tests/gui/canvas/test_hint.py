"""The line at the top of a view says all that it has to say, however narrow the view is."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from landmark_annotator.annotator.gui.canvas.layers.landmarks import hint_plate

NOTHING, PICTURE = QRectF(), QRectF(12, 12, 68, 68)
TEXT = "Drag a box around the object, or click its left eye corner and its right eye corner"


@pytest.mark.parametrize("points", [9, 14, 20])
def test_it_stays_within_the_view(qapp, points):
    for width in (300.0, 600.0, 1500.0):
        plate = hint_plate(TEXT, width, QFont("sans", points), NOTHING)
        assert plate.left() >= 0
        assert plate.right() <= width


def test_it_takes_more_lines_where_there_is_less_room(qapp):
    wide, narrow = (
        hint_plate(TEXT, width, QFont("sans", 12), NOTHING) for width in (1500.0, 300.0)
    )
    assert narrow.height() > 1.8 * wide.height()


@pytest.mark.parametrize("points", [9, 14, 20])
@pytest.mark.parametrize("width", [300.0, 440.0, 1500.0])
def test_it_leaves_the_picture_in_the_corner_free(qapp, points, width):
    plate = hint_plate(TEXT, width, QFont("sans", points), PICTURE)
    assert not plate.intersects(PICTURE)
    assert plate.right() <= width


def test_it_stands_in_the_middle_where_there_is_room(qapp):
    assert hint_plate("Drag", 600.0, QFont("sans", 12), PICTURE).center().x() == 300.0
