"""The heat map of one landmark, computed beside the window's work and shown when it is there."""

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.services.tasks import Tasks


class HeatMap(QObject):
    """Of the landmark under the cursor, else of the one that is asked for."""

    def __init__(
        self, controller: LabelController, canvas: Canvas, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._canvas = canvas
        self._at_work = Tasks(1, self, quiet=True)
        self._wanted = False
        controller.changed.connect(self._refresh)
        controller.held.connect(lambda: canvas.show_heat(None))
        canvas.scene.hovered.connect(self._refresh)

    def show(self, wanted: bool) -> None:
        """A key that shows nothing says why."""
        self._wanted = wanted
        none = self._refresh()
        if wanted and none:
            self._controller.note(none)

    def close(self) -> None:
        self._at_work.close()

    def _refresh(self) -> str:
        """What is shown no longer holds; a newer request supersedes the one at work. Why there is
        no map to be shown, where that is not said already."""
        self._canvas.show_heat(None)
        self._at_work.drop("heat")
        landmark = self._canvas.scene.under_hand
        if landmark is None:
            landmark = self._controller.asked
        if not self._wanted or self._controller.phase is not Phase.READY:
            return ""
        work = self._controller.session.heat_work(landmark or 0)
        if work is None:
            return "Nothing is proposed here any more, so there is no heat map."
        if landmark is None:
            return "Point at a landmark: its heat map is shown as long as you do."
        self._at_work.request("heat", work, self._canvas.show_heat, self._controller.fail)
        return ""
