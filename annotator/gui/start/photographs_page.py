"""Where the photographs or videos are, and what the project is called."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QListWidget
from typing_extensions import override

from landmark_annotator.annotator.gui.imports.frames_fields import FramesFields
from landmark_annotator.annotator.gui.imports.left_out import counted_left_out, left_out_lines
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.gui.start.wizard_page import WizardPage
from landmark_annotator.annotator.gui.style.themes import quiet
from landmark_annotator.annotator.gui.widgets.path_line import VIDEO_FILES, PathLine
from landmark_annotator.annotator.session.setup.import_preview import survey_of
from landmark_annotator.annotator.session.setup.new_project import check_folder, photographs_in
from landmark_annotator.annotator.session.setup.video_frames import FramesChoice, videos_at
from landmark_annotator.projects.exchange import ImportReport
from landmark_annotator.projects.remote import (
    address_of,
    checked,
    is_address,
    settings,
    source_name,
)
from landmark_annotator.projects.vocabulary import ActionableError


class PhotographsPage(WizardPage):
    def __init__(self) -> None:
        super().__init__(
            "Photographs or videos",
            "They stay where they are and are never changed; the project keeps only where to find "
            "them.",
        )
        self.images = PathLine(
            "Folder or address of photographs, or a video",
            folder=True,
            files=VIDEO_FILES,
        )
        self.fields = FramesFields()
        self.fields.hide()
        self.found = quiet(QLabel())
        self.found.setAccessibleName("How many photographs were found")
        self.name = QLineEdit()
        self.name.setAccessibleName("Name of the project")
        self.folder = PathLine("Folder of the project", folder=True)
        self.left_out = QListWidget()
        self.left_out.setAccessibleName("Which would be left out and why")
        self.left_out.setWordWrap(True)
        self.left_out.setAlternatingRowColors(True)
        self.left_out.hide()
        self._suggested: Path | None = None
        rows = QFormLayout()
        rows.setVerticalSpacing(10)
        rows.addRow("&Photographs:", self.images)
        rows.addRow("", self.found)
        rows.addRow(self.fields)
        rows.addRow("Na&me:", self.name)
        rows.addRow("Project &folder:", self.folder)
        self.column.addLayout(rows)
        self.column.addWidget(self.left_out, 1)
        self.column.addStretch()
        self.setFocusProxy(self.images)
        self._at_work = Tasks(1, self)
        self._count = 0
        self.survey = BackgroundJob("Looking at the photographs", self)
        self.survey.progressed.connect(self._show_progress)
        self.survey.failed.connect(self._show_failure)
        self.images.changed.connect(self._look)
        self.name.textEdited.connect(self._suggest_folder)

    @override
    def check(self) -> None:
        images, folder = self.images.path, self.folder.path
        if self.frames and not self.fields.readable:
            raise ActionableError(self.fields.held.text(), remedy="Choose another video.")
        if self.frames and self.fields.counting:
            raise ActionableError(
                "The frames of the videos are being counted.",
                remedy="Go on in a moment: which videos cannot be read is said then.",
            )
        typed = self.images.line.text().strip()
        if is_address(typed):
            settings.allow([source_name(checked(typed))])  # who types it confirms it
        elif not self.frames and (images is None or not images.is_dir()):
            raise ActionableError(
                "There is no such folder of photographs, and no such video."
                if images
                else "No folder is named yet.",
                remedy="Choose the folder that holds the photographs, or a video.",
            )
        if not self.name.text().strip():
            raise ActionableError("The project has no name.", remedy="Type one.")
        if folder is None:
            raise ActionableError("The project has no folder.", remedy="Choose a new one.")
        check_folder(folder.absolute())

    @property
    def frames(self) -> tuple[FramesChoice, ...]:
        """Of the videos that are named; none where it is a folder of photographs."""
        return () if self.fields.isHidden() else self.fields.choices

    def close_threads(self) -> None:
        self.fields.close_threads()
        self._at_work.close()
        self.survey.close()

    def _look(self) -> None:
        images = self.images.path
        elsewhere = None if images is None else address_of(images)
        self.found.setText("")
        self.left_out.hide()
        self.fields.hide()
        self._at_work.drop("count")
        self.survey.drop()
        self.problem.hide()
        if images is not None and elsewhere is not None:
            self.found.setText("They are fetched once when the project is made.")
            self._suggest_name(images)
            return
        videos = [] if images is None else videos_at(images)
        if images is not None and videos:
            self.fields.show()
            self.fields.look_at(videos)
            self._suggest_name(images)
            return
        if images is None or not images.is_dir():
            return
        self.found.setText("counting\N{HORIZONTAL ELLIPSIS}")
        self._at_work.request(
            "count",
            partial(photographs_in, images),
            partial(self._show_count, images),
            self._show_failure,
        )
        self._suggest_name(images)

    def _suggest_name(self, images: Path) -> None:
        if not self.name.isModified():
            whole = address_of(images) is None and images.is_dir()
            self.name.setText(images.name if whole else images.stem)
            self._suggest_folder()

    def _suggest_folder(self) -> None:
        """Beside the photographs, or at home where they are elsewhere, unless the user has chosen
        another place."""
        images, name = self.images.path, self.name.text().strip().replace("/", "-")
        if images is not None and name and self.folder.path in (None, self._suggested):
            wanted = name if name != images.name else f"{name}-landmarks"
            beside = images.parent if address_of(images) is None else Path.home()
            self._suggested = beside / wanted
            self.folder.show_path(self._suggested)

    def _show_count(self, images: Path, count: int) -> None:
        """At once; which of them can be read takes longer."""
        self._count = count
        self.found.setText(_found(count))
        self.survey.begin(partial(survey_of, images), self._show_survey)

    def _show_progress(self, stage: str, done: int, total: int) -> None:
        if 0 < done < total:
            self.found.setText(f"{_found(self._count)}, {done:,} looked at")

    def _show_survey(self, report: ImportReport) -> None:
        said = counted_left_out(report)
        # Pictures of other kinds and names were not counted before.
        self._count = report.added + len(report.unreadable) + len(report.copies)
        come = f": {report.added:,} will come in, {said}" if said else ""
        self.found.setText(f"{_found(self._count)}{come}")
        self.left_out.clear()
        self.left_out.addItems(left_out_lines(report))
        self.left_out.setVisible(bool(said))

    def _show_failure(self, error: Exception) -> None:
        self.found.setText(f"It cannot be looked at: {error}")


def _found(count: int) -> str:
    return f"{count:,} found" if count else "No photographs were found in this folder."
