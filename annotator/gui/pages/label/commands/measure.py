"""What a pixel measures, said with a line along a scale bar; and how long anything else is."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.canvas.ruler import Ruler
from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.panels.length_sheet import LengthSheet
from landmark_annotator.projects.store import Role
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
        try:
            sizes, role = project.pixel_sizes(), project.role_of(self._controller.session.who)
        except ActionableError as error:  # such as who is not among the people any more
            self.ruler.end()
            self._controller.fail(error)
            return
        own = {i for i, size in sizes.of_images.items() if size is not None}
        others = len(own - {image_id}) if role is None or role.includes(Role.LEAD) else None
        sheet = LengthSheet(self._over, length, sizes.of(image_id), others)
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
        controller = self._controller
        of_this = [image_id] if own or not everywhere else []
        images = [None, *of_this] if everywhere else of_this
        try:
            controller.project.set_pixel_size(
                mm_per_pixel, images=images, who=controller.session.who
            )
        except ActionableError as error:
            controller.fail(error)
            return
        of = "A pixel" if everywhere else "A pixel of this image"
        said = f"{of} measures {mm_per_pixel or 0.0:.4g} mm."
        if mm_per_pixel is None:
            said = f"Nobody knows what {of[0].lower()}{of[1:]} measures."
        record = controller.record
        about = frozenset[int]() if record is None else frozenset((record.id,))
        # What is open tells expected errors in millimetres.
        controller.changes.announce(Change(Kind.STORED, about, said))
        controller.note(said)
