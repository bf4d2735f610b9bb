"""Names in narrow columns, shortened where they are alike."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)
from typing_extensions import override

_OF_MANY = re.compile(r" (frame|page)( \d+)")
"""What tells frames of one video apart stands at the end of their names."""

_ENDING = re.compile(r"\.(?!\d+$)\w{2,5}$")
"""Of a video, which says nothing of what is in it; a folder of numbered images has none."""

_FILE = re.compile(r"(.+)(\.\w{1,5})((?:  #\d+)?)")
"""A file's stem, its ending, and the number of an object."""

_CUT = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True)
class VideoNames:
    """What tells videos apart. differ: whether no two are called alike, in whatever folders they
    are; stems_differ: whether endings tell none of them from another."""

    differ: bool = False
    stems_differ: bool = True

    @classmethod
    def of(cls, names: Sequence[str]) -> "VideoNames":
        stems = {_ENDING.sub("", name) for name in names}
        return cls(len(set(names)) == len(names), len(stems) == len(set(names)))


_LEAST = f"mm{_CUT}/"
"""What is left of folders at least."""

_LEAST_STEM = 5
"""Letters of a cut stem, the dots among them: where fewer are left the ending goes first."""


def shorten_names(table: QAbstractItemView, videos: Callable[[], VideoNames] = VideoNames) -> None:
    """In the folders before a file's name where that leaves some of them, else in the middle of its
    stem; those of frames in the name of the video, whose ending goes first, as what stands before
    the number does last. videos: where they are told apart without their folders, frames lose these
    before all else; where by their endings alone, these stay."""
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.setItemDelegate(_Names(table, videos))


class _Names(QStyledItemDelegate):
    def __init__(self, table: QAbstractItemView, videos: Callable[[], VideoNames]) -> None:
        super().__init__(table)
        self._table, self._videos = table, videos

    @override
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if of_many := _OF_MANY.search(option.text):
            option.textElideMode = Qt.TextElideMode.ElideLeft
            if option.rect.isValid() and not self._has_room(option):
                at = of_many.start()
                if "/" in option.text and not self._videos().differ:
                    option.text = self._of_folders(option, at)
                else:
                    option.text = self._of_video(option, at, of_many.start(2))
            return
        file = _FILE.fullmatch(option.text)
        # Without a place it is asked how wide the whole name is.
        if file is None or not option.rect.isValid():
            return
        room, width = self._room(option), option.fontMetrics.horizontalAdvance
        if self._has_room(option):
            return
        folders, slash, name = option.text.rpartition("/")
        if slash and room > width(_LEAST + name):
            right = Qt.TextElideMode.ElideRight
            folders = option.fontMetrics.elidedText(folders, right, room - width(slash + name))
            option.text = folders + slash + name
        else:
            # Else the cut falls between the stem and its ending, where names of a series differ.
            stem, ending, number = file.groups()
            cut = self._cut(option, stem, room, ending + number)
            least = min(len(stem), _LEAST_STEM) + len(ending + number)
            if not slash and len(cut) < least:
                whole = stem + _CUT + number
                cut = whole if room >= width(whole) else self._cut(option, stem, room, number)
            option.text = cut

    def _has_room(self, option: QStyleOptionViewItem) -> bool:
        """By fractions of a pixel, as the style does: it would cut a name that whole ones let
        pass."""
        letters = QFontMetricsF(option.font, self._table)
        return self._room(option) >= letters.horizontalAdvance(option.text)

    def _of_video(self, option: QStyleOptionViewItem, at: int, number: int) -> str:
        """Of a frame's name, with " frame" from `at` on and its number from `number` on."""
        room, width = self._room(option), option.fontMetrics.horizontalAdvance
        video, rest = option.text[:at].rpartition("/")[2], option.text[at:]
        stem = _ENDING.sub("", video) if self._videos().stems_differ else video
        for name in (video, stem):
            if room >= width(name + rest):
                return name + rest
        cut = self._cut(option, stem, room, rest)
        if len(cut) - len(rest) >= _LEAST_STEM:
            return cut
        return self._cut(option, stem, room, option.text[number:])

    def _cut(self, option: QStyleOptionViewItem, stem: str, room: int, rest: str) -> str:
        """The stem in what `rest` leaves of the room, and that."""
        left = max(room - option.fontMetrics.horizontalAdvance(rest), 0)
        middle = Qt.TextElideMode.ElideMiddle
        return option.fontMetrics.elidedText(stem, middle, left) + rest

    def _of_folders(self, option: QStyleOptionViewItem, at: int) -> str:
        """Of a frame's name, with its number from `at` on: the folders and the number are kept, and
        the name of the video is cut, which others of other folders have as well."""
        elided, room = option.fontMetrics.elidedText, self._room(option)
        folders, slash, video = option.text[:at].rpartition("/")
        number = option.text[at:]
        left = room - option.fontMetrics.horizontalAdvance(f"{slash}{_CUT}{number}")
        folders = elided(folders, Qt.TextElideMode.ElideMiddle, max(left, 0))
        left = room - option.fontMetrics.horizontalAdvance(f"{folders}{slash}{number}")
        cut = elided(video, Qt.TextElideMode.ElideLeft, max(left, 0)) or _CUT
        return f"{folders}{slash}{cut}{number}"

    def _room(self, option: QStyleOptionViewItem) -> int:
        return _room(self._table, option)


def say_less_where_narrow(table: QAbstractItemView, role: int) -> None:
    """Of the texts that an item has in this role, each shorter than its own, the first one that has
    room; where none has, the last one is cut in its middle."""
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.setItemDelegate(_Shorter(table, role))


class _Shorter(QStyledItemDelegate):
    def __init__(self, table: QAbstractItemView, role: int) -> None:
        super().__init__(table)
        self._table, self._role = table, role

    @override
    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        shorter = index.data(self._role)
        if not shorter or not option.rect.isValid():
            return
        room, letters = _room(self._table, option), QFontMetricsF(option.font, self._table)
        texts = (option.text, *shorter)
        fit = (text for text in texts if letters.horizontalAdvance(text) <= room)
        option.text = next(fit, texts[-1])


def _room(view: QAbstractItemView, option: QStyleOptionViewItem) -> int:
    """Pixels for the text, as the style cuts it."""
    style = view.style()
    margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, option, view)
    there = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, view)
    return there.width() - 2 * (margin + 1)
