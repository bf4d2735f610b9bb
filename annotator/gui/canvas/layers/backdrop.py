"""The photograph behind the landmarks: a pyramid of sizes, and the piece of it on the screen.

Only what the viewport shows is scaled, from the level nearest above the screen's resolution,
and the result is kept until the view changes; so moving a landmark over a photograph of any
size costs one copy of the viewport.
"""

import math
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap, QTransform

from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport
from landmark_annotator.annotator.gui.canvas.layers.tone import Tone, brightness_shares, toned
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

_SMALLEST = 256
_HELD = 100_000_000
"""Pixels of the largest level that is held in memory."""
_ROWS = 64
"""That are scaled down at a time."""
_HEAVY = 4_000_000
"""Pixels from which on Qt, which holds Python's lock at work, would hold up the window's thread."""
_BLOCKY_FROM = 16.0
"""Screen pixels per image pixel from which single pixels are shown as squares."""


def packed(pixels: Pixels) -> QImage:
    """(H, W, 3) as an image of RGB888 that lives as long as the array."""
    height, width = pixels.shape[:2]
    rows = np.ascontiguousarray(pixels)
    return QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888)


def pixels_of(image: QImage) -> Pixels:
    """(H, W, 3) of an image of RGB32."""
    return _rows_of(image)[..., 2::-1].copy()


def _rows_of(image: QImage) -> Pixels:
    """(H, W, 4), the memory itself of an image of RGB32."""
    whole = np.frombuffer(image.constBits(), np.uint8)
    rows = whole.reshape(image.height(), image.bytesPerLine())[:, : 4 * image.width()]
    return rows.reshape(image.height(), image.width(), 4)


# OpenCV lets other threads go on; it is loaded by the first heavy photograph.


def _with_fourth(pixels: Pixels) -> Pixels:
    """(H, W, 4) as RGB32 has them in memory."""
    import cv2

    rows = np.empty((*pixels.shape[:2], 4), np.uint8)
    cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGRA, rows)
    return rows


def _resized(pixels: Pixels, width: int, height: int, into: Pixels) -> None:
    """The mean of what falls into each pixel of `into`."""
    import cv2

    cv2.resize(pixels, (width, height), into, interpolation=cv2.INTER_AREA)


class _Mapped:
    """The finest level of an image that is not held in memory: pieces of it are read."""

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = pixels
        self.rect = QRect(0, 0, pixels.shape[1], pixels.shape[0])

    def copy(self, piece: QRect) -> QImage:
        rows = slice(piece.top(), piece.bottom() + 1)
        part = self._pixels[rows, piece.left() : piece.right() + 1]
        return packed(part).convertToFormat(QImage.Format.Format_RGB32)

    def reduced(self) -> Pixels:
        """Scaled down to what is held in memory."""
        height, width = self._pixels.shape[:2]
        step = 2
        while (width // step) * (height // step) > _HELD:
            step *= 2
        wide, high = max(width // step, 1), max(height // step, 1)
        small = np.empty((high, wide, 3), np.uint8)
        for top in range(0, high, _ROWS):
            rows = min(_ROWS, high - top)
            strip = self._pixels[top * step : (top + rows) * step, : wide * step]
            _resized(strip, wide, rows, small[top : top + rows])
        return small


class Pyramid:
    """A photograph, or a part of it, and its halvings. Safe to make in a worker thread: QImage
    needs no screen.

    size: (width, height) of the whole photograph in its own pixels. area: what of it there is.
    """

    def __init__(
        self, pixels: Pixels, part: QRect | None = None, longest: int | None = None
    ) -> None:
        """part: of the photograph, by default all; longest: pixels that its longer side is scaled
        down to, where it has more."""
        height, width = pixels.shape[:2]
        self.size = width, height
        whole = QRect(0, 0, width, height)
        part = whole if part is None else part.intersected(whole)
        self.area = QRectF(part).translated(-0.5, -0.5)
        piece = pixels[part.top() : part.bottom() + 1, part.left() : part.right() + 1]
        self.mapped: _Mapped | None = None
        if part.width() * part.height() > _HELD:
            self.mapped = _Mapped(piece)
            piece = self.mapped.reduced()
        self._held: list[Pixels] = []
        """The memory of heavy levels."""
        first = self._first(piece)
        if longest is not None and max(first.width(), first.height()) > longest:
            self.mapped = None
            smooth = Qt.TransformationMode.SmoothTransformation
            keep = Qt.AspectRatioMode.KeepAspectRatio
            first = first.scaled(QSize(longest, longest), keep, smooth)
        self.levels = [first]
        while max(self.levels[-1].width(), self.levels[-1].height()) > 2 * _SMALLEST:
            last = self.levels[-1]
            self.levels.append(self._halved(last))

    def _first(self, piece: Pixels) -> QImage:
        # Both copy, so the levels do not depend on the array's memory.
        if piece.shape[0] * piece.shape[1] < _HEAVY:
            return packed(piece).convertToFormat(QImage.Format.Format_RGB32)
        return self._holding(_with_fourth(piece))

    def _halved(self, level: QImage) -> QImage:
        half = QSize(max(level.width() // 2, 1), max(level.height() // 2, 1))
        if level.width() * level.height() < _HEAVY:
            ratio, how = Qt.AspectRatioMode, Qt.TransformationMode
            return level.scaled(half, ratio.IgnoreAspectRatio, how.SmoothTransformation)
        rows = np.empty((half.height(), half.width(), 4), np.uint8)
        _resized(_rows_of(level), half.width(), half.height(), rows)
        return self._holding(rows)

    def _holding(self, rows: Pixels) -> QImage:
        """(H, W, 4) as an image that lives as long as this pyramid."""
        self._held.append(rows)
        height, width = rows.shape[:2]
        return QImage(rows.data, width, height, 4 * width, QImage.Format.Format_RGB32)

    @cached_property
    def shares(self) -> Floats:
        """(256,) the share of pixels that are at most so bright."""
        return brightness_shares(pixels_of(self.levels[-1]))

    def level_for(self, scale: float) -> QImage:
        """The smallest level that still has a pixel for every screen pixel at this scale, which is
        screen pixels for a pixel of the photograph."""
        scale *= self.area.width() / self.levels[0].width()
        steps = max(0, math.floor(math.log2(1 / scale))) if scale < 1 else 0
        return self.levels[min(steps, len(self.levels) - 1)]

    def finer(self, scale: float) -> _Mapped | None:
        """What is read from the disk at this scale, where what is held in memory is too coarse."""
        coarse = scale * self.area.width() > self.levels[0].width()
        return self.mapped if coarse else None


def turn_of(viewport: Viewport) -> QTransform:
    """By which a painter is turned, to paint at `viewport.flat` what the viewport shows."""
    turn = QTransform.fromTranslate(viewport.left, viewport.top)
    turn.rotateRadians(viewport.angle)
    return turn.translate(-viewport.left, -viewport.top)


class Backdrop:
    """Paints the visible piece of a pyramid and remembers it."""

    def __init__(self) -> None:
        self.pyramid: Pyramid | None = None
        self.tone = Tone()
        self._kept = QPixmap()
        self._kept_for: tuple[object, ...] = ()

    def paint(self, painter: QPainter, viewport: Viewport, size: QSize, ratio: float) -> None:
        """size: of the widget in device-independent pixels; ratio: device pixels for each."""
        wanted = (self.pyramid, self.tone, viewport, size.width(), size.height(), ratio)
        if self._kept_for != wanted:
            self._kept = self._render(viewport, size, ratio)
            self._kept_for = wanted
        painter.drawPixmap(0, 0, self._kept)

    def _render(self, viewport: Viewport, size: QSize, ratio: float) -> QPixmap:
        pixmap = QPixmap(size * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(canvas_colours.SURROUND)
        with QPainter(pixmap) as painter:
            self.draw(painter, viewport, QRectF(QPointF(0, 0), size.toSizeF()), ratio)
        return pixmap

    def draw(self, painter: QPainter, viewport: Viewport, part: QRectF, ratio: float) -> None:
        """Scales what the viewport shows in this part of the screen; nothing is remembered."""
        if self.pyramid is None:
            return
        turn = turn_of(viewport)
        painter.save()
        painter.setTransform(turn, combine=True)
        self._draw_flat(painter, self.pyramid, viewport, turn.inverted()[0].mapRect(part), ratio)
        painter.restore()

    def _draw_flat(
        self, painter: QPainter, pyramid: Pyramid, viewport: Viewport, part: QRectF, ratio: float
    ) -> None:
        """By a painter that is turned as the viewport is, so that nothing here is."""
        area = QRectF(
            viewport.left + pyramid.area.left() * viewport.scale,
            viewport.top + pyramid.area.top() * viewport.scale,
            pyramid.area.width() * viewport.scale,
            pyramid.area.height() * viewport.scale,
        )
        shown = area.intersected(part)
        if shown.isEmpty():
            return
        scale = viewport.scale * ratio
        level = pyramid.finer(scale) or pyramid.level_for(scale)
        whole = level.rect if isinstance(level, _Mapped) else level.rect()
        across, down = whole.width() / area.width(), whole.height() / area.height()
        source = QRectF(
            (shown.left() - area.left()) * across,
            (shown.top() - area.top()) * down,
            shown.width() * across,
            shown.height() * down,
        )
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, viewport.scale < _BLOCKY_FROM
        )
        if isinstance(level, QImage) and self.tone.neutral:
            painter.drawImage(shown, level, source)
            return
        piece = source.toAlignedRect().intersected(whole)
        image = level.copy(piece)
        if not self.tone.neutral:
            image = self._toned(image, pyramid)
        painter.drawImage(shown, image, source.translated(-piece.x(), -piece.y()))

    def _toned(self, image: QImage, pyramid: Pyramid) -> QImage:
        """As the tone shows it."""
        pixels = toned(pixels_of(image), self.tone, pyramid.shares)
        return packed(pixels).convertToFormat(QImage.Format.Format_RGB32)
