"""What stands in place of a photograph that takes long to be read."""

from PySide6.QtCore import QObject, QTimer

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.projects.images import share_read
from landmark_annotator.projects.store import ImageRecord

_LARGE = 50_000_000
"""Pixels from which on an empty canvas would look as if nothing came any more."""
_LOOK_MS = 250


class LargeImage(QObject):
    """Says how large it is, and how much of it is read where that is known."""

    def __init__(
        self, controller: LabelController, canvas: Canvas, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._canvas = controller, canvas
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_LOOK_MS)
        self._again.timeout.connect(self._show)
        controller.picture_changed.connect(self._show)

    def _show(self) -> None:
        image = self._awaited()
        if image is None or image.width * image.height < _LARGE:
            return
        share = share_read(image.path, image.frame)
        so_far = "" if share is None else f" {share:.0%} of it is read."
        self._canvas.show_waiting(
            f"Reading an image of {image.width * image.height / 1e6:,.0f} megapixels.{so_far}\n\n"
            "That takes a while. Other images can be opened meanwhile."
        )
        self._again.start()

    def _awaited(self) -> ImageRecord | None:
        controller = self._controller
        record = controller.record
        if record is None or controller.phase is not Phase.LOADING or controller.away:
            return None
        return controller.preparation.being_read(record.image_id)
