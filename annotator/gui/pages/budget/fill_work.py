"""The fills of one window: asked for on the budget page, run beside the labelling, told of."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob, wait_for
from landmark_annotator.projects.store import ActionKind, Project, Role
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import NotAllowed
from landmark_annotator.projects.vocabulary.wording import counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.filling.project_fill import Filled, FillPlan

_TOLD = 3
"""Images that could not be read, each by a sentence of its own: a note has no room for many."""


class FillWork(QObject):
    def __init__(self, context: PageContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.job = BackgroundJob("Filling in", self)
        self.job.failed.connect(context.tell)
        context.show_work(self.job, "Stopped, nothing is filled in")
        context.closing.connect(self.job.close)

    def choose(self) -> None:
        """Shows what a fill would do, and asks whether to."""
        if self.job.running:
            self._context.note(wait_for("A fill"))
            return
        try:
            self._context.project.refuse_below(self._context.who, Role.LEAD, ActionKind.FILL)
        except NotAllowed as error:
            self._context.tell(error)
            return
        # Loads the methods, which the page does not need before.
        from landmark_annotator.annotator.gui.pages.budget.fill_dialog import FillDialog

        dialog = FillDialog(self._context.folder, self._page)
        dialog.wanted.connect(self.take)
        dialog.panel.broke.connect(self._context.tell)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, plan: "FillPlan") -> None:
        """Fills as it was planned."""
        work = partial(_fill, self._context.folder, plan, self._context.who)
        self.job.begin(work, self._tell)

    def _tell(self, done: "Filled") -> None:
        title = next(one.title for one in done.judgements if one.name == done.chosen)
        said = [
            f"Filled in {counted(done.landmarks, 'landmark')} of {counted(done.count, 'object')}, "
            f"by {title}. Undo takes all of it back."
        ]
        if done.without_box:
            said.append(f"{counted(done.without_box, 'needs', 'need')} a box first.")
        if done.changed:
            said.append(
                f"{counted(done.changed, 'was', 'were')} left out: somebody has worked there "
                "meanwhile. Fill again for that."
            )
        said += done.unreadable[:_TOLD]
        if (more := len(done.unreadable) - _TOLD) > 0:
            said.append(f"{counted(more, 'more image', 'more images')} could not be read.")
        self._context.changed(Change(Kind.LIST | Kind.STORED, said="Filled in what was open"))
        self._context.note(" ".join(said))


def _fill(folder: Path, plan: "FillPlan", who: str, progress: Progress) -> "Filled":
    from landmark_annotator.annotator.session.filling.project_fill import fill_as_planned

    with Project.open(folder) as project:
        return fill_as_planned(project, plan, who=who, progress=progress)
