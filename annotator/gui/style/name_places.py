"""Where the names of points stand on a plot, so that none is printed over another."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats

_GAP = 3.0
"""Pixels between a point and its name."""
_STEPS = 24
"""Half heights that a name moves up or down at most, from the height of its point."""


def free_places(points: Floats, sizes: Floats, room: tuple[float, float], radius: float) -> Floats:
    """(N, 2) left upper corners, in pixels from the room's own, for names at points.

    points: (N, 2) pixels; sizes: (N, 2) width and height of each name; room: width and height that
    no name leaves, where it has so much; radius: of the signs of points, which stay free too.
    Each name is as near its point as those before it allow; where nothing is free, where it hides
    least.
    """
    taken = [(*(point - radius), *(point + radius)) for point in points]
    places = np.empty_like(points)
    for n in np.lexsort((points[:, 1], points[:, 0])).tolist():
        near = _near(points[n], sizes[n], radius + _GAP)
        near = np.clip(near, 0.0, np.maximum(np.array(room) - sizes[n], 0.0))
        hidden = np.array([_hidden((*place, *(place + sizes[n])), taken) for place in near])
        places[n] = near[int(np.argmin(hidden))]
        taken.append((*places[n], *(places[n] + sizes[n])))
    return places


def _near(point: Floats, size: Floats, gap: float) -> Floats:
    """(M, 2) corners, the nearest first: to the right, to the left, above and below."""
    wide, high = size
    corners = [(gap, -high / 2), (-gap - wide, -high / 2)]
    for step in range(1, _STEPS):
        for up in (-1, 1):
            down = up * step * high / 2 - high / 2
            corners += [(gap, down), (-gap - wide, down)]
            if abs(down + high / 2) >= high / 2 + gap:
                corners.append((-wide / 2, down))
    return point + np.array(corners)


def _hidden(place: tuple[float, ...], taken: list[tuple[float, ...]]) -> float:
    """Square pixels of what is taken already."""
    left, top, right, bottom = place
    across = [min(right, r) - max(left, x) for x, _, r, _ in taken]
    down = [min(bottom, b) - max(top, y) for _, y, _, b in taken]
    return sum(max(a, 0.0) * max(d, 0.0) for a, d in zip(across, down, strict=True))
