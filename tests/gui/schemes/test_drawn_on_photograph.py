"""The picture that a scheme is drawn on: which photograph it is, and how near it is seen."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from landmark_annotator.annotator.gui.canvas.layers.backdrop import Pyramid
from tests.gui.schemes.conftest import LEFT, NONE, click


def test_a_photograph_is_drawn_on(drawing, qtbot, tmp_path):
    path = tmp_path / "leaf.png"
    Image.fromarray(np.full((60, 80, 3), 90, np.uint8)).save(path)
    drawing.read_photograph(path)
    qtbot.waitUntil(lambda: drawing.draft.now.ground is not None)
    middle = drawing.editor.picture.rect().center()
    click(drawing, middle)
    assert drawing.draft.now.points[0] == pytest.approx([39.5, 29.5], abs=1)


def test_the_picture_that_is_drawn_on_is_named_also_after_nobody_chose_another(
    drawing, qtbot, tmp_path, monkeypatch
):
    path = tmp_path / "leaf.png"
    Image.fromarray(np.full((60, 80, 3), 90, np.uint8)).save(path)
    assert drawing.ground.currentText() == "None"
    drawing.read_photograph(path)
    qtbot.waitUntil(lambda: drawing.draft.now.ground is not None)
    assert drawing.ground.currentText() == "leaf.png"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    drawing.ground.setFocus()
    QTest.keyClick(drawing.ground, Qt.Key.Key_Up)
    assert drawing.ground.currentText() == "leaf.png"
    QTest.keyClick(drawing.ground, Qt.Key.Key_Home)
    assert drawing.ground.currentText() == "None"
    assert drawing.draft.now.ground is None


def test_a_click_beside_the_photograph_places_nothing(drawing, qtbot, tmp_path):
    path = tmp_path / "leaf.png"
    Image.fromarray(np.full((20, 80, 3), 90, np.uint8)).save(path)
    drawing.read_photograph(path)
    qtbot.waitUntil(lambda: drawing.draft.now.ground is not None)
    click(drawing, QPoint(drawing.editor.picture.width() // 2, 4))
    assert drawing.draft.next_landmark == 0


def photograph(dialog, points: np.ndarray) -> None:
    """With the object on it."""
    dialog.draft.begin_on(Pyramid(np.full((600, 800, 3), 90, np.uint8)), points)


def test_a_small_object_on_a_photograph_fills_the_picture(dialog):
    corners = np.array([[0, 0], [20, 0], [0, 20], [20, 20], [10, 5], [10, 15]], float)
    photograph(dialog, 300 + corners)
    picture = dialog.editor.picture
    shown = picture.viewport.to_screen(300 + corners)
    assert np.ptp(shown[:, 1]) > picture.height() / 2
    # Between neighbours there is room for one more.
    click(dialog, QPoint(*(round(v) for v in picture.viewport.to_screen([310.0, 10.0 + 300]))))
    assert len(dialog.draft.scheme) == 7


def test_the_wheel_zooms_where_the_cursor_is_and_a_drag_beside_the_points_moves_it(dialog):
    picture = dialog.editor.picture
    photograph(dialog, np.full((6, 2), np.nan))
    before, place = picture.viewport, QPointF(picture.rect().center())
    there = before.to_image([place.x(), place.y()])
    turn(picture, place, 5)
    assert picture.viewport.scale > 2 * before.scale
    assert np.allclose(picture.viewport.to_image([place.x(), place.y()]), there)
    start = place.toPoint()
    QTest.mousePress(picture, LEFT, NONE, start)
    for step in (10, 20, 30):
        QTest.mouseMove(picture, start + QPoint(step, 0))
    QTest.mouseRelease(picture, LEFT, NONE, start + QPoint(30, 0))
    moved = picture.viewport.to_screen(there)[0] - place.x()
    assert 20 <= moved <= 30
    assert not np.isfinite(dialog.draft.now.points).any()
    turn(picture, place, -50)
    assert picture.viewport.scale == pytest.approx(before.scale)


def turn(picture, place: QPointF, notches: int) -> None:
    event = QWheelEvent(
        place,
        QPointF(picture.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(picture, event)


def test_the_name_of_the_picture_is_seen_whole(dialog):
    assert dialog.ground.currentText() == "Mean of the labelled shapes"
    assert dialog.ground.width() >= dialog.ground.sizeHint().width()
    words = dialog.ground.fontMetrics().horizontalAdvance(dialog.ground.currentText())
    assert dialog.ground.width() > words


def test_a_name_that_is_being_typed_stays_when_the_photograph_comes(drawing, qtbot, tmp_path):
    """A large one takes seconds; what had been typed was gone, and the rest of it went nowhere."""
    path = tmp_path / "leaf.png"
    Image.fromarray(np.full((60, 80, 3), 90, np.uint8)).save(path)
    drawing.name.setFocus()
    drawing.name.selectAll()
    QTest.keyClicks(drawing.name, "oak")
    drawing.read_photograph(path)
    qtbot.waitUntil(lambda: drawing.draft.now.ground is not None)
    QTest.keyClicks(drawing.focusWidget(), " leaf")
    QTest.keyClick(drawing.name, Qt.Key.Key_Tab)
    assert drawing.scheme.name == "oak leaf"


def test_a_landmark_that_undo_takes_away_under_the_hand_is_held_no_more(drawing):
    picture = drawing.editor.picture
    for place in (QPoint(60, 60), QPoint(160, 90)):
        click(drawing, place)
    QTest.mousePress(picture, LEFT, NONE, QPoint(160, 90))
    QTest.mouseMove(picture, QPoint(200, 120))
    drawing.draft.undo()
    picture.repaint()
    QTest.mouseRelease(picture, LEFT, NONE, QPoint(200, 120))
    assert len(drawing.scheme) == 1


def test_a_name_that_is_being_typed_in_the_table_stays_when_the_photograph_comes(
    drawing, qtbot, tmp_path
):
    path = tmp_path / "leaf.png"
    Image.fromarray(np.full((60, 80, 3), 90, np.uint8)).save(path)
    table = drawing.editor.table
    table.edit_name(0)
    editor = table.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "st")
    drawing.read_photograph(path)
    qtbot.waitUntil(lambda: drawing.draft.now.ground is not None)
    QTest.keyClicks(editor, "em")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: drawing.scheme.landmarks[0] != "landmark 1")
    assert drawing.scheme.landmarks[0] == "stem"


def test_the_curves_of_what_is_drawn_are_counted(drawing):
    for _ in range(2):
        drawing.draft.add()
    drawing.draft.switch_curve((0, 1, 2))
    assert ", 1 curve," in drawing.said.text()
