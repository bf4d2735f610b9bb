"""Going through the list: to the next one, the one before, the one that is least sure, or what was
open before."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.pages.label.commands.visited import Visited
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.panels.image_list import ImageListModel
from landmark_annotator.annotator.gui.widgets.list_end import end_of_list


class ListSteps(QObject):
    def __init__(self, controller: LabelController, model: ImageListModel) -> None:
        super().__init__(controller)
        self._controller, self._model = controller, model
        self._visited = Visited(controller)
        self.propose_key = ""
        """Of the action that finds out how unsure the model is of all images."""

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {
            "next": lambda: self.step(1),
            "previous": lambda: self.step(-1),
            "next_uncertain": self.to_least_sure,
            **self._visited.slots,
        }

    def step(self, by: int) -> None:
        """The next or previous that the list shows; beyond its ends it says that there is none."""
        record = self._controller.record
        if record is None:
            return
        following = self._model.beside(record.id, by)
        if following is not None:
            self._controller.open(following)
        elif self._model.row_of(record.id) is None:
            self._controller.note("The list shows nothing that could be opened.")
        else:
            self._controller.note(end_of_list(by))

    def to_least_sure(self) -> None:
        """Of all that is not accepted, the one that the model is least sure of: of what was begun,
        by what its clicks have left."""
        record, believed = self._controller.record, self._model.believed()
        opened = None if record is None else record.id
        unsure = self._controller.project.least_sure(opened, believed=believed)
        if unsure is None:
            self._controller.note(
                "For nothing else that waits is it known how unsure the model is. "
                f"{self.propose_key} finds out for all images."
            )
        else:
            self._controller.open(unsure.id)
