"""Parts beside each other, one of which takes what the letters of the others leave."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QEvent, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.style.restyling import Restyling
from landmark_annotator.annotator.gui.style.themes import letters

_ROOM = 450
"""Pixels that the middle keeps beside the others, or half of the window where it is narrower."""
_LARGEST = 1.5
"""Larger letters make no part wider: the photograph keeps most of the window."""


class SideParts(QSplitter):
    """The parts beside the middle one grow and shrink with the letters, from where they were put.

    What letters alone made wider is not taken for what somebody wants, so it comes back. In a
    window that is narrow, or gets narrower, they leave room to the middle one.
    """

    def __init__(self, left: QWidget, middle: QWidget, right: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._parts = (left, middle, right)
        for part in self._parts:
            self.addWidget(part)
        self.setStretchFactor(1, 1)
        self.setCollapsible(1, False)
        self._letters = self._now
        self._restored = False
        """Whether the sides are where somebody has left them."""
        self._put: tuple[float, int, int] | None = None
        """Letters and sides as they were when the letters first changed since sides were moved."""
        self.splitterMoved.connect(self._forget)
        Restyling(self).done.connect(self._follow)

    def begin_with(self, widths: Sequence[int]) -> None:
        """Pixels in usual letters."""
        left, middle, right = widths
        self.setSizes([round(left * self._letters), middle, round(right * self._letters)])

    @override
    def setSizes(self, list: Sequence[int]) -> None:
        super().setSizes(list)
        self._forget()

    @override
    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:
        self._forget()
        self._restored = super().restoreState(state)
        return self._restored

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Before the parts themselves ask for more room.
        if event.type() == QEvent.Type.FontChange and self._put is None:
            left, _, right = self.sizes()
            self._put = self._letters, left, right

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        # A part may say only later that it needs less again.
        if event.type() == QEvent.Type.LayoutRequest and self._now == self._letters:
            self._share_by_letters()
        return done

    def _follow(self) -> None:
        if self._put is None or self._now == self._letters:
            return
        self._letters = self._now
        # Else the parts still have the room that their old letters needed.
        self.refresh()
        self._share_by_letters()

    def _share_by_letters(self) -> None:
        if self._put is not None:
            letters_then, left, right = self._put
            self._share(*(round(side * self._letters / letters_then) for side in (left, right)))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._restored:
            self._leave_room()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.isVisible() and event.size().width() < event.oldSize().width():
            self._leave_room()

    def _leave_room(self) -> None:
        left, middle, right = self.sizes()
        if middle < min(_ROOM, self.width() // 2):
            self._share(left, right)

    def _share(self, left: int, right: int) -> None:
        """Between the sides and what is in the middle."""
        whole = sum(self.sizes())
        most = whole - min(_ROOM, whole // 2)
        less = min(1.0, most / max(left + right, 1))
        # What one of them needs at least the other gives, before the middle does.
        least_left, _, least_right = (
            max(part.minimumSizeHint().width(), part.minimumWidth()) for part in self._parts
        )
        right = max(round(less * right), least_right)
        left = max(min(round(less * left), most - right), least_left)
        right = max(min(right, most - left), least_right)
        super().setSizes([left, whole - left - right, right])

    def _forget(self) -> None:
        self._put = None

    @property
    def _now(self) -> float:
        return min(letters(self), _LARGEST)
