"""Leaving out what is selected in the list, taking it in again, removing what has no record."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.pages.asked_first import may
from landmark_annotator.annotator.gui.pages.label.commands.list_changes import ListChanges
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.panels.image_list import ImageListModel
from landmark_annotator.annotator.gui.pages.label.panels.image_table import ImageList
from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.annotator.session.review.exclusion_choice import (
    Choice,
    to_restore,
    whole_images,
)
from landmark_annotator.projects.store import Entry, Project
from landmark_annotator.projects.vocabulary.wording import counted

_SOON_COPIED = 32_000_000
"""Bytes of a database that is copied and checked while a person waits."""


class Exclusion(QObject):
    """Of all rows that are selected, or of what is open where none is."""

    def __init__(
        self, controller: LabelController, images: ImageList, model: ImageListModel, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._controller, self._images, self._model = controller, images, model
        self._list_changes = ListChanges(controller)
        self._over = parent

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {"exclude": self.ask, "restore": self.restore}

    @property
    def chosen(self) -> list[int]:
        """Instances by id, in the order of the list."""
        record = self._controller.record
        return self._images.selected or ([] if record is None else [record.id])

    def ask(self) -> None:
        """For the reason, without which nothing is left out."""
        chosen = self.chosen
        choice = whole_images(self._controller.project.together_with(chosen), chosen)
        if not any(choice):
            self._controller.note("This is excluded already.")
            return
        if not may(self._controller.project.refuse_read_only, self._controller.fail):
            return
        self._controller.settle()  # what is asked about is seen, and no other frame
        one = sum(map(len, choice)) == 1
        question = f"Why {'is this' if one else 'are these'} {_named(choice)} left out?"
        following = self._model.after(chosen)

        def exclude(why: str) -> None:
            controller = self._controller

            def change() -> list[Entry]:
                _back_up_before(controller.project, choice)
                return controller.project.exclude(
                    images=choice.images,
                    instances=choice.instances,
                    why=why,
                    who=controller.session.who,
                )

            self._list_changes.many(change, following)

        CommentSheet(self._over, "Exclude", question, exclude, needed=True).open()

    def restore(self) -> None:
        controller = self._controller
        choice = to_restore(controller.project, self.chosen)
        if not any(choice):
            controller.note("Nothing of what is selected is excluded.")
            return

        def change() -> list[Entry]:
            _back_up_before(controller.project, choice)
            return controller.project.restore(
                images=choice.images, instances=choice.instances, who=controller.session.who
            )

        self._list_changes.many(change)

    def remove(self) -> None:
        """For good, which only what nothing was ever recorded of can be; all of it, or nothing."""
        controller, project = self._controller, self._controller.project
        chosen = self.chosen
        choice = whole_images(project.together_with(chosen), chosen)
        record = controller.record
        stays = record is not None and record.id not in chosen
        following = record.id if stays and record is not None else self._model.after(chosen)
        if following is None:
            controller.note("These are the last that count: they stay.")
            return

        def remove() -> int:
            with project.transaction():
                for instance_id in choice.instances:
                    project.remove_instance(instance_id)
                for image_id in choice.images:
                    project.remove_image(image_id)
            return following

        if any(choice):
            self._list_changes.one(remove)


def _back_up_before(project: Project, choice: Choice) -> None:
    """Before many are changed, where that takes no time: it is one step for undo in any case."""
    if sum(map(len, choice)) > 1:
        project.back_up_before("exclude", largest=_SOON_COPIED)


def _named(choice: Choice) -> str:
    """As a sentence speaks of them: "image", "3 images and 1 object"."""
    if sum(map(len, choice)) == 1:
        return "image" if choice.images else "object"
    parts = [(len(choice.images), "image"), (len(choice.instances), "object")]
    return " and ".join(counted(number, noun) for number, noun in parts if number)
