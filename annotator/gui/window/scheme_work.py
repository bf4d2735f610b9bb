"""The landmarks of the open project: changed in the editor, and told of once they are."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.window.background_work import BackgroundWork
from landmark_annotator.projects.images.source import image_name
from landmark_annotator.projects.store import ActionKind, Role
from landmark_annotator.projects.vocabulary import Progress, SchemeChange
from landmark_annotator.projects.vocabulary.errors import NotAllowed
from landmark_annotator.projects.vocabulary.scheme import Pair
from landmark_annotator.projects.vocabulary.wording import counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.gui.schemes.dialog import ChangeSchemeDialog
    from landmark_annotator.annotator.session.setup.scheme_change import SchemeChangePreview


class SchemeWork(QObject):
    reopen_wanted = Signal(str)
    """(what is to be said then) The project has another scheme than this window."""

    def __init__(
        self,
        context: PageContext,
        controller: LabelController,
        work: BackgroundWork,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._context, self._controller = context, controller
        self._work, self._window = work, window
        self._changing = BackgroundJob("Changing the scheme", self)
        self._changing.failed.connect(context.tell)
        context.closing.connect(self._changing.close)
        controller.scheme_turned.connect(self.reopen_wanted)

    def let_point(self, heading: Pair) -> None:
        """From one landmark to another, as the editor sets it: one step for undo."""
        if not self._free:
            return
        context = self._context
        change = SchemeChange.none(context.project.scheme).head(heading)

        def make(progress: Progress) -> Path | None:
            from landmark_annotator.annotator.session.setup.scheme_change import change_opened

            return change_opened(context.folder, change, context.who)

        start, end = (context.project.scheme.landmarks[i] for i in heading)
        said = f"Objects point from {start} to {end} now. Undo takes it back."
        self._changing.begin(make, lambda _: self.reopen_wanted.emit(said))

    @property
    def allowed(self) -> bool:
        """Whether this person may change the scheme."""
        project = self._context.project
        try:
            project.refuse_below(self._context.who, Role.LEAD, ActionKind.SCHEME)
        except NotAllowed:
            return False
        return not project.read_only

    @property
    def _free(self) -> bool:
        """Whether the scheme can be changed now; else it is told why not."""
        context = self._context
        if self._work.refuses(ActionKind.SCHEME, kept="Its landmarks stay as they are."):
            return False
        others = (self._work.importing, self._work.proposing, self._changing)
        if context.work_runs or any(work.running for work in others):
            context.note("Something is written into the project. Wait until it is done.")
            return False
        self._controller.settle()
        return True

    def edit(self) -> None:
        if not self._free:
            return
        context = self._context
        from landmark_annotator.annotator.gui.schemes.dialog import ChangeSchemeDialog

        dialog = ChangeSchemeDialog(
            context.folder, context.project.scheme, context.who, self._window
        )
        self._offer_open(dialog)
        dialog.done_change.connect(lambda *done: self._tell(*done, placed=bool(dialog.placed)))
        dialog.broke.connect(context.tell)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _offer_open(self, dialog: "ChangeSchemeDialog") -> None:
        """The photograph that is open, where a person has labelled some of it or a model has."""
        view = self._controller.view
        picture = None
        if view is not None:
            picture = self._controller.preparation.picture(view.instance.image_id)
        if view is not None and picture is not None:
            name = image_name(self._context.project.image(view.instance.image_id))
            dialog.offer_open(name, picture.pyramid, view.shape.points, view.instance.id)

    def _tell(self, preview: "SchemeChangePreview", copy: Path | None, *, placed: bool) -> None:
        """placed: whether new landmarks have their first place, on what is open."""
        again = counted(preview.reopened, "shape is", "shapes are")
        opened = f"{again} open again. " if preview.reopened else ""
        back = "your clicks back, then the change" if placed else "it back"
        kept = "" if copy is None else f"; a copy of the project from before is {copy.name}"
        self.reopen_wanted.emit(f"The scheme is changed. {opened}Undo takes {back}{kept}.")
