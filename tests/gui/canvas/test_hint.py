"""The line at the top of a view says all that it has to say, however narrow the view is."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QImage, QPainter

from landmark_annotator.annotator.gui.canvas.layers.backdrop import pixels_of
from landmark_annotator.annotator.gui.canvas.layers.landmarks import hint_plate, paint_hint

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


def test_its_letters_keep_off_the_frame(qapp):
    """Where they had room beside them, a line took one word more than was measured."""
    font = QFont("sans", 12, QFont.Weight.Bold)
    for width in range(300, 800, 20):
        image = QImage(width, 200, QImage.Format.Format_RGB32)
        image.fill(0)
        with QPainter(image) as painter:
            paint_hint(painter, TEXT, width, font)
        plate = hint_plate(TEXT, width, font, NOTHING).toAlignedRect()
        inside = pixels_of(image)[plate.top() + 8 : plate.bottom() - 8].astype(int)
        for first in (plate.left() + 3, plate.right() - 7):
            beside = inside[:, first : first + 5]
            assert np.ptp(beside.reshape(-1, 3), axis=0).max() == 0, width
