"""Who has the keyboard when a message that was clicked has gone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from landmark_annotator.annotator.gui.widgets.banner import Banner


@pytest.fixture
def parts(qtbot):
    """Of a window: a message that was clicked, between what was at work and what could be stopped
    by mistake."""
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
    banner = parts[1]
    banner.show_link("Looked at. <a href='do'>Go on</a>")
    qtbot.mouseClick(banner.text, Qt.MouseButton.LeftButton)
    assert banner.text.hasFocus()
    yield parts
    window.close()


def test_whoever_had_it_before_has_it_again(parts):
    at_work, banner, _ = parts
    banner.hide()
    assert at_work.hasFocus()


def test_nor_has_it_been_forgotten_when_another_window_had_it_between(parts, qtbot):
    at_work, banner, _ = parts
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    banner.window().activateWindow()
    qtbot.waitUntil(banner.text.hasFocus)
    banner.hide()
    assert at_work.hasFocus()


def test_whoever_has_it_meanwhile_keeps_it(parts):
    _, banner, pause = parts
    pause.setFocus()
    banner.hide()
    assert pause.hasFocus()
