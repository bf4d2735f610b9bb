"""Whoever goes through a window by keys sees where the keyboard is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTableWidget,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import delete

from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.gui.style import themes

KINDS = (QRadioButton, QCheckBox, QPushButton, QComboBox, QLineEdit, QPlainTextEdit)


@pytest.fixture
def dialog(qtbot):
    application()
    window = QDialog()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for kind in KINDS:
        column.addWidget(kind())
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


def ringed(window) -> list[type]:
    """Which parts have the line round them, by its colour beside their left edge."""
    mark, picture = QColor(themes.current().mark), window.grab().toImage()
    found = []
    for kind in KINDS:
        part = window.findChild(kind)
        at = part.geometry()
        ratio = picture.devicePixelRatio()
        seen = picture.pixelColor(round((at.left() - 1) * ratio), round((at.center().y()) * ratio))
        if abs(seen.hue() - mark.hue()) < 15 and seen.saturation() > 90:
            found.append(kind)
    return found


def test_one_line_follows_the_keyboard(dialog):
    for kind in KINDS:
        dialog.findChild(kind).setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        assert ringed(dialog) == [kind]


def test_a_click_draws_no_line(dialog):
    dialog.findChild(QRadioButton).setFocus(Qt.FocusReason.TabFocusReason)
    QTest.mousePress(dialog.findChild(QLineEdit), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert dialog.findChild(QLineEdit).hasFocus()
    QTest.mouseRelease(dialog.findChild(QLineEdit), Qt.MouseButton.LeftButton)
    assert ringed(dialog) == []


def test_the_window_that_had_it_may_go(dialog):
    gone = QDialog()
    field = QLineEdit(gone)
    gone.show()
    gone.activateWindow()
    field.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    delete(gone)
    dialog.activateWindow()
    dialog.findChild(QComboBox).setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    assert ringed(dialog) == [QComboBox]


@pytest.mark.parametrize("kind", [QTableWidget, QTreeWidget])
def test_a_list_that_has_the_keyboard_has_a_line_too(dialog, kind):
    part = kind(dialog)
    dialog.layout().addWidget(part)
    part.show()

    def edge() -> QColor:
        QApplication.processEvents()
        return part.grab().toImage().pixelColor(0, part.height() // 2)

    dialog.findChild(QLineEdit).setFocus(Qt.FocusReason.TabFocusReason)
    without = edge()
    part.setFocus(Qt.FocusReason.TabFocusReason)
    assert edge() == QColor(themes.current().link) != without


def test_the_line_is_whole_where_a_part_fills_its_parent(dialog):
    holder = QWidget(dialog)
    tight = QVBoxLayout(holder)
    tight.setContentsMargins(0, 0, 0, 0)
    field = QSpinBox()
    tight.addWidget(field)
    dialog.layout().addWidget(holder)
    holder.show()
    field.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    picture, mark = dialog.grab().toImage(), QColor(themes.current().mark)
    at, ratio = holder.geometry(), picture.devicePixelRatio()
    middle = at.center()
    for x, y in (
        (at.left() - 1, middle.y()),
        (at.right() + 1, middle.y()),
        (middle.x(), at.top() - 1),
        (middle.x(), at.bottom() + 1),
    ):
        seen = picture.pixelColor(round(x * ratio), round(y * ratio))
        assert abs(seen.hue() - mark.hue()) < 15, (x, y)
