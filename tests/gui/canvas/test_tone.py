"""The photograph brighter, greyer or equalised: what is seen, never what is stored."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from landmark_annotator.annotator.gui.canvas.layers.backdrop import packed, pixels_of
from landmark_annotator.annotator.gui.canvas.layers.tone import (
    Tone,
    brightness_shares,
    table,
    toned,
)

EVEN = np.arange(1, 257) / 256
tones = st.builds(
    Tone,
    brightness=st.floats(-1, 1),
    contrast=st.floats(-1, 1),
    gamma=st.floats(0.25, 4),
    equalised=st.booleans(),
)


def _noise(seed: int = 0, low: int = 0, high: int = 256) -> np.ndarray:
    return np.random.default_rng(seed).integers(low, high, (40, 30, 3), dtype=np.uint8)


@given(tones, st.integers(0, 9))
def test_what_was_lighter_never_gets_darker_than_the_rest(tone, seed):
    assert (np.diff(table(tone, brightness_shares(_noise(seed))).astype(int)) >= 0).all()


def test_the_neutral_tone_changes_nothing():
    assert np.array_equal(table(Tone(), EVEN), np.arange(256))
    assert Tone().neutral


@given(st.floats(0.05, 1))
def test_brightness_gamma_and_contrast_do_what_they_say(amount):
    plain = np.arange(256)
    assert (table(Tone(brightness=amount), EVEN) >= plain).all()
    assert (table(Tone(gamma=1 + amount), EVEN) >= plain).all()
    steep = table(Tone(contrast=amount), EVEN).astype(int)
    assert steep[160] >= 160
    assert steep[96] <= 96


def test_grey_has_no_colour():
    shown = toned(_noise(), Tone(grey=True), EVEN)
    assert np.ptp(shown, axis=2).max() == 0


def test_equalising_a_dark_image_uses_the_whole_range():
    dark = _noise(high=60)
    shown = toned(dark, Tone(equalised=True), brightness_shares(dark))
    assert dark.max() < 60
    assert shown.max() > 200


@pytest.mark.parametrize("width", [1, 3, 30, 31])
def test_pixels_survive_the_way_into_qt_and_back(width):
    pixels = _noise()[:, :width]
    image = packed(pixels).convertToFormat(QImage.Format.Format_RGB32)
    assert np.array_equal(pixels_of(image), pixels)


def test_g_and_q_change_what_is_seen_and_back(hands):
    plain = hands.canvas.grab().toImage()
    for key in (Qt.Key.Key_G, Qt.Key.Key_Q):
        hands.key(key)
        assert hands.canvas.grab().toImage() != plain
        hands.key(key)
        assert hands.canvas.grab().toImage() == plain


def test_the_sliders_show_at_once_and_can_be_put_back(hands):
    plain = hands.canvas.grab().toImage()
    hands.key(Qt.Key.Key_T)
    sheet = hands.window.label_page.viewing.tone_sheet
    assert sheet.isVisible()
    sheet.sliders["brightness"].setValue(40)
    assert hands.canvas.grab().toImage() != plain
    sheet._reset()
    assert hands.canvas.grab().toImage() == plain
    sheet.close()


def test_the_tone_stays_for_the_next_image(hands):
    hands.key(Qt.Key.Key_G)
    hands.key(Qt.Key.Key_PageDown)
    hands.wait_for()
    picture = hands.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    shown = pixels_of(picture)
    corner = shown[-20:, -20:].astype(int)
    assert np.ptp(corner, axis=2).max() <= 1
