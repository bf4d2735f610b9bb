"""Moving, resizing and turning a box by its handles: pure functions, no Qt.

A handle is named by where it sits on the box: (-1, 0) is the middle of its left side, (1, 1) its
bottom right corner, (0, 0) its middle, which moves it; `TURN` is the knob above its top side.
"Left" and "top" are the box's own, however it is turned.
"""

import math

import numpy as np

from landmark_annotator.annotator.gui.canvas.geometry.viewport import Viewport, box_corners
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

Handle = tuple[int, int]

TURN: Handle = (0, -2)
MOVE: Handle = (0, 0)
HANDLES: tuple[Handle, ...] = (
    (-1, -1),
    (0, -1),
    (1, -1),
    (1, 0),
    (1, 1),
    (0, 1),
    (-1, 1),
    (-1, 0),
    MOVE,
    TURN,
)
SMALLEST = 2.0
"""Image pixels of a side that resizing leaves at least."""
_KNOB = 28.0
"""Screen pixels between the top side and the knob that turns the box."""
_SNAP = math.radians(15.0)

Point = tuple[float, float]


def holds(box: Box, at: Floats, margin: float = 0.0) -> bool:
    """Whether a place (2,) in image pixels is in the box, or no further outside than this share of
    its sides."""
    x, y = np.abs(box.to_frame(at)) * 2 * box.side
    wide = 1 + 2 * margin
    return bool(x <= wide * box.width and y <= wide * box.height)


def handle_places(box: Box, viewport: Viewport) -> dict[Handle, Point]:
    """Where each handle is on the screen."""
    corners = viewport.to_screen(box_corners(box))
    middle = corners.mean(axis=0)
    across, down = (corners[1] - corners[0]) / 2, (corners[3] - corners[0]) / 2
    places = {h: middle + h[0] * across + h[1] * down for h in HANDLES if h != TURN}
    up = -down / max(float(np.hypot(*down)), 1e-9)
    places[TURN] = places[(0, -1)] + _KNOB * up
    return {handle: (float(x), float(y)) for handle, (x, y) in places.items()}


def handle_at(box: Box, viewport: Viewport, position: Point, reach: float) -> Handle | None:
    """The handle under a screen position; anywhere on a side is that side's.

    The nearest within reach; else the side that is. None elsewhere.
    """
    places = handle_places(box, viewport)
    distances = {h: math.dist(place, position) for h, place in places.items()}
    nearest = min(distances, key=lambda handle: distances[handle])
    if distances[nearest] <= reach:
        return nearest
    corners = viewport.to_screen(box_corners(box))
    sides: tuple[Handle, ...] = ((0, -1), (1, 0), (0, 1), (-1, 0))
    for side, start, end in zip(sides, corners, np.roll(corners, -1, axis=0), strict=True):
        if _from_segment(np.array(position), start, end) <= reach:
            return side
    return None


def _from_segment(position: Floats, start: Floats, end: Floats) -> float:
    along = end - start
    share = float(np.clip((position - start) @ along / max(float(along @ along), 1e-9), 0.0, 1.0))
    return float(np.hypot(*(position - start - share * along)))


def pulled(box: Box, handle: Handle, start: Point, end: Point, snap: bool = False) -> Box:
    """The box after a handle was taken at start and brought to end, both in image pixels.

    snap: it turns by steps of 15 degrees.
    """
    if handle == MOVE:
        return shifted(box, end[0] - start[0], end[1] - start[1])
    if handle == TURN:
        before, after = (math.atan2(y - box.centre_y, x - box.centre_x) for x, y in (start, end))
        angle = box.angle + after - before
        return turned(box, (round(angle / _SNAP) * _SNAP if snap else angle) - box.angle)
    cos, sin = math.cos(box.angle), math.sin(box.angle)
    dx, dy = end[0] - start[0], end[1] - start[1]
    return grown(box, handle, cos * dx + sin * dy, cos * dy - sin * dx)


def grown(box: Box, handle: Handle, across: float, down: float) -> Box:
    """A side or corner moved by so many image pixels along the box's own axes.

    What lies opposite stays where it is; the box never turns inside out.
    """
    width = max(box.width + handle[0] * across, SMALLEST) if handle[0] else box.width
    height = max(box.height + handle[1] * down, SMALLEST) if handle[1] else box.height
    along = handle[0] * (width - box.width) / 2, handle[1] * (height - box.height) / 2
    cos, sin = math.cos(box.angle), math.sin(box.angle)
    return Box(
        box.centre_x + cos * along[0] - sin * along[1],
        box.centre_y + sin * along[0] + cos * along[1],
        width,
        height,
        box.angle,
    )


def shifted(box: Box, dx: float, dy: float) -> Box:
    """By image pixels."""
    return Box(box.centre_x + dx, box.centre_y + dy, box.width, box.height, box.angle)


def turned(box: Box, by: float) -> Box:
    """About its middle, by radians clockwise on the screen; the angle stays within half a turn."""
    angle = math.remainder(box.angle + by, math.tau)
    return Box(box.centre_x, box.centre_y, box.width, box.height, angle)
