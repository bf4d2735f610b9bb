"""Back to what was open before, wherever a key has led since, and on again, as in a browser."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController

_MOST = 1000
"""How many of those that were open are remembered."""


class Visited(QObject):
    def __init__(self, controller: LabelController) -> None:
        super().__init__(controller)
        self._controller = controller
        self._way: list[int] = []
        self._here = -1
        """Where on the way the open instance is."""
        controller.opened.connect(self._remember)

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {"previous_opened": lambda: self.go(-1), "next_opened": lambda: self.go(1)}

    def go(self, by: int) -> None:
        """by: -1 back, 1 on again. What was excluded or removed since is passed over."""
        controller = self._controller
        if by < 0 and controller.away and controller.record is not None:
            # A frame that is only shown is not on the way: what was left for it is open still.
            controller.open(controller.record.id)
            return
        place = self._here + by
        while 0 <= place < len(self._way):
            if controller.project.counts(self._way[place]):
                self._here = place
                controller.open(self._way[place])
                return
            place += by
        controller.note("Nothing was open before this." if by < 0 else "This was open last.")

    def _remember(self, instance_id: int) -> None:
        if self._way and self._way[self._here] == instance_id:
            return
        self._way = [*self._way[: self._here + 1], instance_id][-_MOST:]
        self._here = len(self._way) - 1
