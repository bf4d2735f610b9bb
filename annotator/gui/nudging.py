"""Moving a landmark by arrow keys: many steps in quick succession are one action."""

from PySide6.QtCore import QObject, QTimer

from annotator.gui.labelling import Labelling
from annotator.gui.waiting import Phase

_SETTLES_AFTER_MS = 600


class Nudging(QObject):
    """A nudged landmark is held, as if by the mouse, and placed when the keys rest.

    It is placed at once before anything else happens: another action, another image, the end.
    """

    def __init__(self, labelling: Labelling, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labelling = labelling
        self._held: tuple[int, float, float] | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_SETTLES_AFTER_MS)
        self._rest.timeout.connect(self.settle)
        labelling.about_to_act.connect(self.settle)

    def nudge(self, landmark: int | None, dx: float, dy: float) -> None:
        """By image pixels: the one already held, else `landmark`, else the one asked for."""
        if self._held is None:
            self._held = self._taken(landmark)
        if self._held is not None:
            held, x, y = self._held
            self._held = held, x + dx, y + dy
            self._labelling.hold(*self._held)
            self._rest.start()

    def settle(self) -> None:
        """Stores where the landmark was moved to. It stays the one that is asked for."""
        self._rest.stop()
        if self._held is not None:
            held, self._held = self._held, None
            self._labelling.place(*held)
            self._labelling.choose(held[0])

    def _taken(self, landmark: int | None) -> tuple[int, float, float] | None:
        labelling = self._labelling
        landmark = labelling.asked if landmark is None else landmark
        view = labelling.view
        if landmark is None or view is None or labelling.phase is not Phase.READY:
            return None
        if not view.shape.known[landmark]:
            labelling.noted.emit(f"The {labelling.scheme.landmarks[landmark]} has no place yet.")
            return None
        labelling.choose(landmark)
        x, y = view.shape.points[landmark]
        return landmark, float(x), float(y)
