"""What is said of the landmark that is asked for, beside where it is."""

from annotator.gui.pages.label.controller.controller import LabelController
from projects.vocabulary import PLACED, Visibility

_SEEN = {
    Visibility.NOT_LABELLED: "marked as not in the image",
    Visibility.OCCLUDED: "marked as hidden",
    Visibility.VISIBLE: "visible",
}


class Marking:
    def __init__(self, controller: LabelController) -> None:
        self._controller = controller

    def clear(self) -> None:
        """Takes back the evidence of the landmark that is asked for."""
        controller = self._controller
        landmark, view = controller.asked, controller.view
        if landmark is None or view is None:
            return
        mark = view.shape.provenance[landmark]
        if mark in PLACED:
            what = controller.titled("clearing", landmark)
            controller.act(lambda: controller.session.clear(landmark), what)
        else:
            name = controller.scheme.landmarks[landmark]
            controller.note(
                f"Nobody has placed the {name}. Click the point first that is to be taken back."
            )

    def mark(self, visibility: Visibility) -> None:
        """Says of the landmark asked for whether it is seen, hidden or not in the image."""
        controller = self._controller
        landmark, view = controller.asked, controller.view
        if landmark is None or view is None:
            return
        hidden = view.shape.visibility[landmark] == Visibility.OCCLUDED
        now = Visibility.OCCLUDED if hidden else Visibility.VISIBLE
        if visibility is (Visibility.NOT_LABELLED if landmark in view.absent else now):
            name = controller.scheme.landmarks[landmark]
            controller.note(f"The {name} is {_SEEN[visibility]} already.")
        else:
            what = controller.titled("visibility", landmark)
            controller.act(lambda: controller.session.set_visibility(landmark, visibility), what)
