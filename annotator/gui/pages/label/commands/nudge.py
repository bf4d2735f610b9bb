"""Moving a landmark by arrow keys: many steps in quick succession are one action."""

from collections.abc import Collection

from PySide6.QtCore import QObject, QTimer

from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import ONLY_SHOWN, Phase
from landmark_annotator.annotator.session.labelling.landmark_edits import Point

_SETTLES_AFTER_MS = 600


class Nudge(QObject):
    """A nudged landmark is held, as if by the mouse, and placed when the keys rest.

    It is placed at once before anything else happens: another action, another image, the end.
    """

    def __init__(self, controller: LabelController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._held: dict[int, Point] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_SETTLES_AFTER_MS)
        self._rest.timeout.connect(self.settle)
        controller.about_to_act.connect(self.settle)

    def nudge(self, landmarks: Collection[int], dx: float, dy: float) -> None:
        """By image pixels: what is already held, else these, else the one asked for."""
        if not self._held:
            self._held = self._taken(landmarks)
        if self._held:
            self._held = {held: (x + dx, y + dy) for held, (x, y) in self._held.items()}
            self._controller.hold_all(self._held)
            self._rest.start()

    def settle(self) -> None:
        """Stores where it was moved to. A single landmark stays the one that is asked for."""
        self._rest.stop()
        if self._held:
            held, self._held = self._held, {}
            self._controller.place_all(held)
            if len(held) == 1:
                self._controller.choose(*held)

    def _taken(self, landmarks: Collection[int]) -> dict[int, Point]:
        controller = self._controller
        view = controller.view
        if controller.away:
            controller.note(ONLY_SHOWN)
        if not landmarks and controller.asked is not None:
            landmarks = (controller.asked,)
        if view is None or controller.phase is not Phase.READY:
            return {}
        known = [landmark for landmark in landmarks if view.shape.known[landmark]]
        places = view.shape.points.tolist()
        box = view.instance.box
        if landmarks and not known and box is not None:
            # Nobody knows where it is: whoever has no mouse brings it there from the middle.
            known = list(landmarks)[:1]
            places[known[0]] = box.centre_x, box.centre_y
        if len(known) == 1:
            controller.choose(known[0])
        return {landmark: (places[landmark][0], places[landmark][1]) for landmark in known}
