"""Flags while labelling: raised with a comment, answered, shown in the list and gone through."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.pages.asked_first import may
from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.panels.image_list import ImageListModel
from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.annotator.session.review.open_issues import Remark, remarks
from landmark_annotator.projects.store import Entry
from landmark_annotator.projects.vocabulary import ActionableError


class Flags(QObject):
    def __init__(
        self,
        controller: LabelController,
        model: ImageListModel,
        context: PageContext,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._controller, self._model, self._context = controller, model, context
        self._over = parent
        self._told: tuple[int, Remark | None] | None = None
        model.show_remarks(remarks(controller.project))
        context.changes.show_later(self._hear)

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {
            "flag": self.ask,
            "resolve_flag": self.resolve,
            "next_flagged": self.go_on,
        }

    def ask(self) -> None:
        """For the comment, which may stay empty."""
        project, record = self._controller.project, self._controller.record
        if record is not None and may(project.refuse_read_only, self._context.tell):
            self._controller.settle()  # what is asked about is seen, and no other frame
            question, done = "What should somebody look at?", partial(self._flag, record.id)
            CommentSheet(self._over, "Flag", question, done).open()

    def _flag(self, instance_id: int, comment: str) -> None:
        """What was asked about, whatever is open by now."""
        controller = self._controller
        if controller.record is not None and controller.record.id == instance_id:
            self.flag(comment)
            return
        try:
            entry = controller.project.flag(instance_id, comment, who=controller.session.who)
        except ActionableError as error:
            controller.fail(error)
            return
        said = f"Stored: {entry.title}"
        self._context.changed(Change(Kind.STORED, frozenset((instance_id,)), said))

    def flag(self, comment: str) -> None:
        controller = self._controller
        record = controller.record
        if record is not None:
            self._act(
                lambda: controller.project.flag(record.id, comment, who=controller.session.who),
                "flag",
            )

    def resolve(self) -> None:
        controller = self._controller
        record = controller.record
        if record is not None:
            self._act(
                lambda: controller.project.resolve_flag(record.id, who=controller.session.who),
                "resolution of the flag",
            )

    def go_on(self) -> None:
        """Opens the next one that is flagged or was sent back, from the start again at the end."""
        following = self._model.next_remarked(
            None if self._controller.record is None else self._controller.record.id
        )
        if following is None:
            self._controller.note("Nothing else is flagged, and nothing was sent back.")
        else:
            self._controller.open(following)

    def tell(self, instance_id: int) -> None:
        """What was said of the instance that was opened, in the place of what was told of the one
        before; nothing while another page is seen, which may have told something itself."""
        if self._over.isHidden():
            return
        remark = self._model.remark_of(instance_id)
        told, self._told = self._told, (instance_id, remark)
        if told == self._told:  # opened anew, as after it was followed, of which is told now
            return
        self._context.clear()
        if remark is not None:
            end = "" if remark.text.endswith((".", "?", "!")) else "."
            self._context.note(f"{remark.text[0].upper()}{remark.text[1:]}{end}")

    def _act(self, action: Callable[[], Entry], what: str) -> None:
        session = self._controller.session
        self._controller.act(lambda: (action(), session.view)[1], what)

    def _hear(self, change: Change) -> None:
        if Kind.LIST in change.kinds:
            self._model.show_remarks(remarks(self._controller.project))
        elif Kind.STORED in change.kinds:
            found = remarks(self._controller.project, change.instances)
            for instance_id in change.instances:
                self._model.show_remark(instance_id, found.get(instance_id))
