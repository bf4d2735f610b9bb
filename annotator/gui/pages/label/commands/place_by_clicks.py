"""An instance without a box is placed by two clicks; they stay as clicks."""

from PySide6.QtCore import QObject

from annotator.gui.pages.label.controller.controller import Labelling
from annotator.gui.pages.label.controller.prompt import Phase
from projects.vocabulary import ActionableError


class Placing(QObject):
    """The first click is held until the second comes; a drag draws a box instead."""

    def __init__(self, labelling: Labelling, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labelling = labelling
        self._first: tuple[float, float] | None = None
        labelling.about_to_act.connect(self.forget)

    @property
    def wanted(self) -> int | None:
        """The landmark that a click would place; None where clicks cannot place an instance."""
        labelling = self._labelling
        ways, record = labelling.preparation.two_clicks, labelling.record
        if ways is None or record is None or record.box is not None:
            return None
        if labelling.phase is not Phase.BOX:
            return None
        return ways.landmarks[0 if self._first is None else 1]

    def click(self, x: float, y: float) -> None:
        """The landmark that is wanted is here, in image pixels."""
        labelling, ways, wanted = (
            self._labelling,
            self._labelling.preparation.two_clicks,
            self.wanted,
        )
        if ways is None or wanted is None:
            return
        if self._first is None:
            self._first = (x, y)
            labelling.hold(wanted, x, y)
            labelling.changed.emit()
            return
        first = self._first
        try:
            box = ways.box(first, (x, y))
        except ActionableError as error:
            labelling.failed.emit(error)
            return
        labelling.set_box(box)
        labelling.place(ways.landmarks[0], *first)
        labelling.place(ways.landmarks[1], x, y)

    def forget(self) -> None:
        self._first = None
