"""What some work would do, found out in a thread and shown before anything is written."""

import html
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QListWidget, QProgressBar, QVBoxLayout, QWidget

from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.widgets.banner import Banner
from landmark_annotator.projects.vocabulary import ActionableError, Progress

_LISTED = 50
"""What is named one by one; more of it helps nobody."""

Seen = TypeVar("Seen")


class PreviewPanel(QWidget, Generic[Seen]):
    """What it shows is always of the newest request."""

    changed = Signal()
    """There is a preview now, or none."""
    broke = Signal(Exception)
    """A mistake of the program while looking."""

    def __init__(self, title: str, shows: str, lists: str, parent: QWidget | None = None) -> None:
        """title: of the work of looking; shows, lists: what is read aloud of text and list."""
        super().__init__(parent)
        self.preview: Seen | None = None
        self._title = title
        self._looking = BackgroundJob(title, self)
        self._looking.progressed.connect(self._show_progress)
        self._looking.failed.connect(self._show_failure)
        self.problem = Banner(self)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setAccessibleName(shows)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(10)
        self.bar.setAccessibleName(title)
        self.listed = QListWidget()
        self.listed.setAccessibleName(lists)
        self.listed.setWordWrap(True)
        self.listed.setAlternatingRowColors(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.problem)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        column.addWidget(self.listed, 1)
        column.addStretch()
        self.clear()

    def lines_of(self, preview: Seen) -> Sequence[str]:
        """In plain words, the most important one first."""
        raise NotImplementedError

    def items_of(self, preview: Seen) -> Sequence[str]:
        """What is listed below the words."""
        raise NotImplementedError

    @property
    def looking(self) -> bool:
        return self._looking.running

    def look(self, work: Callable[[Progress], Seen]) -> None:
        self.clear()
        self.text.setText(f"{self._title}. Nothing is written yet.")
        self.bar.show()
        self._looking.begin(work, self._show)
        self.changed.emit()

    def clear(self) -> None:
        self._looking.drop()
        self.preview = None
        self.problem.hide()
        self.bar.hide()
        self.listed.hide()
        self.text.clear()
        self.changed.emit()

    def wait(self, text: str) -> None:
        """Shows nothing but what it waits for."""
        self.clear()
        self.text.setText(text)

    def close_threads(self) -> None:
        # The next safe point may be minutes away, where methods are judged.
        self._looking.leave()

    def _show(self, preview: Seen) -> None:
        self.preview = preview
        self.bar.hide()
        lines = [html.escape(line) for line in self.lines_of(preview)]
        self.text.setText(f"<b>{lines[0]}</b><br>" + "<br>".join(lines[1:]))
        self.listed.clear()
        items = self.items_of(preview)
        self.listed.addItems(items[:_LISTED])
        if len(items) > _LISTED:
            self.listed.addItem(f"and {len(items) - _LISTED:,} more")
        self.listed.setVisible(bool(items))
        self.changed.emit()

    def _show_failure(self, error: Exception) -> None:
        self.clear()
        if isinstance(error, ActionableError):
            self.problem.show_error(error)
        else:
            self.broke.emit(error)

    def _show_progress(self, stage: str, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
