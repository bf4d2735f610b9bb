"""The wizard of a new project: photographs, landmarks, boxes, labels that exist already."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from landmark_annotator.annotator.gui.start.boxes_page import BoxesPage
from landmark_annotator.annotator.gui.start.labels_page import LabelsPage
from landmark_annotator.annotator.gui.start.photographs_page import PhotographsPage
from landmark_annotator.annotator.gui.start.scheme_page import SchemePage
from landmark_annotator.annotator.gui.start.wizard_page import WizardPage
from landmark_annotator.annotator.gui.start.working_dialog import WorkingDialog
from landmark_annotator.annotator.gui.style.screen import resize_within
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.session.setup.new_project import (
    MadeProject,
    NewProject,
    make_project,
)
from landmark_annotator.projects.images.source import holds_frames
from landmark_annotator.projects.vocabulary import ActionableError, Scheme


class NewProjectWizard(WorkingDialog):
    """Makes the project in a thread; nothing of it is there where that fails or is stopped.

    Qt's own QWizard is not used: it crashes when the theme changes while it is open (6.11).
    """

    made = Signal(object, object, str)
    """(folder of the project, ImportReport: what came in and what did not, how its images are
    related)"""

    def __init__(self, who: str, source: Path | None = None, parent: QWidget | None = None) -> None:
        """source: a folder of photographs, a video or a label file to begin with."""
        super().__init__(parent, "Making the project", "How far the new project is")
        self._who = who
        self.setWindowTitle("New project")
        resize_within(self, QSize(760, 600) * min(letters(self), 1.6))
        self.photographs = PhotographsPage()
        self.landmarks = SchemePage()
        self.landmarks.photographs = lambda: self.photographs.images.path
        self.landmarks.project_name = lambda: self.photographs.name.text().strip()
        self.landmarks.broke.connect(self.broke)
        self.boxes = BoxesPage()
        self.labels = LabelsPage(self._given, lambda: len(self.photographs.frames))
        self.pages: tuple[WizardPage, ...] = (
            self.photographs,
            self.landmarks,
            self.boxes,
            self.labels,
        )
        self.stack = QStackedWidget()
        for page in self.pages:
            self.stack.addWidget(page)
            page.complete_changed.connect(self._show_buttons)
        self.step = quiet(QLabel())
        self.step.setAccessibleName("Step of the wizard")
        self.back = QPushButton("&Back")
        self.next = QPushButton()
        self.cancel = QPushButton("Cancel")
        for button in (self.back, self.cancel):
            button.setAutoDefault(False)
        self.next.setDefault(True)
        self.back.clicked.connect(lambda: self._turn_to(self.stack.currentIndex() - 1))
        self.next.clicked.connect(self._go_on)
        self.cancel.clicked.connect(self.reject)
        self._compose()
        self.labels.panel.broke.connect(self.broke)
        self.finished.connect(self.close_threads)
        if source is not None:
            self._begin_with(source)
        self._turn_to(0)

    def _compose(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.step)
        line.addStretch()
        for button in (self.back, self.next, self.cancel):
            line.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        # In large letters a page is longer than the dialog, which is no longer than the screen.
        scrolled = QScrollArea()
        scrolled.setWidget(self.stack)
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setAccessibleName("Page of the wizard")
        column.addWidget(scrolled, 1)
        self._add_progress(column)
        column.addLayout(line)

    def _turn_to(self, place: int) -> None:
        page = self.pages[place]
        self.stack.setCurrentWidget(page)
        page.begin()
        self._show_buttons()
        page.setFocus()

    def _go_on(self) -> None:
        place = self.stack.currentIndex()
        if not self.pages[place].passed():
            return
        if self.pages[place] is self.landmarks:
            self.labels.offer(self.landmarks.labels_file)
        if place + 1 < len(self.pages):
            self._turn_to(place + 1)
        else:
            self._make()

    @override
    def _show_buttons(self) -> None:
        place, busy = self.stack.currentIndex(), self.work.running
        last = place + 1 == len(self.pages)
        self.step.setText(f"Step {place + 1} of {len(self.pages)}")
        self.back.setVisible(place > 0)
        self.back.setEnabled(not busy)
        self.next.setText("&Make the project" if last else "&Next")
        self.next.setEnabled(self.pages[place].complete and not busy)

    def _make(self) -> None:
        folder, frames = self.photographs.folder.path, self.photographs.frames
        images = None if frames else self.photographs.images.path
        scheme = self.landmarks.scheme
        # Making it looks at every photograph once more.
        self.photographs.survey.cancel()
        assert folder is not None  # the pages before have checked it
        assert scheme is not None
        wanted = NewProject(
            folder.absolute(),
            self.photographs.name.text().strip(),
            scheme,
            images,
            self.labels.preview,
            self.boxes.whole_images,
            frames,
            self.landmarks.is_made_here,
            self.landmarks.labels,
        )
        self.work.begin(partial(make_project, wanted, self._who), self._end)
        self._show_buttons()

    def _given(self) -> tuple[Scheme, Path | None]:
        scheme = self.landmarks.scheme
        assert scheme is not None
        return scheme, self.photographs.images.path

    def _begin_with(self, source: Path) -> None:
        if source.is_dir() or holds_frames(source):
            self.photographs.images.show_path(source)
        else:
            self.photographs.images.show_path(source.parent)
            self.labels.source.line.setText(str(source))

    def _end(self, made: MadeProject) -> None:
        self.done(QDialog.DialogCode.Accepted)
        self.made.emit(made.folder, made.report, made.related)

    @override
    def _show_progress(self, stage: str, done: int, total: int) -> None:
        self.how_far.setText(f"{stage or 'Beginning'} {f'{done:,} of {total:,}' if total else ''}")
        super()._show_progress(stage, done, total)

    @override
    def _tell(self, error: ActionableError) -> None:
        self.labels.problem.show_error(error)

    def close_threads(self) -> None:
        self.photographs.close_threads()
        self.labels.panel.close_threads()
        self.work.close()
