"""The loupe shows what is under the cursor many times larger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.canvas.geometry.viewport import MAX_SCALE, Viewport
from landmark_annotator.annotator.gui.canvas.layers.loupe import magnified

places = st.tuples(st.floats(0, 2000), st.floats(0, 2000))


@given(st.floats(0.01, MAX_SCALE), st.floats(-3000, 3000), st.floats(-3000, 3000), places)
def test_the_loupe_is_about_the_pixel_under_the_cursor(scale, left, top, at):
    view = Viewport(scale, left, top)
    larger = magnified(view, at)
    assert larger.scale >= min(scale * 3, MAX_SCALE) * (1 - 1e-9)
    assert larger.to_image(at) == pytest.approx(view.to_image(at), abs=1e-6 + 1e-9 / scale)


def test_l_shows_it_round_the_cursor_and_hides_it_again(hands):
    hands.rest_cursor(QPoint(200, 200))
    plain = hands.canvas.grab().toImage()
    hands.key(Qt.Key.Key_L)
    assert hands.window.actions_by_name["loupe"].isChecked()
    hands.rest_cursor(QPoint(200, 200))
    shown = hands.canvas.grab().toImage()
    above = (140, 40, 120, 110)
    assert shown.copy(*above) != plain.copy(*above)
    assert shown.pixel(600, 500) == plain.pixel(600, 500)
    hands.key(Qt.Key.Key_L)
    hands.rest_cursor(QPoint(200, 200))
    assert hands.canvas.grab().toImage() == plain


def test_it_follows_the_cursor_and_goes_with_it(hands):
    QApplication.sendEvent(hands.canvas, QEvent(QEvent.Type.Leave))
    plain = hands.canvas.grab().toImage()
    hands.key(Qt.Key.Key_L)
    assert hands.window.actions_by_name["loupe"].isChecked()
    assert hands.canvas.grab().toImage() == plain
    hands.rest_cursor(QPoint(300, 300))
    assert hands.canvas.grab().toImage() != plain
