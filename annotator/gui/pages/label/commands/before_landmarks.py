"""Keys that are about landmarks, where a box is asked for."""

from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase


def box_first(controller: LabelController) -> bool:
    """Whether nothing can be done to landmarks because a box is asked for; says so then."""
    asked = controller.phase is Phase.BOX
    if asked:
        controller.note("The box comes first: its landmarks can be changed after it.")
    return asked
