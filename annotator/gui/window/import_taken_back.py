"""Takes back a wrong import of labels, beside the labelling."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.pages.context import Change, Changes, Kind
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob, wait_for
from landmark_annotator.annotator.gui.services.messages import Messages
from landmark_annotator.projects.store import Project, TakenBack
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError

_NONE = "There is no import of labels to take back: none was made, or an earlier version made it."


class ImportTakenBack(QObject):
    def __init__(
        self,
        project: Project,
        who: str,
        job: BackgroundJob,
        messages: Messages,
        changes: Changes,
        window: QWidget,
    ) -> None:
        """job: shown while it works."""
        super().__init__(window)
        self._project, self._who, self._job = project, who, job
        self._messages, self._changes, self._window = messages, changes, window

    def choose(self) -> None:
        """Asks which one."""
        if self._job.running:
            self._messages.note(wait_for(self._job.title))
            return
        try:
            imports = self._project.imports()
        except ActionableError as error:
            self._messages.tell(error)
            return
        if not imports:
            self._messages.note(_NONE)
            return
        from landmark_annotator.annotator.gui.imports.taken_back_dialog import TakenBackDialog

        dialog = TakenBackDialog(imports, self._window)
        dialog.wanted.connect(self.take_back)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take_back(self, number: int) -> None:
        work = partial(_take_back, self._project.folder, number, self._who)
        self._job.begin(work, self._tell, "Taking back an import")

    def _tell(self, done: TakenBack) -> None:
        from landmark_annotator.annotator.session.exchange.taken_back import taken_back_text

        said = taken_back_text(done)
        self._changes.announce(Change(Kind.LIST | Kind.STORED | Kind.LABELS, said=said))
        self._messages.note(said)


def _take_back(folder: Path, number: int, who: str, progress: Progress) -> TakenBack:
    from landmark_annotator.annotator.session.exchange.taken_back import take_back_import

    with Project.open(folder) as project:
        return take_back_import(project, number, who=who, progress=progress)
