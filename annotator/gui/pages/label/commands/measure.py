"""What a pixel measures, said with a line along a scale bar; and how long anything else is."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.canvas.ruler import Ruler
from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.panels.length_sheet import LengthSheet
from landmark_annotator.projects.vocabulary.errors import ActionableError


class Measuring(QObject):
    def __init__(self, controller: LabelController, canvas: Canvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._controller, self._canvas, self._over = controller, canvas, parent
        self.ruler = Ruler(canvas)
        self.ruler.laid.connect(self._ask)
        self.ruler.given_up.connect(self.ruler.end)
        # Whoever labels on, or goes elsewhere, is done with measuring.
        controller.about_to_act.connect(self.ruler.end)

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {"measure": self.begin}

    def begin(self) -> None:
        """The same again puts the ruler away."""
        controller = self._controller
        record = controller.record
        if not self.ruler.isHidden():
            self.ruler.end()
        elif record is None or self._canvas.scene.image_size is None:
            controller.note("There is no photograph here to measure in.")
        else:
            controller.settle()
            self.ruler.begin(controller.project.pixel_size(record.image_id))

    def _ask(self, length: float) -> None:
        project, record = self._controller.project, self._controller.record
        assert record is not None
        image_id = record.image_id
        sizes = project.pixel_sizes()
        own = {i for i, size in sizes.of_images.items() if size is not None}
        sheet = LengthSheet(self._over, length, sizes.of(image_id), len(own - {image_id}))
        sheet.accepted.connect(
            lambda: self._store(sheet.mm_per_pixel, image_id, sheet.everywhere, image_id in own)
        )
        sheet.forget.clicked.connect(
            lambda: self._store(None, image_id, sheet.everywhere, image_id in own)
        )
        sheet.forget.clicked.connect(sheet.reject)
        sheet.finished.connect(self.ruler.end)
        sheet.open()

    def _store(
        self, mm_per_pixel: float | None, image_id: int, everywhere: bool, own: bool
    ) -> None:
        """own: whether this image has a size of its own, in whose place all images' comes too."""
        project, who = self._controller.project, self._controller.session.who
        try:
            with project.transaction():
                if everywhere:
                    project.set_pixel_size(mm_per_pixel, who=who)
                if own or not everywhere:
                    project.set_pixel_size(mm_per_pixel, images=[image_id], who=who)
        except ActionableError as error:
            self._controller.fail(error)
            return
        of = "A pixel" if everywhere else "A pixel of this image"
        if mm_per_pixel is None:
            self._controller.note(f"Nobody knows what {of[0].lower()}{of[1:]} measures.")
        else:
            self._controller.note(f"{of} measures {mm_per_pixel:.4g} mm.")
