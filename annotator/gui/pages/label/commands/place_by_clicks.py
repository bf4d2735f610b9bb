"""An instance without a box is placed by two clicks; they stay as clicks."""

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.projects.vocabulary import ActionableError


class TwoClickPlacement(QObject):
    """The first click is held until the second comes; a drag draws a box instead."""

    def __init__(self, controller: LabelController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._first: tuple[float, float] | None = None
        controller.about_to_act.connect(self.forget)

    @property
    def begun(self) -> bool:
        """Whether the first click is held."""
        return self._first is not None

    @property
    def wanted(self) -> int | None:
        """The landmark that a click would place; None where clicks cannot place an instance."""
        controller = self._controller
        ways, record = controller.preparation.two_clicks, controller.record
        if ways is None or record is None or record.box is not None:
            return None
        if controller.phase is not Phase.BOX:
            return None
        return ways.landmarks[0 if self._first is None else 1]

    def click(self, x: float, y: float) -> None:
        """The landmark that is wanted is here, in image pixels."""
        controller, ways, wanted = (
            self._controller,
            self._controller.preparation.two_clicks,
            self.wanted,
        )
        if ways is None or wanted is None:
            return
        if self._first is None:
            self._first = (x, y)
            controller.hold_first(wanted, x, y)
            return
        first = self._first
        try:
            box = ways.box(first, (x, y))
        except ActionableError as error:
            controller.fail(error)
            return
        controller.set_box(box)
        controller.place(ways.landmarks[0], *first)
        controller.place(ways.landmarks[1], x, y)

    def take_back(self) -> bool:
        """The first click, where it is held; says whether it was."""
        if self._first is None:
            return False
        self.forget()
        self._controller.let_go()
        return True

    def forget(self) -> None:
        self._first = None
