"""The landmarks of the open project: changed in the editor, and told of once they are."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.window.background_work import BackgroundWork
from landmark_annotator.projects.vocabulary import ActionableError

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
        controller.scheme_turned.connect(self.reopen_wanted)

    def edit(self) -> None:
        context = self._context
        if context.project.read_only:
            context.tell(
                ActionableError(
                    "This project can only be looked at.", kept="Its landmarks stay as they are."
                )
            )
            return
        if self._work.importing.running or self._work.proposing.running:
            context.note("Something is written into the project. Wait until it is done.")
            return
        self._controller.settle()
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
            name = self._context.project.image(view.instance.image_id).path.name
            dialog.offer_open(name, picture.pyramid, view.shape.points, view.instance.id)

    def _tell(self, preview: "SchemeChangePreview", copy: Path, *, placed: bool) -> None:
        """placed: whether new landmarks have their first place, on what is open."""
        opened = f"{preview.reopened:,} shapes are open again. " if preview.reopened else ""
        back = "your clicks back, then the change" if placed else "it back"
        self.reopen_wanted.emit(
            f"The scheme is changed. {opened}Undo takes {back}; a copy of the project from "
            f"before is {copy.name}."
        )
