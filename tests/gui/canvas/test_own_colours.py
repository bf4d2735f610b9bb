"""A landmark in a colour of its own: its shape still says who placed it and how it is seen."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport
from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks, paint
from landmark_annotator.annotator.gui.canvas.layers.signs import paint_sign
from landmark_annotator.annotator.gui.pages.label.panels.landmarks import LandmarkPanel
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Visibility

OWN = "#d55e00"
SCHEME = Scheme("pair", ("one", "two"), colours=((1, OWN),))


def drawn(provenance: Provenance | None, visibility: Visibility, own: str | None) -> QImage:
    picture = QImage(32, 32, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        paint_sign(painter, (16.0, 16.0), 8.0, provenance, visibility, own)
    return picture


@pytest.fixture
def canvas(qapp) -> QImage:
    """Two clicked landmarks, of which the second has a colour and is asked for."""
    picture = QImage(200, 100, QImage.Format.Format_RGB32)
    picture.fill(QColor(90, 90, 90))
    marks = Marks(
        SCHEME,
        np.array([[50.0, 50.0], [150.0, 50.0]]),
        np.full((2, 2, 2), np.nan),
        np.full(2, Visibility.VISIBLE, dtype=np.int8),
        (Provenance.CLICKED, Provenance.CLICKED),
        asked=1,
    )
    with QPainter(picture) as painter:
        paint(painter, marks, Viewport(), (200, 100), painter.font(), named=False)
    return picture


def test_the_canvas_draws_it_in_its_own_colour(canvas):
    assert canvas.pixelColor(150, 50).name() == OWN
    assert canvas.pixelColor(50, 50).name() != OWN


def test_the_ring_of_the_one_asked_for_is_seen_round_it(canvas):
    ring = canvas.pixelColor(161, 50)
    assert ring.red() > 200
    assert ring.green() > 200


@pytest.mark.parametrize("visibility", [Visibility.VISIBLE, Visibility.OCCLUDED])
def test_no_two_signs_of_one_colour_look_alike(qapp, visibility):
    marks = (
        None,
        Provenance.CLICKED,
        Provenance.CONFIRMED,
        Provenance.IMPORTED,
        Provenance.FILLED,
    )
    pictures = {mark: drawn(mark, visibility, OWN) for mark in marks}
    assert all(pictures[a] != pictures[b] for a, b in combinations(marks, 2))


def test_what_is_not_in_the_image_keeps_its_grey_cross(qapp):
    absent = Visibility.NOT_LABELLED
    assert drawn(None, absent, OWN) == drawn(None, absent, None)


def test_the_panel_shows_the_colour_beside_the_landmark(qtbot):
    panel = LandmarkPanel(SCHEME)
    qtbot.addWidget(panel)
    assert panel._rows[0].icon(1).isNull()
    picture = panel._rows[1].icon(1).pixmap(14, 14).toImage()
    assert picture.pixelColor(picture.rect().center()).name() == OWN
