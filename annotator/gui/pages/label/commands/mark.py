"""What is said of a landmark beside where it is: of the one under the cursor, else the one asked
for, as with all keys that are about one landmark."""

from collections.abc import Callable, Mapping
from functools import partial

from landmark_annotator.annotator.gui.canvas.scene import Scene
from landmark_annotator.annotator.gui.pages.label.commands.before_landmarks import box_first
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.labelling.left_out import mark_left_out
from landmark_annotator.projects.vocabulary import PLACED, Visibility
from landmark_annotator.projects.vocabulary.wording import counted

_SEEN = {
    Visibility.NOT_LABELLED: "marked as not in the image",
    Visibility.OCCLUDED: "marked as hidden",
    Visibility.VISIBLE: "visible",
}


class Marking:
    def __init__(self, controller: LabelController, scene: Scene) -> None:
        self._controller, self._scene = controller, scene

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {
            "clear": self.clear,
            "occluded": lambda: self.mark(Visibility.OCCLUDED),
            "absent": lambda: self.mark(Visibility.NOT_LABELLED),
            "absent_left_out": self.mark_left_out,
            "mark_suggested": self.mark_suggested,
            "visible": lambda: self.mark(Visibility.VISIBLE),
        }

    def _meant(self, visibility: Visibility | None = None) -> int | None:
        """visibility: what is said of the landmark, if that is what is said."""
        absent, scene = visibility is Visibility.NOT_LABELLED, self._scene
        under = scene.not_in_image if absent else scene.under_hand
        if under is None or self._controller.phase is not Phase.READY:
            return self._controller.asked
        return under

    def clear(self) -> None:
        """Takes back the evidence of the landmark."""
        controller = self._controller
        landmark, view = self._meant(), controller.view
        if view is None or box_first(controller):
            return
        if landmark is None:
            controller.note("Point at the landmark that is to be taken back.")
            return
        mark = view.shape.provenance[landmark]
        if mark in PLACED:
            what = controller.titled("clearing", landmark)
            controller.act(lambda: controller.session.clear(landmark), what)
        else:
            name = controller.scheme.landmarks[landmark]
            controller.note(
                f"Nobody has placed the {name}. Point at the landmark that is to be taken back."
            )

    def mark(self, visibility: Visibility) -> None:
        """Says of the landmark whether it is seen, hidden or not in the image."""
        controller = self._controller
        landmark, view = self._meant(visibility), controller.view
        if view is None or box_first(controller):
            return
        if landmark is None:
            controller.note(f"Point at the landmark that is to be {_SEEN[visibility]}.")
            return
        hidden = view.shape.visibility[landmark] == Visibility.OCCLUDED
        now = Visibility.OCCLUDED if hidden else Visibility.VISIBLE
        said = landmark not in view.suggested | view.carried
        if said and visibility is (Visibility.NOT_LABELLED if landmark in view.absent else now):
            name = controller.scheme.landmarks[landmark]
            controller.note(f"The {name} is {_SEEN[visibility]} already.")
        else:
            what = controller.titled("visibility", landmark)
            controller.act(lambda: controller.session.set_visibility(landmark, visibility), what)

    def mark_left_out(self) -> None:
        """All that the file left out is not in the image."""
        controller = self._controller
        view = controller.view
        if view is None or box_first(controller) or controller.phase is not Phase.READY:
            return
        if not view.left_out:
            controller.note("No file left a landmark out here of which nobody has said anything.")
            return
        what = f"marking of {counted(len(view.left_out), 'landmark')} as not in the image"
        controller.act(partial(mark_left_out, controller.session), what)

    def mark_suggested(self) -> None:
        """All that is probably hidden is marked so, or none of it any more."""
        controller = self._controller
        view = controller.view
        if view is None or box_first(controller) or controller.phase is not Phase.READY:
            return
        if not view.suggested | view.marked:
            controller.note("Nothing here is probably hidden, as far as the model can tell.")
            return
        done = "marking" if view.suggested else "unmarking"
        what = counted(len(view.suggested or view.marked), "probably hidden landmark")
        controller.act(controller.session.mark_suggested, f"{done} of {what}")
