"""A photograph that is not held in memory looks as one that is."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport
from landmark_annotator.annotator.gui.canvas.layers import backdrop
from landmark_annotator.annotator.gui.canvas.layers.backdrop import Backdrop, Pyramid, pixels_of
from landmark_annotator.annotator.gui.canvas.layers.tone import Tone

BLOCKS = np.random.default_rng(0).integers(0, 256, (15, 20, 3))
PIXELS = np.kron(BLOCKS, np.ones((64, 64, 1))).astype(np.uint8)


def seen(pyramid: Pyramid, viewport: Viewport, tone: Tone) -> np.ndarray:
    ground = Backdrop()
    ground.pyramid, ground.tone = pyramid, tone
    size = QSize(300, 200)
    picture = QPixmap(size)
    picture.fill(Qt.GlobalColor.black)
    with QPainter(picture) as painter:
        ground.draw(painter, viewport, QRectF(0, 0, 300, 200), 1.0)
    return pixels_of(picture.toImage().convertToFormat(picture.toImage().Format.Format_RGB32))


@pytest.mark.parametrize("scale", [0.1, 0.45, 1.0, 3.0])
@pytest.mark.parametrize("tone", [Tone(), Tone(brightness=0.3)])
def test_every_scale_shows_the_same(qtbot, monkeypatch, scale, tone):
    held = Pyramid(PIXELS)
    monkeypatch.setattr(backdrop, "_HELD", 100_000)
    mapped = Pyramid(PIXELS)
    assert mapped.mapped is not None
    viewport = Viewport(scale, -200.0 * scale, -100.0 * scale)
    one, other = (seen(pyramid, viewport, tone).astype(int) for pyramid in (held, mapped))
    # Along the borders of blocks two ways of scaling differ.
    assert np.median(np.abs(one - other)) == 0
    assert np.abs(one - other).mean() < 4


@pytest.mark.parametrize("pixels", [PIXELS, PIXELS[1:, 1:]])
def test_levels_are_the_same_whoever_scales_them(qtbot, monkeypatch, pixels):
    light = Pyramid(pixels)
    monkeypatch.setattr(backdrop, "_HEAVY", 1)
    heavy = Pyramid(pixels)
    assert [level.size() for level in heavy.levels] == [level.size() for level in light.levels]
    for one, other in zip(light.levels, heavy.levels, strict=True):
        assert np.abs(pixels_of(one).astype(int) - pixels_of(other)).mean() < 2
