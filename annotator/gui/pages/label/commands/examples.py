"""How the landmark that is asked for was placed elsewhere, beside the photograph."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.panels.example_sheet import ExampleSheet
from landmark_annotator.annotator.gui.pages.label.panels.quiet_corner import landmark_area
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.labelling.examples import Example, examples


class Examples(QObject):
    def __init__(
        self, controller: LabelController, canvas: Canvas, context: PageContext, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._controller, self._canvas, self._context = controller, canvas, context
        self.sheet = ExampleSheet(canvas)
        self._at_work = Tasks(1, self, quiet=True)
        self._found: Sequence[Example] | None = None
        self._shown: tuple[int, int] | None = None
        """The image and the landmark for which the sheet is what it is."""
        controller.changed.connect(lambda: self._refresh())
        context.closing.connect(self._at_work.close)

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {"examples": self.turn}

    def turn(self) -> None:
        """Opens the sheet, or closes it. What was accepted meanwhile is read with it."""
        if self.sheet.isVisible():
            self.sheet.hide()
            return
        self._found = None
        work = partial(examples, self._context.folder, self._context.who)
        self._at_work.request("examples", work, self._show, self._controller.fail)
        self.sheet.open_beside(landmark_area(self._canvas))
        self._refresh(anew=True)

    def _show(self, found: Sequence[Example]) -> None:
        self._found = found
        self._refresh(anew=True)

    def _refresh(self, anew: bool = False) -> None:
        controller = self._controller
        record, landmark = controller.record, controller.asked
        if landmark is None and self._shown is not None:
            landmark = self._shown[1]  # nothing is asked for: it stays at that one
        if self.sheet.isHidden() or record is None:
            return
        if landmark is None:
            self.sheet.tell("Examples", "No landmark is asked for here.")
            return
        if self._shown == (record.image_id, landmark) and not anew:
            return
        self._shown = record.image_id, landmark
        scheme = controller.scheme
        # Of what is open no other label is shown: two people may label it without a look at each
        # other's.
        others = [each for each in self._found or () if each.image_id != record.image_id]
        self.sheet.show_examples(others, landmark)
        said = dict(scheme.definitions).get(landmark, "")
        if self._found is not None and not self.sheet.shows_any:
            none = "Nobody has placed it in another image yet."
            said = f"{said}\n{none}".strip()
        self.sheet.tell(scheme.landmarks[landmark], said)
