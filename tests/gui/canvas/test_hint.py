"""The line at the top of a view says all that it has to say, however narrow the view is."""

import pytest
from PySide6.QtGui import QFont

from landmark_annotator.annotator.gui.canvas.layers.landmarks import hint_plate

TEXT = "Drag a box around the object, or click its left eye corner and its right eye corner"


@pytest.mark.parametrize("points", [9, 14, 20])
def test_it_stays_within_the_view(qapp, points):
    for width in (300.0, 600.0, 1500.0):
        plate = hint_plate(TEXT, width, QFont("sans", points))
        assert plate.left() >= 0
        assert plate.right() <= width


def test_it_takes_more_lines_where_there_is_less_room(qapp):
    wide, narrow = (hint_plate(TEXT, width, QFont("sans", 12)) for width in (1500.0, 300.0))
    assert narrow.height() > 1.8 * wide.height()
