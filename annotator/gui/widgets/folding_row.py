"""Buttons beside each other, or one below the other."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QWidget
from typing_extensions import override


class FoldingRow(QWidget):
    """One below the other where they have no room beside each other: a row asks for no more than
    its widest button."""

    def __init__(self, buttons: Sequence[QAbstractButton], margin: int) -> None:
        """margin: pixels to the left and to the right."""
        super().__init__()
        self._buttons, self._margin = buttons, margin
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(margin, 0, margin, 0)
        for button in buttons:
            self._row.addWidget(button, 1)

    @override
    def minimumSizeHint(self) -> QSize:
        widest = max(button.minimumSizeHint().width() for button in self._buttons)
        return QSize(widest + 2 * self._margin, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        widths = [button.minimumSizeHint().width() for button in self._buttons]
        needed = sum(widths) + self._row.spacing() * (len(widths) - 1) + 2 * self._margin
        beside = needed <= self.width()
        way = QBoxLayout.Direction
        self._row.setDirection(way.LeftToRight if beside else way.TopToBottom)
