"""The names beside the cursor hide neither what is aimed at nor the name of what is asked for."""

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from landmark_annotator.annotator.gui.canvas.layers.cursor_names import CursorName, names_plate

LINES = (CursorName("place right jaw 5", False), CursorName("keys: left jaw 2", True))
SIZE = (900.0, 700.0)


def plate(cursor: tuple[float, float], taken: QRectF, points: int = 11) -> QRectF:
    metrics = QFontMetricsF(QFont("sans", points))
    return names_plate(LINES, QPointF(*cursor), SIZE, metrics, 0.0, taken)


@pytest.mark.parametrize("points", [9, 16, 22])
@pytest.mark.parametrize("aside", [(10, 10), (10, -40), (-200, 10), (-200, -40)])
def test_the_asked_name_stays_to_be_read(qapp, aside, points):
    taken = QRectF(450 + aside[0], 350 + aside[1], 190, 30)
    found = plate((450, 350), taken, points)
    assert not found.intersects(taken)
    assert not found.contains(QPointF(450, 350))


@pytest.mark.parametrize("cursor", [(5, 5), (895, 5), (5, 695), (895, 695)])
def test_it_stays_within_the_view(qapp, cursor):
    assert QRectF(0, 0, *SIZE).contains(plate(cursor, QRectF()))


def test_where_nothing_is_in_its_way_it_is_below_to_the_right(qapp):
    assert plate((300, 300), QRectF()).topLeft() == QPointF(316, 316)
