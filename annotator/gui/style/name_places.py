"""Where the names of points stand on a plot, so that none is printed over another or a line."""

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_GAP = 3.0
"""Pixels between a point and its name."""
_STEPS = 24
"""Half heights that a name moves up or down at most, from the height of its point."""
_HIDDEN = 1e4
"""Pixels that a name is rather moved than hidden, however little."""
_STRIDE = 6.0
"""Pixels between the places of a line that are kept free."""
_NOTHING = np.empty((0, 2))


def free_places(
    points: Floats,
    sizes: Floats,
    room: tuple[float, float],
    radius: float,
    drawn: Floats = _NOTHING,
) -> Floats:
    """(N, 2) left upper corners, in pixels from the room's own, for names at points.

    points: (N, 2) pixels; sizes: (N, 2) width and height of each name; room: width and height that
    no name leaves, where it has so much; radius: of the signs of points, which stay free too, as
    do the places `drawn`, (M, 2). Each name is as near its point as those before it allow; of
    several orders the one counts by which names are the nearest in all. Where nothing is free, a
    name stands where it hides least.
    """
    choices = [_near(*each, room, radius + _GAP) for each in zip(points, sizes, strict=True)]
    away = [_away(near, size, at) for near, size, at in zip(choices, sizes, points, strict=True)]
    orders = [
        np.argsort(points[:, axis], kind="stable")[::way] for axis in (0, 1) for way in (1, -1)
    ]
    signs = np.vstack([points, drawn])
    taken = np.concatenate([signs - radius, signs + radius], axis=1)
    placed = [_placed(order, sizes, choices, away, taken) for order in orders]
    return min(placed, key=lambda each: each[1])[0]


def along(line: Floats, room: tuple[float, float]) -> Floats:
    """(M, 2) places on the line through the points (N, 2), close enough that no name lies between
    them; those in the room alone, however far the line leads out of it."""
    if len(line) == 0:
        return _NOTHING
    starts, steps = line[:-1], np.diff(line, axis=0)
    first, last = _within(starts, steps, np.array(room))
    lengths = np.hypot(*steps.T) * (last - first)
    seen = np.flatnonzero(last >= first)
    counts = (lengths[seen] / _STRIDE).astype(int) + 2
    each = np.repeat(seen, counts)
    # 0, 1, ... within each piece, as a share of it.
    number = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
    share = number / np.repeat(counts - 1, counts)
    at = first[each] + share * (last[each] - first[each])
    ends = line[:1][((line[:1] >= 0) & (line[:1] <= room)).all(axis=1)]
    return np.vstack([ends, starts[each] + at[:, None] * steps[each]])


def _within(starts: Floats, steps: Floats, room: Floats) -> tuple[Floats, Floats]:
    """(N,) each: the shares of the pieces of a line between which they are in the room (Liang and
    Barsky 1984); the first is the larger one where they are nowhere in it."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        one, other = -starts / steps, (room - starts) / steps
    still = (steps == 0) & (starts >= 0) & (starts <= room)
    enter = np.where(still, -np.inf, np.fmin(one, other)).max(axis=1)
    leave = np.where(still, np.inf, np.fmax(one, other)).min(axis=1)
    first, last = np.maximum(enter, 0.0), np.minimum(leave, 1.0)
    outside = ~(first <= last)
    return np.where(outside, 1.0, first), np.where(outside, 0.0, last)


def _placed(
    order: Ints, sizes: Floats, choices: list[Floats], away: list[Floats], taken: Floats
) -> tuple[Floats, float]:
    """The corners, and what they cost in all. taken: (M, 4) low and high corners."""
    places, cost = np.empty_like(sizes), 0.0
    for n in order.tolist():
        hidden = _hidden(choices[n], sizes[n], taken)
        costs = away[n] + hidden + _HIDDEN * (hidden > 0)
        best = int(np.argmin(costs))
        places[n], cost = choices[n][best], cost + float(costs[best])
        taken = np.vstack([taken, [*places[n], *(places[n] + sizes[n])]])
    return places, cost


def _near(point: Floats, size: Floats, room: tuple[float, float], gap: float) -> Floats:
    """(M, 2) corners, to the right first: beside, and above and below from left to right."""
    wide, high = size
    corners = []
    for step in range(_STEPS):
        for up in (-1, 1) if step else (1,):
            down = up * step * high / 2 - high / 2
            beside = [gap, -gap - wide]
            clear = step * high / 2 >= high / 2 + gap
            across = [-wide / 2, -wide / 4, -3 * wide / 4, -wide, 0.0] if clear else []
            corners += [(x, down) for x in (*beside, *across)]
    return np.clip(point + np.array(corners), 0.0, np.maximum(np.array(room) - size, 0.0))


def _away(near: Floats, size: Floats, point: Floats) -> Floats:
    """(M,) pixels between each place and the point."""
    # Of places as near, the first: by a hair, whatever the last digits say.
    first = np.arange(len(near)) * 1e-6
    across, down = (point - np.clip(point, near, near + size)).T
    away: Floats = np.hypot(across, down) + first
    return away


def _hidden(near: Floats, size: Floats, taken: Floats) -> Floats:
    """(M,) square pixels of what is taken already."""
    low = np.maximum(near[:, None], taken[None, :, :2])
    high = np.minimum((near + size)[:, None], taken[None, :, 2:])
    area: Floats = np.maximum(high - low, 0.0).prod(axis=2).sum(axis=1)
    return area
