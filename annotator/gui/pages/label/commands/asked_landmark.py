"""The landmark that is asked for: confirmed where it is, or another one is asked for."""

from collections.abc import Callable, Mapping

from landmark_annotator.annotator.gui.canvas.scene import Scene
from landmark_annotator.annotator.gui.pages.label.commands.before_landmarks import box_first
from landmark_annotator.annotator.gui.pages.label.commands.history import History
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.labelling.landmark_order import landmark_beside
from landmark_annotator.projects.store import ActionKind


class AskedLandmark:
    def __init__(self, controller: LabelController, scene: Scene, history: History) -> None:
        self._controller, self._scene, self._history = controller, scene, history

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {
            "confirm": self.confirm,
            "skip": lambda: self._skip(1),
            "skip_back": lambda: self._skip(-1),
        }

    def confirm(self) -> None:
        controller, landmark = self._controller, self._controller.asked
        if box_first(controller):
            return
        if landmark is not None:
            what = controller.titled("confirmation", landmark)
            controller.act(lambda: controller.session.confirm(landmark), what)
        elif controller.phase is Phase.READY:
            controller.note("No landmark is asked for: choose one in the list.")

    def choose(self, landmark: int) -> None:
        """Whoever chooses a landmark by keys or in the list of landmarks means it with the next
        key, wherever the cursor is."""
        self._scene.rest()
        self._controller.settle()
        self._controller.choose(landmark)

    def take_back(self, landmark: int) -> None:
        """What a click on its point has just placed, which was the first of two to look at it."""
        controller = self._controller
        last = controller.project.undoable(controller.session.who)
        record = controller.record
        if last is None or record is None or last.kind is not ActionKind.CLICK:
            return
        if (last.instance_id, last.landmark) == (record.id, landmark):
            self._history.undo()

    def _skip(self, by: int) -> None:
        """To the next (by=1) or previous (-1) one that no person has placed yet."""
        self._scene.rest()
        controller = self._controller
        controller.settle()  # arrow keys still hold the one before: it is asked for no more
        if not box_first(controller) and controller.phase is Phase.READY:  # so something is open
            controller.choose(landmark_beside(controller.session.view, controller.asked, by))
