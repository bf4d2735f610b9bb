"""Sizes and colours of what is painted over the photograph: shown at once, and remembered."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from landmark_annotator.annotator.gui.services.application import dress
from landmark_annotator.annotator.gui.services.preferences import (
    LARGEST_MARK,
    PALETTES,
    Preferences,
)
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.annotator.gui.window.preferences_dialog import PreferencesDialog


@pytest.fixture(autouse=True)
def usual_look():
    yield
    canvas_colours.use(canvas_colours.CanvasLook())


@pytest.fixture
def opened(make_project, open_window, tmp_path):
    """A window whose preferences are open, with the file that they are kept in."""
    hands = open_window(make_project(), preferences=Preferences(path=tmp_path / "p.json"))
    hands.wait_for()
    hands.window.actions_by_name["preferences"].trigger()
    [dialog] = hands.window.findChildren(PreferencesDialog)
    dialog.tabs.setCurrentWidget(dialog.marks)
    return hands, dialog.marks, tmp_path / "p.json"


@pytest.mark.parametrize("name", ["point_size", "line_width", "ellipse_strength"])
def test_a_slider_changes_the_canvas_at_once_and_is_remembered(opened, name):
    hands, marks, path = opened
    before = hands.canvas.grab().toImage()
    QTest.keyClick(marks.sizes[name].slider, Qt.Key.Key_End)
    assert hands.canvas.grab().toImage() != before
    assert getattr(Preferences.load(path), name) == LARGEST_MARK


def test_a_palette_changes_canvas_and_list_at_once_and_is_remembered(opened):
    hands, marks, path = opened
    row = hands.window.landmarks._rows[0]
    canvas, icon = hands.canvas.grab().toImage(), row.icon(0).pixmap(16, 16).toImage()
    QTest.keyClick(marks.palette_choice, Qt.Key.Key_Down)
    assert hands.canvas.grab().toImage() != canvas
    assert row.icon(0).pixmap(16, 16).toImage() != icon
    assert Preferences.load(path).palette == PALETTES[1]


def test_as_at_first_takes_everything_back(opened):
    hands, marks, _ = opened
    before = hands.canvas.grab().toImage()
    for slider in marks.sizes.values():
        QTest.keyClick(slider.slider, Qt.Key.Key_Home)
    QTest.keyClick(marks.palette_choice, Qt.Key.Key_End)
    assert hands.canvas.grab().toImage() != before
    usual = marks.findChild(QPushButton)
    QTest.mouseClick(usual, Qt.MouseButton.LeftButton)
    assert hands.canvas.grab().toImage() == before


def test_the_next_start_looks_as_it_was_left(tmp_path, qapp):
    Preferences(path=tmp_path / "p.json").change(palette="vivid", point_size=200)
    dress(qapp, Preferences.load(tmp_path / "p.json"))
    assert QColor(canvas_colours.PALETTES["vivid"]["INFERRED"]) == canvas_colours.INFERRED
    assert canvas_colours.POINT_RADIUS == 2 * canvas_colours.USUAL_RADIUS


def test_a_file_that_asks_for_nonsense_has_what_makes_sense(tmp_path):
    path = tmp_path / "p.json"
    path.write_text('{"palette": "rainbow", "line_width": 100000}')
    found = Preferences.load(path)
    assert (found.palette, found.line_width) == ("usual", LARGEST_MARK)


def test_every_palette_that_can_be_chosen_is_there_and_complete():
    assert set(PALETTES) == set(canvas_colours.PALETTES)
    names = {frozenset(colours) for colours in canvas_colours.PALETTES.values()}
    assert len(names) == 1


def test_the_palette_for_those_who_see_no_colours_differs_in_lightness():
    kinds = ("INFERRED", "PLACED", "IMPORTED", "FILLED")
    palette = canvas_colours.PALETTES["lightness"]
    greys = sorted(
        0.2126 * c.redF() + 0.7152 * c.greenF() + 0.0722 * c.blueF()
        for c in (QColor(palette[kind]) for kind in kinds)
    )
    assert min(b - a for a, b in pairwise(greys)) > 0.07
