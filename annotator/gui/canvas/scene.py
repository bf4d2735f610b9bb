"""What the canvas shows: the view of the image, the marks on it, and what is where. No widget."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from landmark_annotator.annotator.gui.canvas.geometry.aim import Aim
from landmark_annotator.annotator.gui.canvas.geometry.box_geometry import holds
from landmark_annotator.annotator.gui.canvas.geometry.viewport import (
    Viewport,
    box_corners,
    fitted,
    whole_image,
)
from landmark_annotator.annotator.gui.canvas.layers.crosses import FoundObject, found_at
from landmark_annotator.annotator.gui.canvas.layers.landmarks import Marks, OtherObject
from landmark_annotator.annotator.gui.canvas.layers.picking import (
    aim_at,
    landmark_area,
    landmark_at,
    object_places,
)
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

_OUTSIDE = 0.25
"""How far beyond the border, as a share of the image, a landmark may still be placed."""

_ROUND = 0.2
"""The share of the object's longer side that is seen round a landmark that is looked at."""

_BESIDE = 0.25
"""How far beyond the sides of its box, as a share of it, all that belongs to an object may lie."""

_IN_SIGHT = 0.8
"""Share of each side of a box that is to be seen for its object to be in sight."""

Fit = Literal["object", "objects", "image", "landmark"]


class Scene(QObject):
    """Positions are screen pixels of the view, places are image pixels.

    extent: (width, height) of the view on the screen, at least one pixel each.
    """

    changed = Signal()
    """It is to be painted anew."""
    hovered = Signal()
    """Another landmark, or none, is under the cursor."""
    looked = Signal(Viewport)
    """A hand has moved the view."""

    def __init__(
        self, extent: Callable[[], tuple[int, int]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._extent = extent
        self._fit: Fit | None = "object"
        self._closeup: tuple[int, Floats] | None = None
        """The landmark that was looked at last, and the area of the image round it."""
        self.viewport = Viewport()
        self.image_size: tuple[int, int] | None = None
        """(width, height) of the photograph that is shown."""
        self.marks: Marks | None = None
        self.beside: Floats | None = None
        """(K, 2) places that belong to the object and have no marks of their own; NaN unknown."""
        self.others: Sequence[OtherObject] = ()
        """Those of the image that are not open."""
        self.found: Sequence[FoundObject] = ()
        """Those that a click on their crosses throws out."""
        self.selected: frozenset[int] = frozenset()
        self.marks_hidden = False
        self.cursor: QPointF | None = None
        """Where the cursor is on the view; None where it is elsewhere."""
        self.resting = True
        """Whether the hand has not moved since another image came or a key chose a landmark:
        what lies under the cursor then lies there by chance, and keys do not act on it."""
        self.just_placed: int | None = None
        """The landmark that a hand has put down and not left since."""
        self.drawing = False
        """Whether hands draw masks, and mean no landmark."""
        self.box_asked_for = False
        """Whether the next drag draws a box, and a click places no landmark."""

    def refresh(self) -> None:
        """Something that is painted over it has changed."""
        self.changed.emit()

    # What is shown

    def show_image(self, size: tuple[int, int] | None) -> None:
        """Another photograph of (width, height), or None while there is none."""
        self.image_size = size
        self.select(())
        self.refit()
        self.refresh()

    def show_marks(self, marks: Marks | None) -> None:
        self.marks = marks and replace(marks, selected=self.selected)
        self.refresh()

    def show_others(self, others: Sequence[OtherObject]) -> None:
        self.others = tuple(others)
        self.refresh()

    def show_found(self, found: Sequence[FoundObject]) -> None:
        self.found = tuple(found)
        self.refresh()

    def select(self, landmarks: Collection[int]) -> None:
        """Those that are moved and swapped together from now on."""
        self.selected = frozenset(landmarks)
        self.show_marks(self.marks)

    def hide_marks(self, hidden: bool) -> None:
        self.marks_hidden = hidden
        self.refresh()

    # The view

    def fit(self, what: Fit) -> None:
        """Shows the object, all objects that wait, the image or the area round a landmark, and
        keeps to it when the window is resized."""
        self._fit = what
        self.refit()

    def refit(self) -> None:
        """Fits again what was fitted, unless somebody has chosen another view since."""
        if self._fit is None or self.image_size is None:
            return
        angle = self.viewport.angle
        self.viewport = whole_image(self.image_size, self._extent(), angle)
        places = None
        if self._fit == "object":
            places = self.object_places
        elif self._fit == "objects":
            places = self._waiting_places
        elif self._fit == "landmark" and self._closeup is not None:
            _, places = self._closeup
        if places is not None:
            self.viewport = fitted(places, self._extent(), angle=angle)
        self.refresh()

    def look_closely(self, landmark: int) -> bool:
        """Shows what is round a landmark, as much as is needed to see where it belongs.

        From there, asked again for the same one, back to the whole object. The view stays when
        the landmark is moved. False where the landmark has no place.
        """
        if self._fit == "landmark" and self._closeup and self._closeup[0] == landmark:
            self.fit("object")
            return True
        area = None if self.marks is None else landmark_area(self.marks, landmark, _ROUND)
        if area is None:
            return False
        self._closeup = landmark, area
        self.fit("landmark")
        return True

    @property
    def object_places(self) -> Floats | None:
        """(N, 2) all that belongs to the object, in image pixels."""
        return self.beside if self.marks is None else object_places(self.marks, self.beside)

    @property
    def _waiting_places(self) -> Floats | None:
        """(N, 2) the same of the object and of those beside it that wait."""
        own = self.object_places
        if own is None:
            return None
        boxes = [other.box for other in self.others if other.waits and other.box is not None]
        return np.concatenate([own, *map(box_corners, boxes)])

    def shows(self, box: Box) -> bool:
        """Whether nearly all of the box that lies in the image is in sight."""
        if self.image_size is None:
            return False
        inside = np.clip(box_corners(box), 0.0, np.array(self.image_size) - 1.0)
        corners = self.viewport.to_screen(inside)
        low, high = corners.min(axis=0), corners.max(axis=0)
        extent = np.array(self._extent(), dtype=float)
        seen = np.clip(high, 0.0, extent) - np.clip(low, 0.0, extent)
        return bool((seen >= _IN_SIGHT * (high - low)).all())

    @property
    def seen(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """The upper left and the lower right corner, on the screen, of the part of the image that
        is in sight; None where there is none."""
        if self.image_size is None:
            return None
        width, height = self.image_size
        middle = Box(width / 2, height / 2, width, height)
        corners = self.viewport.to_screen(box_corners(middle))
        (left, top), (right, bottom) = np.clip(
            (corners.min(axis=0), corners.max(axis=0)), 0.0, self._extent()
        ).tolist()
        return ((left, top), (right, bottom)) if left < right and top < bottom else None

    def turn(self, by: float) -> None:
        """By radians clockwise, about the middle of the view. What was fitted is fitted again."""
        if self.image_size is None:
            return
        width, height = self._extent()
        turned = self.viewport.turned(by, (width / 2, height / 2))
        if self._fit is None:
            self.look_at(turned)
        else:
            self.viewport = turned
            self.refit()
            self.looked.emit(self.viewport)

    def turn_along(self, before: QPointF, now: QPointF) -> None:
        """As a hand turns a sheet that is pinned in the middle of the view."""
        width, height = self._extent()
        angles = [math.atan2(p.y() - height / 2, p.x() - width / 2) for p in (before, now)]
        self.turn(math.remainder(angles[1] - angles[0], math.tau))

    def turn_to(self, angle: float) -> None:
        """The view's angle from now on, in radians clockwise, also where no image is shown yet."""
        if self.image_size is None:
            self.viewport = replace(self.viewport, angle=angle)
        elif angle != self.viewport.angle:
            self.turn(angle - self.viewport.angle)

    def zoom(self, factor: float, at: QPointF) -> None:
        """The image point under `at` stays there."""
        if self.image_size is not None:
            whole = whole_image(self.image_size, self._extent(), self.viewport.angle)
            smallest = 0.5 * min(whole.scale, 1.0)
            self.look_at(self.viewport.zoomed(factor, at.toTuple(), smallest))

    def look_at(self, viewport: Viewport) -> None:
        """Another view of the image, moved back where the image would get out of sight."""
        self.follow(viewport)
        self.looked.emit(self.viewport)

    def follow(self, viewport: Viewport) -> None:
        """Look where another view looks; nobody is told of it."""
        self._fit = None
        if self.image_size is not None:
            viewport = viewport.kept_in_sight(self.image_size, self._extent())
        self.viewport = viewport
        self.refresh()

    # What is where

    def landmark_at(self, position: QPointF) -> int | None:
        """The landmark under a screen position; none while the marks are hidden, or under a
        cross."""
        if self.marks is None or self.marks_hidden or self.found_at(position) is not None:
            return None
        return landmark_at(self.marks, self.viewport, position)

    @property
    def crosses(self) -> Sequence[FoundObject]:
        """What can be thrown out now: not while a box is drawn, or nothing is seen of it."""
        hidden = self.image_size is None or self.marks_hidden or self.box_asked_for or self.drawing
        return () if hidden else self.found

    def found_at(self, position: QPointF) -> FoundObject | None:
        """What a click there throws out, whatever else is under the cursor."""
        return found_at(self.crosses, self.viewport, position.toTuple(), self._extent())

    def other_at(self, position: QPointF) -> OtherObject | None:
        """The object that a click there opens: in its box, and far from that of the open one, whose
        landmark would else be placed on it."""
        marks = self.marks
        if marks is None or marks.box is None or self.box_asked_for or self.drawing:
            return None
        if self.marks_hidden or landmark_at(marks, self.viewport, position) is not None:
            return None
        at = np.array(self.image_point(position))
        if holds(marks.box, at, _BESIDE):
            return None
        there = {
            float(np.abs(other.box.to_frame(at)).max()): other
            for other in self.others
            if other.box is not None and holds(other.box, at)
        }
        return there[min(there)] if there else None

    def aim_at(self, position: QPointF, *, anywhere: bool = False) -> Aim | None:
        """What a press there is about, for whoever presses and whoever says so before.

        anywhere: the asked one is meant, whatever is under the cursor.
        """
        if self.marks is None or self.image_size is None or self.box_asked_for or self.drawing:
            return None
        # Nobody can mean a point that is not seen.
        if self.marks_hidden and self.marks.asked is None:
            return None
        if self.found_at(position) is not None:
            return None
        if not anywhere and self.other_at(position) is not None:
            return None
        anywhere = anywhere or self.marks_hidden
        aim = aim_at(self.marks, self.viewport, position, anywhere=anywhere)
        if aim is not None and aim.under is None and not self.within_reach(position):
            return None
        return aim

    @property
    def aim(self) -> Aim | None:
        """What a press where the cursor is would be about, without Shift."""
        return None if self.cursor is None else self.aim_at(self.cursor)

    @property
    def exact_aim(self) -> Aim | None:
        """What it would be about with Shift; a key still acts on what is under the cursor."""
        if self.cursor is None:
            return None
        plain, exact = self.aim, self.aim_at(self.cursor, anywhere=True)
        return exact if exact is None or plain is None else replace(exact, under=plain.under)

    @property
    def under_hand(self) -> int | None:
        """The landmark that a key acts on before the one that is asked for."""
        aim = None if self.resting else self.aim
        return None if aim is None else aim.under

    @property
    def not_in_image(self) -> int | None:
        """As `under_hand`, for the key that says that a landmark is not in the image: never the
        one that was just placed, where the hand still is, for what was seen and clicked is there.
        Who goes through the landmarks speaks of the next one."""
        return None if self.placed_here is not None else self.under_hand

    @property
    def placed_here(self) -> int | None:
        """The landmark that was just placed, where the hand still is."""
        return self.just_placed if self.just_placed == self.under_hand else None

    def see_cursor(self, position: QPointF | None) -> None:
        """A hand has moved it there, or pressed; None where it left the view."""
        self.cursor, self.resting = position, position is None
        self.just_placed = self.placed_here
        self.refresh()

    def rest(self) -> None:
        """Keys act on the landmark that is asked for until the hand moves."""
        self.resting, self.just_placed = True, None
        self.refresh()

    def image_point(self, position: QPointF) -> tuple[float, float]:
        """A screen position in image pixels."""
        x, y = self.viewport.to_image(np.array([position.x(), position.y()]))
        return float(x), float(y)

    def image_step(self, dx: float, dy: float) -> tuple[float, float]:
        """A way on the screen in image pixels."""
        across, down = self.viewport.steps_to_image(np.array([dx, dy]))
        return float(across), float(down)

    def within_reach(self, position: QPointF) -> bool:
        """Landmarks beyond the border are placed too, but not far out in the surround."""
        if self.image_size is None:
            return False
        width, height = self.image_size
        x, y = self.image_point(position)
        return (
            -_OUTSIDE * width <= x <= (1 + _OUTSIDE) * width
            and -_OUTSIDE * height <= y <= (1 + _OUTSIDE) * height
        )

    def hover(self, position: QPointF | None) -> None:
        """Marks the landmark under the cursor; None where the cursor is elsewhere."""
        if self.marks is None:
            return
        if position is not None and not QRectF(0, 0, *self._extent()).contains(position):
            position = None
        aim = None if position is None else self.aim_at(position)
        landmark = None if aim is None else aim.under
        if aim is not None and landmark is None and aim.clicked != self.marks.asked:
            landmark = aim.clicked
        if landmark != self.marks.hovered:
            self.marks = replace(self.marks, hovered=landmark)
            self.refresh()
            self.hovered.emit()
