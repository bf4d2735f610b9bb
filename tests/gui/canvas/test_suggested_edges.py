"""Lines that lead to what is probably hidden are dashed, all others are whole."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from landmark_annotator.annotator.gui.canvas.layers.edges import paint_edges

GREY = QColor(90, 90, 90)
POINTS = np.array([[10.0, 20.0], [110.0, 20.0], [110.0, 80.0], [10.0, 80.0]])
EDGES = ((0, 1), (2, 3))


@pytest.fixture
def picture(qapp) -> QImage:
    """Two lines across, one of whose ends is probably hidden."""
    image = QImage(120, 100, QImage.Format.Format_RGB32)
    image.fill(GREY)
    with QPainter(image) as painter:
        paint_edges(painter, POINTS, EDGES, frozenset({3}))
    return image


def _painted(picture: QImage, y: int) -> list[bool]:
    return [picture.pixelColor(x, y) != GREY for x in range(15, 105)]


def test_a_line_between_what_is_seen_is_whole(picture):
    assert all(_painted(picture, 20))


def test_a_line_to_what_is_probably_hidden_is_dashed(picture):
    there = _painted(picture, 80)
    assert 0.3 < np.mean(there) < 0.8
    assert 8 < np.abs(np.diff(np.array(there, dtype=int))).sum() < 30
