"""Who has the keyboard when a message that was clicked has gone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from landmark_annotator.annotator.gui.widgets.banner import Banner


@pytest.fixture
def window(qtbot):
    """With a message between what is at work and what could be stopped by mistake."""
    window = QWidget()
    column = QVBoxLayout(window)
    parts = [QPushButton("at work", window), Banner(window), QPushButton("pause", window)]
    for part in parts:
        column.addWidget(part)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    parts[0].setFocus()
    return window


def test_whoever_had_it_before_has_it_again(window, qtbot):
    at_work, banner, _ = (window.layout().itemAt(place).widget() for place in range(3))
    banner.show_link("Looked at. <a href='do'>Go on</a>")
    qtbot.mouseClick(banner.text, Qt.MouseButton.LeftButton)
    assert banner.text.hasFocus()
    banner.hide()
    assert at_work.hasFocus()


def test_nor_has_it_been_forgotten_when_another_window_had_it_between(window, qtbot):
    at_work, banner, _ = (window.layout().itemAt(place).widget() for place in range(3))
    banner.show_link("Looked at. <a href='do'>Go on</a>")
    qtbot.mouseClick(banner.text, Qt.MouseButton.LeftButton)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    window.activateWindow()
    qtbot.waitUntil(banner.text.hasFocus)
    banner.hide()
    assert at_work.hasFocus()


def test_whoever_has_it_meanwhile_keeps_it(window, qtbot):
    _, banner, pause = (window.layout().itemAt(place).widget() for place in range(3))
    banner.show_link("Looked at. <a href='do'>Go on</a>")
    qtbot.mouseClick(banner.text, Qt.MouseButton.LeftButton)
    pause.setFocus()
    banner.hide()
    assert pause.hasFocus()
