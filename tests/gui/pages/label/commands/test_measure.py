"""Measuring in a photograph, and saying by a scale bar what a pixel measures."""

import math

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from landmark_annotator.annotator.gui.pages.label.panels.length_sheet import LengthSheet
from landmark_annotator.projects.store import Role

CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch) -> None:
    monkeypatch.setattr(LengthSheet, "_last", (10.0, "mm", 0))


@pytest.fixture
def ruler(hands):
    hands.key(Qt.Key.Key_M, CONTROL)
    ruler = hands.window.label_page.viewing.measuring.ruler
    assert ruler.isVisible()
    return ruler


def lay(hands, ruler, start, end) -> LengthSheet:
    """Drags it from one image pixel to another."""
    QTest.mousePress(ruler, LEFT, NONE, hands.at(*start))
    QTest.mouseMove(ruler, hands.at(*end))
    QTest.mouseRelease(ruler, LEFT, NONE, hands.at(*end))
    [sheet] = hands.window.findChildren(LengthSheet)
    return sheet


def image_of(hands) -> int:
    return hands.window.controller.record.image_id


def sizes(hands):
    return hands.window.project.pixel_sizes()


def test_a_line_along_a_scale_bar_says_what_a_pixel_of_this_image_measures(hands, ruler):
    sheet = lay(hands, ruler, (20, 30), (220, 30))
    sheet.number.setValue(5)
    sheet.unit.setCurrentText("cm")
    sheet.accept()
    assert sizes(hands).of(image_of(hands)) == pytest.approx(50 / 200, rel=0.01)
    assert sizes(hands).usual is None
    assert "A pixel of this image measures 0.2" in hands.window.messages.banner.text.text()
    assert not ruler.isVisible()


def test_it_may_be_said_of_all_images_and_of_this_one_in_place_of_its_own(hands, ruler):
    project = hands.window.project
    project.set_pixel_size(3.0, images=[image_of(hands)], who="x")
    sheet = lay(hands, ruler, (20, 30), (220, 30))
    sheet.of.setCurrentIndex(1)
    sheet.accept()
    assert {sizes(hands).of(image.id) for image in project.images()} == {sizes(hands).usual}
    assert sizes(hands).usual == pytest.approx(10 / 200, rel=0.01)


def test_two_clicks_do_as_well_as_a_drag(hands, ruler):
    QTest.mouseClick(ruler, LEFT, NONE, hands.at(20, 30))
    assert hands.window.findChildren(LengthSheet) == []
    QTest.mouseMove(ruler, hands.at(120, 30))
    QTest.mouseClick(ruler, LEFT, NONE, hands.at(120, 30))
    assert len(hands.window.findChildren(LengthSheet)) == 1
    assert ruler.length == pytest.approx(100, rel=0.01)


def test_a_turned_and_zoomed_view_makes_nothing_longer(hands, ruler):
    QTest.mousePress(ruler, LEFT, NONE, hands.at(60, 60))
    QTest.mouseRelease(ruler, LEFT, NONE, hands.at(60, 60))
    scene = hands.canvas.scene
    scene.turn(0.7)
    hands.canvas.zoom(1.3)
    QTest.mouseClick(ruler, LEFT, NONE, hands.at(100, 90))
    assert ruler.length == pytest.approx(math.hypot(40, 30), rel=0.02)


def test_escape_puts_it_away_and_leaves_all_as_it_is(hands, ruler):
    points = hands.points.copy()
    QTest.mousePress(ruler, LEFT, NONE, hands.at(60, 60))
    QTest.mouseRelease(ruler, LEFT, NONE, hands.at(60, 60))
    QTest.keyClick(ruler, Qt.Key.Key_Escape)
    assert not ruler.isVisible()
    assert hands.canvas.hasFocus()
    assert (hands.points == points).all()
    assert sizes(hands).of(image_of(hands)) is None


def test_what_was_said_can_be_taken_back(hands):
    hands.window.project.set_pixel_size(3.0, images=[image_of(hands)], who="x")
    hands.key(Qt.Key.Key_M, CONTROL)
    sheet = lay(hands, hands.window.label_page.viewing.measuring.ruler, (20, 30), (220, 30))
    assert "not 3 mm as now" in sheet.said.text()
    sheet.forget.click()
    assert sizes(hands).of(image_of(hands)) is None


def test_cancelled_it_stores_nothing(hands, ruler):
    sheet = lay(hands, ruler, (20, 30), (220, 30))
    sheet.buttons.button(QDialogButtonBox.StandardButton.Cancel).click()
    assert sizes(hands).of(image_of(hands)) is None
    assert not ruler.isVisible()


def test_going_elsewhere_puts_it_away(hands, ruler):
    hands.key(Qt.Key.Key_PageDown)
    assert not ruler.isVisible()


def test_the_wheel_goes_on_zooming(hands, ruler):
    before = hands.canvas.scene.viewport.scale
    window = hands.window.windowHandle()
    place = ruler.mapTo(hands.window, hands.at(100, 100))
    QTest.wheelEvent(window, place, QPoint(0, 240))
    assert hands.canvas.scene.viewport.scale > before
    assert ruler.isVisible()


def test_who_leads_nothing_says_it_of_this_image_alone(hands, ruler):
    for name, role in (("bob", Role.LEAD), (hands.window.context.who, Role.ANNOTATOR)):
        hands.window.project.set_person(name, role, who="bob")
    sheet = lay(hands, ruler, (20, 30), (220, 30))
    assert [sheet.of.itemText(i) for i in range(sheet.of.count())] == ["this image"]
    sheet.accept()
    assert sizes(hands).of(image_of(hands)) == pytest.approx(10 / 200, rel=0.01)
    assert sizes(hands).usual is None


def test_what_somebody_else_has_said_of_it_stays_and_that_is_told(hands, ruler):
    for name, role in (("bob", Role.LEAD), (hands.window.context.who, Role.ANNOTATOR)):
        hands.window.project.set_person(name, role, who="bob")
    hands.window.project.set_pixel_size(3.0, images=[image_of(hands)], who="bob")
    lay(hands, ruler, (20, 30), (220, 30)).accept()
    assert "bob has said that a pixel" in hands.window.messages.banner.text.text()
    assert sizes(hands).of(image_of(hands)) == 3.0


def test_who_is_no_longer_among_the_people_is_told_so(hands, ruler):
    hands.window.project.set_person("bob", Role.LEAD, who="bob")
    QTest.mousePress(ruler, LEFT, NONE, hands.at(20, 30))
    QTest.mouseMove(ruler, hands.at(220, 30))
    QTest.mouseRelease(ruler, LEFT, NONE, hands.at(220, 30))
    assert "not among the people" in hands.window.messages.banner.text.text()
    assert not ruler.isVisible()


def test_it_is_undone_and_done_again_like_a_label(hands, ruler):
    lay(hands, ruler, (20, 30), (220, 30)).accept()
    size = sizes(hands).of(image_of(hands))
    undo = hands.window.actions_by_name["undo"]
    assert undo.text().startswith("Undo size of a pixel of ")
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert sizes(hands).of(image_of(hands)) is None
    assert "Undone: size of a pixel of" in hands.window.status.stored.text()
    hands.key(Qt.Key.Key_Y, CONTROL)
    assert sizes(hands).of(image_of(hands)) == size


def test_expected_errors_are_told_in_millimetres_at_once(hands, ruler):
    assert hands.window.controller.view.predicted_millimetres is None
    assert hands.window.controller.view.predicted_error is not None
    lay(hands, ruler, (20, 30), (220, 30)).accept()
    assert hands.window.controller.view.predicted_millimetres > 0
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert hands.window.controller.view.predicted_millimetres is None


def test_the_middle_button_goes_on_moving_the_image(hands, ruler):
    before, middle = hands.canvas.scene.viewport, Qt.MouseButton.MiddleButton
    at = hands.at(100, 80)
    QTest.mousePress(ruler, middle, NONE, at)
    there = at + QPoint(25, 10)
    place = QPointF(there)
    moved = QMouseEvent(
        QEvent.Type.MouseMove, place, QPointF(ruler.mapToGlobal(there)),
        Qt.MouseButton.NoButton, middle, NONE,
    )  # fmt: skip
    QApplication.sendEvent(ruler, moved)
    QTest.mouseRelease(ruler, middle, NONE, there)
    after = hands.canvas.scene.viewport
    assert (after.left - before.left, after.top - before.top) == pytest.approx((25, 10))
