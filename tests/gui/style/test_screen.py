"""A window fits the screen that there is, and comes back to where it was if that is still there."""

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QStyle, QWidget

from landmark_annotator.annotator.gui.style import screen


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def available(window):
    return window.screen().availableGeometry()


def test_a_first_window_fits_a_small_screen(window, available):
    screen.place_first(window, available.size() * 2)
    assert available.contains(window.geometry())


def test_a_first_window_has_its_lower_edge_on_the_screen_below_its_title(window, available):
    screen.place_first(window, available.size() * 2)
    title = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    assert available.contains(QRect(window.pos(), window.size() + QSize(0, title)))


def test_a_first_window_uses_a_large_screen(window, available):
    screen.place_first(window, QSize(100, 100))
    assert window.width() == pytest.approx(0.9 * available.width(), abs=1)
    assert available.contains(window.geometry())


def test_it_comes_back_to_where_it_was(window, available):
    window.setGeometry(QRect(30, 40, 300, 200))
    window.show()
    place = screen.place_of(window)
    other = QWidget()
    assert screen.place_again(other, place)
    assert other.geometry() == QRect(30, 40, 300, 200)


def test_maximised_it_comes_back_so(window):
    assert screen.place_again(window, [30, 40, 300, 200, 1])
    assert window.isMaximized()
    assert screen.place_of(window)[4] == 1


def test_on_a_smaller_screen_it_comes_back_as_large_as_that_has_room_for(window, available):
    left, top, width, height = available.getRect()
    assert screen.place_again(window, [left + 20, top + 30, width + 200, 2 * height, 0])
    assert available.contains(window.geometry())


def test_half_outside_it_comes_back_so(window, available):
    half_outside = QRect(available.right() - 200, available.bottom() - 100, 300, 200)
    assert screen.place_again(window, [*half_outside.getRect(), 0])
    assert window.geometry() == half_outside


@pytest.mark.parametrize(
    "remembered",
    [[5000, 40, 300, 200, 0], [30, -2000, 300, 200, 0], [30, 40, 0, 0, 0], [30, 40], []],
    ids=["right of every screen", "above", "empty", "cut short", "none"],
)
def test_a_place_that_is_on_no_screen_is_not_used(window, remembered):
    before = window.geometry()
    assert not screen.place_again(window, remembered)
    assert window.geometry() == before
