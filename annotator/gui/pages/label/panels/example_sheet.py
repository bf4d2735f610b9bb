"""A small sheet over the photograph: how one landmark was placed in other images."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.canvas.layers.backdrop import packed
from landmark_annotator.annotator.gui.pages.label.panels.quiet_corner import quiet_corner
from landmark_annotator.annotator.gui.style import canvas_colours
from landmark_annotator.annotator.session.labelling.examples import Example

_SIDE, _LEAST = 132, 40
"""Pixels of a picture, of those that the whole object has."""
_RADIUS = 6.0
_ACROSS, _MOST = 3, 6
_GAP, _FROM_EDGE = 6, 8


class ExampleSheet(QFrame):
    """Part of the view, so that the keys stay with the photograph; hands may drag it elsewhere."""

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setAccessibleName("Examples")
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._held: QPoint | None = None
        self.name, self.said = QLabel(), QLabel()
        font = self.name.font()
        font.setBold(True)
        self.name.setFont(font)
        self.said.setWordWrap(True)
        close = QToolButton()
        close.setText("\N{MULTIPLICATION SIGN}")
        close.setAccessibleName("Close the examples")
        close.setAutoRaise(True)
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(close)
        grid = QGridLayout(self)
        grid.setSpacing(_GAP)
        grid.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        grid.addLayout(head, 0, 0, 1, _ACROSS)
        grid.addWidget(self.said, 1, 0, 1, _ACROSS)
        self.pictures = [_Picture(self) for _ in range(_MOST)]
        for place, picture in enumerate(self.pictures):
            grid.addWidget(picture, 2 + place // _ACROSS, place % _ACROSS)
        self.hide()

    def open_beside(self, free: QRect) -> None:
        """In the corner of the canvas where it hides the least of `free`, a part of that."""
        room = self._canvas.width() - 2 * _FROM_EDGE - (_ACROSS + 1) * _GAP
        side = max(min(_SIDE, room // _ACROSS), _LEAST)
        for picture in self.pictures:
            picture.setFixedSize(side, side)
        self.adjustSize()
        edge = _FROM_EDGE
        within = self._canvas.rect().adjusted(edge, edge, -edge, -edge)
        self.move(quiet_corner(self.size(), within, free))
        self.show()
        self.raise_()

    def tell(self, name: str, text: str) -> None:
        """Of which landmark these are, and what there is to say of it."""
        self.name.setText(name)
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self.adjustSize()

    @property
    def shows_any(self) -> bool:
        return not self.pictures[0].isHidden()

    def show_examples(self, examples: Sequence[Example], landmark: int) -> None:
        """Those that have it."""
        having = [each for each in examples if np.isfinite(each.points[landmark, 0])][:_MOST]
        for picture, example in zip(self.pictures, having, strict=False):
            picture.show_example(example, landmark)
        for picture in self.pictures[len(having) :]:
            picture.hide()

    # Nothing that hands do here reaches the photograph

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.position().toPoint()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self.move(self.mapToParent(event.position().toPoint() - self._held))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None


class _Picture(QWidget):
    """The surroundings of the landmark, which is ringed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self._at = QPointF()
        # The sheet stays where it hides the least, however many there are.
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()

    def show_example(self, example: Example, landmark: int) -> None:
        x, y = example.points[landmark].tolist()
        side, size = self.width(), example.picture.shape[0]
        left, top = (round(min(max(v - side / 2, 0), size - side)) for v in (x, y))
        part = example.picture[top : top + side, left : left + side]
        self._pixmap = QPixmap.fromImage(packed(np.ascontiguousarray(part)))
        # The middle of a pixel is half a pixel from its corner.
        self._at = QPointF(x - left + 0.5, y - top + 0.5)
        self.setToolTip(example.name)
        self.setAccessibleName(f"In {example.name}")
        self.show()
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for colour, width in ((canvas_colours.HALO, 3.5), (canvas_colours.ASKED, 1.6)):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(self._at, _RADIUS, _RADIUS)
