"""Which landmarks labels have outside of the project: its own, or others by a mapping."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.wording import counted

_A_FILE = "\N{BULLET}"
"""Stands for a mapping file that is still to be chosen."""


class MappingChoice(QComboBox):
    changed = Signal()
    """Another mapping is chosen, or none."""

    def __init__(
        self, scheme: Scheme, fitting: Mapping[str, int], parent: QWidget | None = None
    ) -> None:
        """fitting: how many landmarks each built-in mapping from the scheme has."""
        super().__init__(parent)
        self.mapping: str | None = None
        self.addItem(f"All {len(scheme)} of {scheme.name}, as in this project", None)
        for name, count in fitting.items():
            self.addItem(f"{name}: {counted(count, 'landmark')}", name)
        self.addItem("Others, by a mapping file\N{HORIZONTAL ELLIPSIS}", _A_FILE)
        self.activated.connect(self._take)

    def _take(self) -> None:
        chosen = self.currentData()
        if chosen == _A_FILE:
            path, _ = QFileDialog.getOpenFileName(self, "Choose a mapping file", "", "*.toml")
            if not path:
                self.setCurrentIndex(self.findData(self.mapping))
                return
            last = self.count() - 1
            self.insertItem(last, path.rpartition("/")[2], path)
            self.setCurrentIndex(last)
            chosen = path
        self.mapping = chosen
        self.changed.emit()
