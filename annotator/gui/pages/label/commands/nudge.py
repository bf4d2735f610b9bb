"""Moving a landmark by arrow keys: many steps in quick succession are one action."""

from collections.abc import Collection

from PySide6.QtCore import QObject, QTimer

from annotator.gui.pages.label.controller.controller import Labelling
from annotator.gui.pages.label.controller.prompt import Phase
from annotator.session.labelling.landmark_edits import Point

_SETTLES_AFTER_MS = 600


class Nudging(QObject):
    """A nudged landmark is held, as if by the mouse, and placed when the keys rest.

    It is placed at once before anything else happens: another action, another image, the end.
    """

    def __init__(self, labelling: Labelling, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labelling = labelling
        self._held: dict[int, Point] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_SETTLES_AFTER_MS)
        self._rest.timeout.connect(self.settle)
        labelling.about_to_act.connect(self.settle)

    def nudge(self, landmarks: Collection[int], dx: float, dy: float) -> None:
        """By image pixels: what is already held, else these, else the one asked for."""
        if not self._held:
            self._held = self._taken(landmarks)
        if self._held:
            self._held = {held: (x + dx, y + dy) for held, (x, y) in self._held.items()}
            self._labelling.hold_all(self._held)
            self._rest.start()

    def settle(self) -> None:
        """Stores where it was moved to. A single landmark stays the one that is asked for."""
        self._rest.stop()
        if self._held:
            held, self._held = self._held, {}
            self._labelling.place_all(held)
            if len(held) == 1:
                self._labelling.choose(*held)

    def _taken(self, landmarks: Collection[int]) -> dict[int, Point]:
        labelling = self._labelling
        view = labelling.view
        if not landmarks and labelling.asked is not None:
            landmarks = (labelling.asked,)
        if view is None or labelling.phase is not Phase.READY:
            return {}
        known = [landmark for landmark in landmarks if view.shape.known[landmark]]
        if landmarks and not known:
            (name, *_) = (labelling.scheme.landmarks[landmark] for landmark in landmarks)
            labelling.noted.emit(f"The {name} has no place yet.")
        if len(known) == 1:
            labelling.choose(known[0])
        places = view.shape.points.tolist()
        return {landmark: (places[landmark][0], places[landmark][1]) for landmark in known}
