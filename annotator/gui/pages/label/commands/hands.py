"""What hands on the canvas mean: which gesture moves what, and in which order things hear of it."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.canvas.view import Canvas
from landmark_annotator.annotator.gui.pages.label.commands.asked_landmark import AskedLandmark
from landmark_annotator.annotator.gui.pages.label.commands.nudge import Nudge
from landmark_annotator.annotator.gui.pages.label.commands.objects import Objects
from landmark_annotator.annotator.gui.pages.label.commands.place_by_clicks import TwoClickPlacement
from landmark_annotator.annotator.gui.pages.label.commands.whole_shape import WholeShape
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.projects.vocabulary import Box


class Hands(QObject):
    def __init__(
        self,
        controller: LabelController,
        canvas: Canvas,
        placement: TwoClickPlacement,
        nudge: Nudge,
        whole_shape: WholeShape,
        objects: Objects,
        asked_landmark: AskedLandmark,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._controller, self._canvas, self._placement = controller, canvas, placement
        self._steps = nudge
        hands = canvas.gestures
        hands.dragged.connect(nudge.settle)
        hands.dragged.connect(lambda *at: controller.hold(*at, traced=not hands.exact))
        hands.carried.connect(nudge.settle)
        hands.carried.connect(controller.hold_all)
        hands.put_down.connect(controller.place_all)
        hands.nudged.connect(self._nudge)
        hands.numbered.connect(whole_shape.take)
        hands.dropped.connect(lambda *at: controller.place(*at, traced=not hands.exact))
        hands.drag_cancelled.connect(controller.let_go)
        hands.picked.connect(controller.choose)
        hands.thrown_out.connect(objects.throw_out)
        hands.meant.connect(controller.open)
        hands.tapped.connect(asked_landmark.confirm)
        hands.box.drawn.connect(self._take_box)
        hands.box.changed.connect(lambda box: controller.set_box(box, changing=True))
        hands.box.begins_changed.connect(controller.show_again)
        controller.about_to_act.connect(canvas.settle)
        hands.box.dismissed.connect(placement.forget)
        hands.box.dismissed.connect(lambda: controller.want_box(False))
        hands.box.spotted.connect(self._place_by_clicks)

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {"box": self._change_box}

    @property
    def at_work(self) -> bool:
        return self._canvas.gestures.busy or self._placement.begun

    def _nudge(self, dx: float, dy: float) -> None:
        under = self._canvas.scene.under_hand  # else the one asked for
        chosen = self._canvas.scene.selected or (() if under is None else (under,))
        self._steps.nudge(chosen, dx, dy)

    def _change_box(self) -> None:
        """By its handles and by keys, for which there is one from now on."""
        self._controller.want_box()
        self._canvas.gestures.box.begin()

    def _take_box(self, box: Box) -> None:
        self._controller.set_box(box)
        self._canvas.scene.fit("object")

    def _place_by_clicks(self, x: float, y: float) -> None:
        without = self._controller.record
        self._placement.click(x, y)
        if without is not None and without != self._controller.record:
            self._canvas.scene.fit("object")
