"""A photograph of 60 megapixels: how long it takes to load, to pan and to zoom."""

import time
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport, whole_image
from landmark_annotator.annotator.gui.canvas.layers.backdrop import Backdrop, Pyramid
from landmark_annotator.annotator.protocols.framework.result import Figures
from landmark_annotator.projects.images import read_pixels

WIDTH, HEIGHT = 9000, 6667
_SIZE = QSize(830, 840)


def large_figures(folder: Path, seed: int) -> Figures:
    path = folder / "large.jpg"
    _draw(path, seed)
    started = time.perf_counter()
    pixels = read_pixels(path)
    decoded = time.perf_counter() - started
    started = time.perf_counter()
    pyramid = Pyramid(pixels)
    figures: Figures = {
        "desk/large/megapixels": round(WIDTH * HEIGHT / 1e6),
        "desk/large/decode_s": round(decoded, 2),
        "desk/large/pyramid_s": round(time.perf_counter() - started, 2),
    }
    for ratio in (1, 2):
        for name, views in (("pan", _pans()), ("zoom", _zooms())):
            spent = _paint_seconds(pyramid, views, ratio)
            figures[f"desk/large/{name}_{ratio}x_ms"] = round(1000 * float(np.median(spent)), 1)
            figures[f"desk/large/{name}_{ratio}x_p99_ms"] = round(
                1000 * float(np.quantile(spent, 0.99)), 1
            )
    return figures


def _draw(path: Path, seed: int) -> None:
    """Coarse blocks under fine noise: as costly to decode as a photograph."""
    random = np.random.default_rng(seed)
    coarse = random.integers(40, 200, (HEIGHT // 64 + 1, WIDTH // 64 + 1, 3), dtype=np.uint8)
    pixels = coarse.repeat(64, axis=0).repeat(64, axis=1)[:HEIGHT, :WIDTH]
    pixels += random.integers(0, 16, pixels.shape, dtype=np.uint8)
    Image.fromarray(pixels).save(path, quality=90)


def _pans() -> list[Viewport]:
    """Steps of a few pixels at five magnifications."""
    views = []
    for scale in (0.1, 0.3, 0.7, 1.0, 4.0):
        middle = Viewport(scale, 415 - scale * WIDTH / 2, 420 - scale * HEIGHT / 2)
        views += [middle.panned(7.0 * step, -5.0 * step) for step in range(20)]
    return views


def _zooms() -> list[Viewport]:
    """Notches of the wheel from the whole image to its pixels."""
    views = [whole_image((WIDTH, HEIGHT), (_SIZE.width(), _SIZE.height()))]
    while views[-1].scale < 8.0:
        views.append(views[-1].zoomed(1.2, (400.0, 300.0), 0.01))
    return views


def _paint_seconds(pyramid: Pyramid, views: list[Viewport], ratio: int) -> list[float]:
    """Of this thread, which does nothing else."""
    backdrop, screen = Backdrop(), QPixmap(_SIZE * ratio)
    backdrop.pyramid = pyramid
    screen.setDevicePixelRatio(ratio)
    screen.fill(Qt.GlobalColor.black)
    spent = []
    for view in views:
        with QPainter(screen) as painter:
            started = time.thread_time()
            backdrop.paint(painter, view, _SIZE, float(ratio))
            spent.append(time.thread_time() - started)
            painter.drawPoint(QPointF(0, 0))
    return spent
