"""The wizard of a new project: photographs, landmarks, boxes, labels that exist already."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget, QWizard

from annotator.gui.background.job import BackgroundJob
from annotator.gui.start.boxes_page import BoxesPage
from annotator.gui.start.labels_page import LabelsPage
from annotator.gui.start.photographs_page import PhotographsPage
from annotator.gui.start.scheme_page import SchemePage
from annotator.gui.themes import quiet
from annotator.session.making import NewProject, make_project
from projects.vocabulary import ActionableError, Scheme


class NewProjectWizard(QWizard):
    """Makes the project in a thread; nothing of it is there where that fails or is stopped."""

    made = Signal(object)
    """(folder of the project)"""
    broke = Signal(Exception)

    def __init__(self, who: str, source: Path | None = None, parent: QWidget | None = None) -> None:
        """source: a folder of photographs or a label file to begin with."""
        super().__init__(parent)
        self._who = who
        self._leaving = False
        self.setWindowTitle("New project")
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.setButtonText(QWizard.WizardButton.FinishButton, "&Make the project")
        self.resize(760, 600)
        self.photographs = PhotographsPage()
        self.landmarks = SchemePage()
        self.boxes = BoxesPage()
        self.labels = LabelsPage(self._given)
        for page in (self.photographs, self.landmarks, self.boxes, self.labels):
            self.addPage(page)
        self.how_far = quiet(QLabel())
        self.how_far.setAccessibleName("How far the new project is")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Making the project")
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(10)
        for widget in (self.how_far, self.bar):
            self.labels.column.addWidget(widget)
            widget.hide()
        self.making = BackgroundJob("Making the project", self)
        self.making.progressed.connect(self._show_progress)
        self.making.ended.connect(self._show_end)
        self.making.failed.connect(self._show_failure)
        self.labels.panel.broke.connect(self.broke)
        self.finished.connect(self._close_threads)
        if source is not None:
            self._begin_with(source)

    def accept(self) -> None:
        """Begins to make it; the wizard closes once it is there."""
        images, folder = self.photographs.images.path, self.photographs.folder.path
        scheme = self.landmarks.scheme
        if self.making.running or folder is None or scheme is None:
            return
        wanted = NewProject(
            folder.absolute(),
            self.photographs.name.text().strip(),
            scheme,
            images,
            self.labels.preview,
            self.boxes.whole_images,
        )
        for button in (QWizard.WizardButton.FinishButton, QWizard.WizardButton.BackButton):
            self.button(button).setEnabled(False)
        self.making.begin(partial(make_project, wanted, self._who), self._end)

    def reject(self) -> None:
        """What is being made is stopped first, and cleared away."""
        if self.making.running:
            self._leaving = True
            self.making.cancel()
            self.how_far.setText("stopping\N{HORIZONTAL ELLIPSIS}")
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.reject()
        if self.making.running:
            event.ignore()

    def _given(self) -> tuple[Scheme, Path | None]:
        scheme = self.landmarks.scheme
        assert scheme is not None
        return scheme, self.photographs.images.path

    def _begin_with(self, source: Path) -> None:
        if source.is_dir():
            self.photographs.images.show_path(source)
        else:
            self.photographs.images.show_path(source.parent)
            self.labels.source.line.setText(str(source))

    def _end(self, folder: Path) -> None:
        super().accept()
        self.made.emit(folder)

    def _show_progress(self, stage: str, done: int, total: int) -> None:
        self.how_far.setText(f"{stage or 'Beginning'} {f'{done:,} of {total:,}' if total else ''}")
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.how_far.show()
        self.bar.show()

    def _show_end(self) -> None:
        self.how_far.hide()
        self.bar.hide()
        for button in (QWizard.WizardButton.FinishButton, QWizard.WizardButton.BackButton):
            self.button(button).setEnabled(True)
        if self._leaving:
            super().reject()

    def _show_failure(self, error: Exception) -> None:
        if isinstance(error, ActionableError):
            self.labels.problem.show_error(error)
        else:
            self.broke.emit(error)

    def _close_threads(self) -> None:
        self.photographs.close_threads()
        self.labels.panel.close_threads()
        self.making.close()
