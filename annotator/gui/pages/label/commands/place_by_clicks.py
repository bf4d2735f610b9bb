"""An instance without a box is placed by two clicks; they stay as clicks."""

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.labelling.two_click_box import TwoClicks
from landmark_annotator.projects.vocabulary import ActionableError


class TwoClickPlacement(QObject):
    """The first click is held until the second comes; a drag draws a box instead."""

    def __init__(self, controller: LabelController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._first: tuple[float, float] | None = None
        self._asked_in: int | None = None
        self._ways: TwoClicks | None = None
        self._dropped: tuple[int, str] | None = None
        """The instance and the landmark of a first click that something else came after."""
        controller.about_to_act.connect(self._drop)
        controller.changed.connect(self._tell_dropped)

    @property
    def begun(self) -> bool:
        """Whether the first click is held."""
        return self._first is not None

    @property
    def wanted(self) -> int | None:
        """The landmark that a click would place; None where clicks cannot place an instance."""
        controller = self._controller
        record = controller.record
        if record is None or record.box is not None or controller.phase is not Phase.BOX:
            return None
        ways = self._asked(record.id)
        return None if ways is None else ways.landmarks[0 if self._first is None else 1]

    def _asked(self, instance_id: int) -> TwoClicks | None:
        """As they were first asked for in this instance. Labels that are learned from meanwhile
        may put another landmark farthest out: a click that is held, or on its way, is at the one
        that was asked for."""
        if self._asked_in != instance_id:
            self._asked_in, self._ways = instance_id, None
        if self._ways is None:
            self._ways = self._controller.preparation.two_clicks
        return self._ways

    def click(self, x: float, y: float) -> None:
        """The landmark that is wanted is here, in image pixels."""
        controller, wanted = self._controller, self.wanted
        ways = self._ways
        if ways is None or wanted is None:
            return
        if self._first is None:
            self._first = (x, y)
            controller.hold_first(wanted, x, y)
            return
        first = self._first
        try:
            box = ways.around(first, (x, y))
        except ActionableError as error:
            controller.fail(error)
            return
        controller.set_box(box)
        controller.place(ways.landmarks[0], *first)
        controller.place(ways.landmarks[1], x, y)

    def asks_for_second(self) -> bool:
        """Whether the first click is held: then it says what is missing."""
        wanted = self.wanted if self.begun else None
        if wanted is not None:
            self._controller.note(
                f"Click the {self._controller.scheme.landmarks[wanted]} too, or draw a box: one "
                "click alone does not say how large the object is. It is kept meanwhile."
            )
        return wanted is not None

    def take_back(self) -> bool:
        """The first click, where it is held; says whether it was."""
        if self._first is None:
            return False
        self.forget()
        self._controller.let_go()
        return True

    def forget(self) -> None:
        self._first = None

    def _drop(self) -> None:
        """Something else is done, or another instance opened, and nothing is stored of a place
        without a size."""
        record, wanted = self._controller.record, self._first_landmark
        if wanted is not None and record is not None:
            self._dropped = record.id, self._controller.scheme.landmarks[wanted]
        self.forget()

    @property
    def _first_landmark(self) -> int | None:
        """Of the click that is held."""
        return None if self._first is None or self._ways is None else self._ways.landmarks[0]

    def _tell_dropped(self) -> None:
        """Once what came after it is seen, unless that is the box of the instance itself."""
        if self._dropped is None:
            return
        (instance_id, name), self._dropped = self._dropped, None
        record = self._controller.record
        if record is None or record.id != instance_id or record.box is None:
            self._controller.note(
                f"The click on the {name} was not kept: only with a second one does it place an "
                "object."
            )
