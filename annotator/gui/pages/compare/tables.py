"""The tables of the compare page: objects, and landmarks with how far apart they are."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from landmark_annotator.annotator.gui.widgets.lettered_table import NamesFirst, fit_columns
from landmark_annotator.annotator.gui.widgets.shortened_names import shorten_names
from landmark_annotator.annotator.session.review.agreement import Agreement
from landmark_annotator.annotator.session.review.row_names import row_names
from landmark_annotator.projects.images.source import image_name
from landmark_annotator.projects.store import PixelSizes, Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.wording import counted

NAME_LETTERS = 13
"""Of a person's name beside another one's."""
_VALUE = Qt.ItemDataRole.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Table(QTreeWidget):
    """Rows that each stand for a number."""

    chosen = Signal(int)
    """A row was chosen; what it stands for."""

    def __init__(
        self,
        name: str,
        titles: Mapping[str, str],
        longest: str = "88.88",
        named: str = "88888888",
        giving_way: Sequence[int] = (),
    ) -> None:
        """titles: of the columns, with their tips; the first stretches, the others are numbers.

        longest: text of the last column. named: a text of the first one that is to stand whole, for
        which the columns `giving_way` leave where there is little room, the first of them first.
        """
        super().__init__()
        self._marking = False
        self._of: dict[int, QTreeWidgetItem] = {}
        self.setAccessibleName(name)
        self.setHeaderLabels(list(titles))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        shorten_names(self)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, tip in enumerate(titles.values()):
            self.headerItem().setToolTip(column, tip)
            if column:
                self.headerItem().setTextAlignment(column, _RIGHT)
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        numbers = dict.fromkeys(range(1, len(titles)), "88.88")
        names = NamesFirst(self, named, giving_way, 14)
        fit_columns(self, {**numbers, len(titles) - 1: longest}, names=names)
        self.currentItemChanged.connect(self._choose)

    def load(self, rows: Mapping[int, tuple[str, ...]]) -> None:
        """By what each row stands for."""
        self._marking = True
        self.clear()
        self._of = {}
        for value, texts in rows.items():
            row = QTreeWidgetItem(list(texts))
            row.setData(0, _VALUE, value)
            row.setToolTip(0, texts[0])
            for column in range(1, len(texts)):
                row.setTextAlignment(column, _RIGHT)
            self._of[value] = row
        self.addTopLevelItems(list(self._of.values()))
        self._marking = False

    def mark(self, value: int | None) -> None:
        """Selects its row without asking for it."""
        self._marking = True
        row = None if value is None else self._of.get(value)
        if row is None:
            self.clearSelection()
        else:
            self.setCurrentItem(row)
        self._marking = False

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is not None and not self._marking:
            self.chosen.emit(item.data(0, _VALUE))


def summary(found: Agreement, sizes: PixelSizes, landmarks: Sequence[str]) -> str:
    """How far the two are apart, and what says nothing of it. sizes: what pixels measure;
    landmarks: the names of all."""
    spread, counts = found.spread, int(found.counting.sum())
    besides = " ".join(filter(None, (found.said_of_absence(landmarks), found.said_of_proposals)))
    if not counts:
        return besides
    said = (
        f"{counted(counts, 'object')}, {spread.mean:.2f} %{found.said_in_millimetres(sizes)} apart "
        f"(median {spread.median:.2f} %, 95 % of them below {spread.high:.2f} %)"
    )
    return f"{said}. {besides}" if besides else said


def object_rows(found: Agreement, names: Mapping[int, str]) -> dict[int, tuple[str, ...]]:
    """By the place in `found.pairs`, as the names are; the largest distance first."""
    apart = found.of_each
    return {n: (names[n], f"{apart[n]:.2f}", _whose(found, n)) for n in found.worst_pairs()}


def object_names(project: Project, found: Agreement) -> dict[int, str]:
    """Of the images, by the place in `found.pairs`; where both have labelled several objects of an
    image these are told apart, by the number of the first person's as in the list of images."""
    images = project.some_images({pair.image_id for pair in found.pairs})
    in_image = Counter(pair.image_id for pair in found.pairs)
    several = [pair.first for pair in found.pairs if in_image[pair.image_id] > 1]
    numbered = row_names(project, several) if several else {}
    return {
        n: numbered.get(pair.first) or image_name(images[pair.image_id])
        for n, pair in enumerate(found.pairs)
    }


def both_names(first: str, second: str, *, letters: int = NAME_LETTERS) -> str:
    """Of two people, on one line: long names keep both ends, by which they are told apart.

    letters: that a name has at most; a short one leaves what it does not need to the other."""
    room = 2 * letters
    if len(first) + len(second) <= room:
        return f"{first} and {second}"
    shorter = min(len(first), len(second), letters)
    return f"{_cut(first, room - shorter)} and {_cut(second, room - shorter)}"


def _cut(name: str, most: int) -> str:
    if len(name) <= most:
        return name
    head = most // 2
    return f"{name[:head].rstrip()}\N{HORIZONTAL ELLIPSIS}{name[head + 1 - most :].lstrip()}"


def standings(found: Agreement, place: int) -> tuple[str, str]:
    """Both people's names, with whose label stands for the object where that is decided."""
    stands = _whose(found, place)
    if not stands:
        return found.first, found.second
    first, second = (
        f"{name}: {'stands' if name == stands else 'does not count'}"
        for name in (found.first, found.second)
    )
    return first, second


def _whose(found: Agreement, place: int) -> str:
    pair = found.pairs[place]
    if pair.stands is None:
        return pair.third
    return found.first if pair.stands == pair.first else found.second


def landmark_rows(found: Agreement, scheme: Scheme, place: int) -> dict[int, tuple[str, ...]]:
    """By landmark, the worst on average first. place: in `found.pairs`."""
    spreads, bias, here = found.of_landmarks, found.bias, found.percent[place]
    order = found.worst_landmarks()
    order += [i for i in range(len(scheme)) if i not in order]
    return {
        i: (
            scheme.landmarks[i],
            _number(here[i]),
            _number(spreads[i].mean),
            _number(spreads[i].high),
            _shift(bias[i, 0], bias[i, 1]),
        )
        for i in order
    }


def _number(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else ""


def _shift(x: float, y: float) -> str:
    return f"{_step(x)} {_step(y)}" if np.isfinite(x) else ""


def _step(value: float) -> str:
    # Of photographs of thousands of pixels, where no tenth counts and the column holds none.
    return f"{value:+.0f}" if abs(value) >= 99.95 else f"{value:+.1f}"
