"""A dialog that ends with one slow work, and how far that is."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QLabel, QProgressBar, QVBoxLayout, QWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.projects.vocabulary import ActionableError

_STOPPING = "stopping\N{HORIZONTAL ELLIPSIS}"


class WorkingDialog(QDialog):
    """Whoever leaves it while the work is on stops that first, and what it made is cleared away."""

    broke = Signal(Exception)

    def __init__(self, parent: QWidget | None, title: str, how_far: str) -> None:
        """title: of the work; how_far: what the line on it is called."""
        super().__init__(parent)
        self._leaving = False
        self.how_far = quiet(QLabel())
        self.how_far.setAccessibleName(how_far)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(title)
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(10)
        self.work = BackgroundJob(title, self)
        self.work.progressed.connect(self._show_progress)
        self.work.ended.connect(self._show_end)
        self.work.failed.connect(self._show_failure)

    def _add_progress(self, column: QVBoxLayout) -> None:
        """Seen while the work is on."""
        for widget in (self.how_far, self.bar):
            column.addWidget(widget)
            widget.hide()

    @override
    def reject(self) -> None:
        if self.work.running:
            self._leaving = True
            self.work.cancel()
            self.how_far.setText(_STOPPING)
        else:
            super().reject()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.reject()
        if self.work.running:
            event.ignore()

    def _show_progress(self, stage: str, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.how_far.show()
        self.bar.show()

    def _show_end(self) -> None:
        self.how_far.hide()
        self.bar.hide()
        self._show_buttons()
        if self._leaving:
            super().reject()

    def _show_failure(self, error: Exception) -> None:
        if isinstance(error, ActionableError):
            self._tell(error)
        else:
            self.broke.emit(error)

    def _show_buttons(self) -> None:
        raise NotImplementedError

    def _tell(self, error: ActionableError) -> None:
        """Where people look for it in this dialog."""
        raise NotImplementedError
