"""What runs beside the labelling of one project: training, proposing, importing."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from annotator.gui.pages.context import Change, Changes, Kind
from annotator.gui.services.background_job import BackgroundJob
from annotator.gui.services.messages import Messages
from annotator.gui.services.training_process import BackgroundTraining
from annotator.gui.window.work_strip import WorkLine, WorkStrip
from projects.store import Project
from projects.vocabulary import Progress

if TYPE_CHECKING:
    from annotator.session.setup.import_preview import ImportPreview
    from projects.exchange import ImportReport


class BackgroundWork(QObject):
    """`strip` shows it, and is put where the window wants it."""

    trained = Signal()
    """There is a new model."""

    def __init__(
        self, project: Project, who: str, messages: Messages, changes: Changes, window: QWidget
    ) -> None:
        super().__init__(window)
        self._project, self._who, self._messages, self._window = project, who, messages, window
        self._changes, self._folder = changes, project.folder
        self.training = BackgroundTraining(project.folder, self)
        self.importing = BackgroundJob("Importing", self)
        self.proposing = BackgroundJob("Proposing", self)
        again = "What is done is kept; begun again, it goes on from there"
        self.lines = {
            "train": WorkLine(self.training, "Stop", again),
            "import": WorkLine(self.importing, "Stop", again),
            "propose": WorkLine(self.proposing, "Stop", again),
        }
        self.strip = WorkStrip(*self.lines.values())
        for name, work in (
            ("train", self.training),
            ("import", self.importing),
            ("propose", self.proposing),
        ):
            work.progressed.connect(self.lines[name].show_progress)
            work.ended.connect(self.lines[name].hide)
            work.failed.connect(messages.tell)
        self.training.trained.connect(self._tell_trained)

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        return {
            "train": self.training.switch,
            "import": self.choose,
            "propose": self.propose,
        }

    def choose(self, sources: Sequence[Path] = ()) -> None:
        """Asks what to import, beginning with these files or folders."""
        if self.importing.running:
            self._messages.note("An import is running. Wait until it is done, or stop it below.")
            return
        # Loads the formats, which the window does not need before.
        from annotator.gui.imports.dialog import ImportDialog

        dialog = ImportDialog(self._folder, self._project.scheme, self._window)
        dialog.wanted.connect(self.take)
        dialog.panel.broke.connect(self._messages.tell)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        if sources:
            dialog.look_at(sources)

    def take(self, seen: "ImportPreview") -> None:
        """Imports what was previewed."""
        from annotator.session.setup.import_preview import import_previewed

        work = partial(import_previewed, self._folder, seen, self._who)
        self.importing.begin(work, partial(self._tell_imported, seen.choice.proposals))

    def propose(self) -> None:
        """For everything that is not accepted; begun again, it starts over with the best model."""
        self.proposing.begin(partial(_propose, self._folder), self._tell_proposed)

    def close(self) -> None:
        self.training.close()
        self.importing.close()
        self.proposing.close()

    def _tell_imported(self, proposals: bool, report: "ImportReport") -> None:
        stopped = "Stopped: what was imported until then is there. " if report.cancelled else ""
        left_out = (
            f" {len(report.unreadable):,} could not be read and were left out."
            if report.unreadable
            else ""
        )
        bare = report.added + report.filled - report.labelled
        came = (
            f"{report.labelled:,} are proposed, for a person to confirm."
            if proposals
            else f"{report.labelled:,} with landmarks and {bare:,} without came in."
        )
        self._messages.note(f"{stopped}{came}{left_out}")
        self._changes.announce(Change(Kind.LIST | Kind.LABELS))

    def _tell_proposed(self, said: str) -> None:
        self._messages.note(said)
        self._changes.announce(Change(Kind.LIST | Kind.PROPOSALS))

    def _tell_trained(self, held_out_error: float) -> None:
        self._messages.note(
            f"The model is trained: {held_out_error:.1f} % error on held-out shapes."
        )
        self.trained.emit()


def _propose(folder: Path, progress: Progress) -> str:
    """What came of it, in a sentence or two."""
    # Loads what proposes, which the window does not need before.
    from annotator.session.models.batch_proposals import propose_all

    with Project.open(folder) as project:
        done = propose_all(project, progress)
    said = [f"Proposed for {done.count:,}. {done.reason}"]
    if done.without_box:
        said.append(f"{done.without_box:,} need a box first.")
    if done.unreadable:
        said.append(f"{len(done.unreadable):,} images could not be read.")
    return " ".join(said)
