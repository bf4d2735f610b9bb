"""A colour as a small picture, for lists."""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

_SIZE = 14
_FINE = 3


@lru_cache(maxsize=256)
def swatch(colour: str | None) -> QIcon:
    """colour: "#rrggbb"; None leaves as much room empty, so that lists stay in line."""
    pixmap = QPixmap(_FINE * _SIZE, _FINE * _SIZE)
    pixmap.setDevicePixelRatio(_FINE)
    pixmap.fill(Qt.GlobalColor.transparent)
    if colour is not None:
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(128, 128, 128), 1.0))
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(1, 1, _SIZE - 2, _SIZE - 2), 3, 3)
    icon = QIcon(pixmap)
    # Qt would tint it in a selected row, and it would look like another colour.
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
