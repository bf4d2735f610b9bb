"""What stands in place of a photograph that takes long to be read."""

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase

_LARGE = 50_000_000
"""Pixels from which on an empty canvas would look as if nothing came any more."""


class LargeImage(QObject):
    def __init__(
        self, controller: LabelController, canvas: Canvas, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._canvas = controller, canvas
        controller.picture_changed.connect(self._show)

    def _show(self) -> None:
        record = self._controller.record
        if record is None or self._controller.phase is not Phase.LOADING or self._controller.away:
            return
        image = self._controller.project.image(record.image_id)
        if image.width * image.height >= _LARGE:
            self._canvas.show_waiting(
                f"Reading an image of {image.width * image.height / 1e6:,.0f} megapixels.\n\n"
                "That takes a while. Other images can be opened meanwhile."
            )
