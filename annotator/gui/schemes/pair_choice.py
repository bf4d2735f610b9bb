"""Two landmarks out of all, or none: the heading of a scheme, or what errors are divided by."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from landmark_annotator.projects.vocabulary.scheme import Pair


class PairChoice(QWidget):
    chosen = Signal(object)
    """(two landmarks, or None)"""

    def __init__(self, what: str, none: str, between: str) -> None:
        """none: what it means that there is no pair; between: a word between the two."""
        super().__init__()
        self._none = none
        self.first, self.second = QComboBox(), QComboBox()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for box, which in ((self.first, "first"), (self.second, "second")):
            box.setAccessibleName(f"{what}: {which} landmark")
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(8 if box is self.second else max(8, len(none)))
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.activated.connect(self._choose)
        row.addWidget(self.first, 1)
        row.addWidget(QLabel(between))
        row.addWidget(self.second, 1)
        self._names: Sequence[str] = ()

    def show_pair(self, names: Sequence[str], pair: Pair | None) -> None:
        """A half choice stays while there is no pair."""
        both = (self.first, self.second)
        half = [box.currentIndex() for box in both]
        half = half if sum(i > 0 for i in half) == 1 and len(names) == len(self._names) else [0, 0]
        self._names = names
        for box, index in zip(both, half if pair is None else [i + 1 for i in pair], strict=True):
            box.clear()
            box.addItems([self._none, *names])
            box.setCurrentIndex(index)

    def _choose(self) -> None:
        a, b = self.first.currentIndex() - 1, self.second.currentIndex() - 1
        sender = self.sender()
        if isinstance(sender, QComboBox) and sender.currentIndex() == 0:
            self.first.setCurrentIndex(0)
            self.second.setCurrentIndex(0)
            self.chosen.emit(None)
        elif min(a, b) >= 0 and a != b:
            self.chosen.emit((a, b))
