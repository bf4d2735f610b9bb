"""What the left button holds on the canvas: a landmark, or several."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from landmark_annotator.annotator.gui.canvas.geometry.aim import Aim
from landmark_annotator.annotator.gui.canvas.geometry.hit_testing import is_drag
from landmark_annotator.annotator.gui.style import canvas_colours


@dataclass
class Grab:
    """A landmark held by the left button, and the selected ones with it where it is one."""

    aim: Aim
    start: QPointF
    taken: tuple[float, float]
    """Where in the image, in pixels: the view may be zoomed before it is let go."""
    places: dict[int, tuple[float, float]]
    """Of each when it was taken, in image pixels: a point does not jump under the cursor."""
    at: QPointF
    moving: bool = False

    def moved(self, position: QPointF) -> bool:
        """Whether a drag is meant, to which a trembling hand may not turn another's click."""
        plain = self.aim.under == self.aim.clicked
        far = canvas_colours.DRAG_THRESHOLD if plain else canvas_colours.FAR_DRAG_THRESHOLD
        return self.moving or is_drag(self.start.toTuple(), position.toTuple(), far)
