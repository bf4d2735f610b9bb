"""Photographs and videos that were moved are asked for once, and all of them found again."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from landmark_annotator.annotator.gui.pages.action_card import ActionCard, key_text
from landmark_annotator.annotator.gui.pages.context import Change, Changes, Kind
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob, wait_for
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.gui.style.themes import letters, quiet
from landmark_annotator.annotator.gui.widgets.path_line import PathLine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import ActionableError, Progress
from landmark_annotator.projects.vocabulary.wording import counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.setup.missing_files import Located

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_WIDTH = 520
_FOLDERS = 4
"""Of which the dialog says what is missing there."""


class PlaceDialog(QDialog):
    """Asks for a folder, or a file that is in it: whoever types a path knows that of the video.

    Qt's dialog for folders does nothing where Enter is pressed on the path of a file, and looks in
    a folder above where its list has taken the beginning of what was typed for a choice.
    """

    wanted = Signal(Path)

    def __init__(self, folder: Path, parent: QWidget) -> None:
        """folder: of the project."""
        super().__init__(parent)
        self.setWindowTitle("Look for missing files")
        self.missing = QLabel(f"Looking which files are missing{_ELLIPSIS}")
        self.missing.setWordWrap(True)
        self._at_work = Tasks(1, self)
        self._at_work.request(
            "missing",
            partial(_missing, folder),
            self._tell_missing,
            lambda _: self.missing.hide(),
        )
        self.finished.connect(self._at_work.leave)
        told = quiet(
            QLabel(
                "Name the folder that they are in now, one above it, or one of the files. They are "
                "known by their content, whatever they are called."
            )
        )
        told.setWordWrap(True)
        self.place = PathLine("Where they are now", folder=True, files="All files (*)")
        buttons = QDialogButtonBox()
        self.look = buttons.addButton("&Look", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.look.setEnabled(False)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(self.missing)
        column.addWidget(told)
        column.addWidget(self.place)
        column.addWidget(buttons)
        self.setMinimumWidth(round(_WIDTH * letters(self)))
        self.place.line.textChanged.connect(lambda text: self.look.setEnabled(bool(text.strip())))
        self.place.setFocus()

    def _tell_missing(self, text: str) -> None:
        self.missing.setText(text)
        # Of lines that are wrapped a window takes one for its size.
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def _take(self) -> None:
        path = self.place.path
        if path is not None:
            self.accept()
            self.wanted.emit(path)


class MovedFiles(QObject):
    found = Signal()
    """Some are where the project looks for them again."""

    def __init__(
        self,
        project: Project,
        job: BackgroundJob,
        messages: Messages,
        changes: Changes,
        window: QWidget,
    ) -> None:
        """job: shown while it looks."""
        super().__init__(window)
        self._folder, self._job, self._window = project.folder, job, window
        self._messages, self._changes = messages, changes

    def choose(self) -> None:
        dialog = PlaceDialog(self._folder, self._window)
        dialog.wanted.connect(self.look_in)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def look_in(self, place: Path) -> None:
        """And below it; of a file, its folder."""
        place = place.parent if place.is_file() else place
        if self._job.running:
            self._messages.note(wait_for(self._job.title))
            return
        work = partial(_locate, self._folder, place)
        self._job.begin(work, partial(self._tell, place), "Looking for files")

    def _tell(self, place: Path, done: "Located") -> None:
        from landmark_annotator.annotator.session.setup.missing_files import (
            found_told,
            told,
            unasked_told,
        )

        if done.found:
            self._changes.announce(Change(Kind.LIST))
            self.found.emit()
        said = found_told(done)
        if done.missing:
            self._messages.tell(
                ActionableError(
                    f"{said} {told(done.missing)}",
                    kept="All labels are kept.",
                    remedy=f"They are not below {place}: look in another folder, or above it.",
                )
            )
        else:
            none = unasked_told(done.unasked) or "No file is missing."
            self._messages.note(said if done.found else none)


def remedy(card: ActionCard) -> str:
    """What to do about a file that is missing. card: of the action that finds it."""
    key = f" ({key_text(card)})" if card.keys else ""
    title = card.title.rstrip(_ELLIPSIS)
    return f"Put it back, or say where it is now: {card.menu}, {title}{key}."


def _missing(folder: Path) -> str:
    """What people are told of it, in any thread."""
    from landmark_annotator.annotator.session.setup.missing_files import (
        missing_files,
        told,
        unasked_sources,
        unasked_told,
    )

    with Project.open(folder, read_only=True) as project:
        lines = told(missing_files(project)).splitlines()
        unasked = unasked_told(unasked_sources(project)).splitlines()
    more = len(lines) - _FOLDERS
    rest = [f"More is missing in {counted(more, 'other folder')}."] if more > 0 else []
    return "\n".join([*lines[:_FOLDERS], *rest, *unasked[:_FOLDERS]]) or "No file is missing."


def _locate(folder: Path, place: Path, progress: Progress) -> "Located":
    from landmark_annotator.annotator.session.setup.missing_files import locate

    with Project.open(folder) as project:
        return locate(project, [place], progress)
