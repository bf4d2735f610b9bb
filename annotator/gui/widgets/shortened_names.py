"""Names in narrow columns, shortened where they are alike."""

import re

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

_OF_MANY = re.compile(r" (frame|page) \d+")
"""What tells frames of one video apart stands at the end of their names."""


def shorten_names(table: QAbstractItemView) -> None:
    """In the middle; those of frames at their beginning."""
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.setItemDelegate(_Names(table))


class _Names(QStyledItemDelegate):
    @override
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if _OF_MANY.search(option.text):
            option.textElideMode = Qt.TextElideMode.ElideLeft
