"""What can be done to all that is selected in the list: its menu."""

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from landmark_annotator.annotator.gui.pages.context import Change, Kind, PageContext
from landmark_annotator.annotator.gui.pages.label.commands.exclude import Exclusion
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.annotator.session.labelling.whole_image_boxes import (
    TITLE,
    give_whole_images,
    without_box,
)
from landmark_annotator.annotator.session.review.second_opinions import (
    ask_for_second_opinions,
    without_second_opinion,
)
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


class Selected(QObject):
    def __init__(
        self,
        exclusion: Exclusion,
        controller: LabelController,
        context: PageContext,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._exclusion, self._controller, self._context = exclusion, controller, context
        self._over = parent

    def show_menu(self, place: QPoint) -> None:
        """place: on the screen."""
        chosen = set(self._exclusion.chosen)
        if not chosen:
            return
        rows = self._controller.project.together_with(chosen)
        out = [row for row in rows if row.instance_id in chosen and row.excluded]
        counting = len(out) < len(chosen)
        bare = bool(without_box(self._controller.project, chosen))
        menu = QMenu(self._over)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSection(f"{len(chosen):,} selected")
        for title, slot, works in (
            (f"Exclude{_ELLIPSIS}\tDelete", self._exclusion.ask, counting),
            ("Restore", self._exclusion.restore, bool(out)),
            (f"Flag{_ELLIPSIS}", self.ask_flag, counting),
            ("Whole image as the box, where there is none", self.give_whole_images, bare),
            ("Ask for a second opinion", self.ask_second_opinions, counting),
            ("Remove for good, where nothing is recorded", self._exclusion.remove, counting),
        ):
            action = menu.addAction(title, slot)
            action.setEnabled(works and not self._controller.project.read_only)
        menu.popup(place)

    def ask_flag(self) -> None:
        """For the comment, which may stay empty."""
        chosen = self._exclusion.chosen
        question = f"What should somebody look at, in {counted(len(chosen), 'object')}?"
        CommentSheet(self._over, "Flag", question, lambda said: self._flag(chosen, said)).open()

    def _flag(self, chosen: list[int], comment: str) -> None:
        controller = self._controller
        controller.settle()
        try:
            with controller.project.transaction():
                for instance_id in chosen:
                    controller.project.flag(instance_id, comment, who=controller.session.who)
        except ActionableError as error:
            controller.fail(error)
            return
        said = f"Stored: flag on {counted(len(chosen), 'object')}"
        self._context.changed(Change(Kind.STORED, frozenset(chosen), said))

    def give_whole_images(self) -> None:
        """To all selected ones that have no box, as one step for undo."""
        controller = self._controller
        controller.settle()
        try:
            done = give_whole_images(
                controller.project, self._exclusion.chosen, who=controller.session.who
            )
        except ActionableError as error:
            controller.fail(error)
            return
        if done.given:
            self._context.changed(Change(Kind.STORED, done.given, f"Stored: {TITLE}"))
        controller.note(done.said)

    def ask_second_opinions(self) -> None:
        """On all selected ones that are accepted and have none."""
        controller, chosen = self._controller, self._exclusion.chosen
        free = without_second_opinion(controller.project, chosen)
        if not free:
            controller.note("None of these is accepted, with a box, and without a second opinion.")
            return
        try:
            added = ask_for_second_opinions(
                controller.project, len(free), seed=0, who=controller.session.who, among=chosen
            )
        except ActionableError as error:
            controller.fail(error)
            return
        said = f"{counted(len(added), 'object')} added for a second opinion."
        self._context.changed(Change(Kind.LIST, frozenset(added), said))
        self._context.note(said)
