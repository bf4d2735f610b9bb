"""A line for the path of a folder or file: typed, or chosen."""

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from landmark_annotator.projects.remote import checked, is_address, place_of, shown
from landmark_annotator.projects.video import VIDEO_SUFFIXES
from landmark_annotator.projects.vocabulary.errors import ImageError

VIDEO_FILES = (
    f"Videos ({' '.join(f'*{suffix}' for suffix in sorted(VIDEO_SUFFIXES))});;All files (*)"
)
"""The filter of a dialog for a video."""


class PathLine(QWidget):
    changed = Signal()
    """Another path is in the line: it was chosen, or typing came to an end."""

    def __init__(self, what: str, *, folder: bool, files: str = "") -> None:
        """what: the line for screen readers; files: the filter of the dialog for a file. A folder
        with a filter: either of them, each by a button of its own."""
        super().__init__()
        self._what, self._folder, self._files = what, folder, files
        self._told = ""
        self.line = QLineEdit()
        self.line.setAccessibleName(what)
        self.line.setPlaceholderText(what)
        self.line.editingFinished.connect(self.settle)
        choose = QPushButton("Choose\N{HORIZONTAL ELLIPSIS}")
        choose.setAccessibleName(f"Choose: {what}")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(choose)
        if folder and files:
            file = QPushButton("File\N{HORIZONTAL ELLIPSIS}")
            file.setAccessibleName(f"Choose a file: {what}")
            file.setAutoDefault(False)
            file.clicked.connect(self._choose_file)
            row.addWidget(file)
            choose.setText("Folder\N{HORIZONTAL ELLIPSIS}")
        self.setFocusProxy(self.line)
        # Else the letter of its label goes nowhere.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def path(self) -> Path | None:
        """Of an address, where its copies lie; of one that nothing is fetched from, no place that
        there is."""
        text = self.line.text().strip()
        if is_address(text):
            with suppress(ImageError):
                return place_of(checked(text))
        return Path(text).expanduser() if text else None

    def show_path(self, path: Path | None) -> None:
        self.line.setText("" if path is None else shown(path))
        self.settle()

    def settle(self) -> None:
        """What was typed up to now counts: a key, or a button that takes no keyboard, may go on
        while the line still has it."""
        if self.line.text() != self._told:
            self._told = self.line.text()
            self.changed.emit()

    def _choose(self) -> None:
        if not self._folder:
            self._choose_file()
            return
        chosen = QFileDialog.getExistingDirectory(self, self._what, self.line.text())
        if chosen:
            self.show_path(Path(chosen))

    def _choose_file(self) -> None:
        start = self.line.text()
        chosen, _ = QFileDialog.getOpenFileName(self, self._what, start, self._files)
        if chosen:
            self.show_path(Path(chosen))
