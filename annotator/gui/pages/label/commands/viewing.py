"""How the open object is looked at: closely, turned, upright, brighter, with a ruler, beside
others."""

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.label.commands.examples import Examples
from landmark_annotator.annotator.gui.pages.label.commands.measure import Measuring
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.panels.quiet_corner import object_area
from landmark_annotator.annotator.gui.pages.label.panels.tone_sheet import ToneSheet
from landmark_annotator.projects.store import InstanceRecord

_ZOOM_STEP = 1.4
_QUARTER, _LITTLE = math.radians(90.0), math.radians(5.0)


class Viewing:
    def __init__(
        self, controller: LabelController, canvas: Canvas, context: PageContext, parent: QWidget
    ) -> None:
        self._controller, self._canvas, self._context = controller, canvas, context
        self.tone_sheet = ToneSheet(parent)
        self.tone_sheet.changed.connect(canvas.show_tone)
        self.measuring = Measuring(controller, canvas, parent)
        self.examples = Examples(controller, canvas, context, parent)
        self._upright = False
        """Whether each object opens upright, by the angle of its box."""

    @property
    def slots(self) -> Mapping[str, Callable[..., object]]:
        canvas, scene = self._canvas, self._canvas.scene
        return {
            "zoom_in": lambda: canvas.zoom(_ZOOM_STEP),
            "zoom_out": lambda: canvas.zoom(1 / _ZOOM_STEP),
            "closeup": self.look_closely,
            "turn_left": lambda: scene.turn(-_QUARTER),
            "turn_right": lambda: scene.turn(_QUARTER),
            "turn_a_little_left": lambda: scene.turn(-_LITTLE),
            "turn_a_little_right": lambda: scene.turn(_LITTLE),
            "as_stored": lambda: scene.turn_to(0.0),
            "upright": self._keep_upright,
            "ellipses": canvas.show_every_ellipse,
            "loupe": canvas.show_loupe,
            "tone": self._turn_tone_sheet,
            **self.measuring.slots,
            **self.examples.slots,
            "grey": lambda on: self.tone_sheet.switch(grey=on),
            "equalised": lambda on: self.tone_sheet.switch(equalised=on),
            "whole_image": lambda: scene.fit("image"),
            "fit": lambda: scene.fit("object"),
        }

    def look_closely(self, landmark: int | None = None) -> None:
        """At this landmark, else at that of the keys; or back at the object."""
        scene = self._canvas.scene
        if landmark is None:
            under = scene.under_hand
            landmark = self._controller.asked if under is None else under
        if landmark is not None and not scene.look_closely(landmark):
            name = self._controller.scheme.landmarks[landmark]
            self._context.note(f"The {name} has no place yet.", until_stored=True)

    def turn_to_object(self, record: InstanceRecord | None, *, kept: bool) -> None:
        """What is opened is seen as the file has it, or upright; kept: or as it was."""
        if self._upright:
            self._turn_upright(record)
        elif not kept:
            self._canvas.scene.turn_to(0.0)

    def _keep_upright(self, upright: bool) -> None:
        self._upright = upright
        self._turn_upright(self._controller.record if upright else None)

    def _turn_upright(self, record: InstanceRecord | None) -> None:
        box = None if record is None else record.box
        self._canvas.scene.turn_to(0.0 if box is None else -box.angle)

    def _turn_tone_sheet(self) -> None:
        """Opens it beside the object, or closes it."""
        if self.tone_sheet.isVisible():
            self.tone_sheet.reject()
            return
        canvas = self._canvas
        here, shown = canvas.mapToGlobal(QPoint(0, 0)), object_area(canvas)
        self.tone_sheet.open_beside(canvas.rect().translated(here), shown.translated(here))
