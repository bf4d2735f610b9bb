"""A frame of a video that is only shown: nothing beside it is about the frame that is open, and
what would be done to the open object says why it is not."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, SignalInstance

from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks
from landmark_annotator.annotator.gui.pages.context import PageContext
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import ONLY_SHOWN
from landmark_annotator.annotator.gui.pages.label.panels.landmarks import LandmarkPanel

_OF_THE_OPEN_ONE = frozenset(
    (
        "accept",
        "accept_image",
        "confirm",
        "clear",
        "occluded",
        "mark_suggested",
        "absent",
        "absent_left_out",
        "visible",
        "skip",
        "skip_back",
        "swap",
        "copy_previous",
        "start_again",
        "box",
        "add_object",
        "remove_object",
        "measure",
        "clear_region",
        "region_not_seen",
    )
)
"""Actions that do something to what is seen of the open object, or beside it in its image."""


class PassingFrame(QObject):
    def __init__(
        self,
        controller: LabelController,
        passing: SignalInstance,
        panel: LandmarkPanel,
        context: PageContext,
        parent: QObject,
    ) -> None:
        """passing: (Marks or None) of the frame that is seen instead of the open one."""
        super().__init__(parent)
        self._controller, self._panel, self._context = controller, panel, context
        self._marks: Marks | None = None
        controller.changed.connect(self._show)
        passing.connect(self._pass)

    def _pass(self, marks: Marks | None) -> None:
        self._marks = marks
        self._show()

    def _show(self) -> None:
        if self._controller.away:
            self._panel.show_passing(self._marks)
            self._context.expected_error(None)
        else:
            self._marks = None

    def guarded(
        self, slots: Mapping[str, Callable[..., object]]
    ) -> Mapping[str, Callable[..., object]]:
        """slots: of the page. Those of the open object act where it is seen, and else say why they
        do not."""
        return {
            name: self._guard(slot) if name in _OF_THE_OPEN_ONE else slot
            for name, slot in slots.items()
        }

    def _guard(self, slot: Callable[..., object]) -> Callable[[], object]:
        def act() -> None:
            if self._controller.away:
                self._controller.note(ONLY_SHOWN)
            else:
                slot()

        return act
