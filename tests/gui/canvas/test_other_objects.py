"""What is drawn of an object that is not open."""

import numpy as np
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport
from landmark_annotator.annotator.gui.canvas.layers.landmarks import OtherObject, paint_other
from landmark_annotator.projects.vocabulary import Curve, Scheme

PLACES = np.array([[20.0, 30.0], [60.0, 30.0], [60.0, 70.0]])


def lit(scheme: Scheme, place: tuple[int, int]) -> bool:
    """Whether anything is painted at this pixel."""
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    with QPainter(image) as painter:
        other = OtherObject(1, 2, PLACES, None)
        paint_other(painter, scheme, other, Viewport(), QFont())
    return QColor(image.pixel(*place)).lightness() > 40


def test_landmarks_without_a_line_are_dots(qapp) -> None:
    assert lit(Scheme("three", ("a", "b", "c")), (60, 70))


def test_lines_are_drawn_and_dots_where_none_leads(qapp) -> None:
    scheme = Scheme("three", ("a", "b", "c"), edges=((0, 1),))
    assert lit(scheme, (40, 30))
    assert lit(scheme, (60, 70))


def test_contours_are_lines_as_well_where_no_edge_says_so(qapp) -> None:
    scheme = Scheme("three", ("a", "b", "c"), curves=(Curve("bow", (0, 1, 2)),))
    assert lit(scheme, (40, 30))
    assert lit(scheme, (60, 50))
    assert not lit(scheme, (40, 50)), "it is not closed"
