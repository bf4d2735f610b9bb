"""Photographs and videos that were moved are asked for once, and all of them found again."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from landmark_annotator.annotator.gui.pages.action_card import ActionCard, key_text
from landmark_annotator.annotator.gui.pages.context import Change, Changes, Kind
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import ActionableError, Progress
from landmark_annotator.projects.vocabulary.wording import counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.setup.missing_files import Located


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
        asking = QFileDialog(self._window, "Look for missing files in")
        asking.setFileMode(QFileDialog.FileMode.Directory)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.fileSelected.connect(lambda chosen: self.look_in(Path(chosen)))
        asking.open()

    def look_in(self, place: Path) -> None:
        """And below it."""
        if self._job.running:
            self._messages.note("An import is running. Wait until it is done, or stop it below.")
            return
        self._job.begin(partial(_locate, self._folder, place), partial(self._tell, place))

    def _tell(self, place: Path, done: "Located") -> None:
        from landmark_annotator.annotator.session.setup.missing_files import told

        if done.found:
            self._changes.announce(Change(Kind.LIST))
            self.found.emit()
        said = f"{counted(len(done.found), 'file')} found again."
        if done.missing:
            self._messages.tell(
                ActionableError(
                    f"{said} {told(done.missing)}",
                    kept="All labels are kept.",
                    remedy=f"They are not below {place}: look in another folder, or above it.",
                )
            )
        else:
            self._messages.note(said if done.found else "No file is missing.")


def remedy(card: ActionCard) -> str:
    """What to do about a file that is missing. card: of the action that finds it."""
    key = f" ({key_text(card)})" if card.keys else ""
    title = card.title.rstrip("\N{HORIZONTAL ELLIPSIS}")
    return f"Put it back, or say where it is now: {card.menu}, {title}{key}."


def _locate(folder: Path, place: Path, progress: Progress) -> "Located":
    from landmark_annotator.annotator.session.setup.missing_files import locate

    with Project.open(folder) as project:
        return locate(project, [place], progress)
