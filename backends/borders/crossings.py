"""Where lines across contours of landmarks cross the borders of masks.

OpenCV is loaded where it is first needed: it takes a while, and a window is to be seen before.
"""

from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Bools, Floats, Ints
from landmark_annotator.projects.vocabulary.curve import tangents
from landmark_annotator.projects.vocabulary.mask import Mask
from landmark_annotator.projects.vocabulary.scheme import Scheme

REACH = 0.1
"""Sides of the box to each side of a landmark in which borders are looked for."""
OFFSETS: Floats = np.linspace(-REACH, REACH, 81)
"""Sides of the box from a landmark, along the line across its contour."""
_FINEST = 256
"""Cells a side of the box: a large photograph is looked at in steps."""
_BLUR, _GENTLE = 0.8, 2.0
"""Cells: a mask's stairs become a slope, whose half height is the border; and by how much more to
see where it faces."""


def contours(scheme: Scheme) -> list[tuple[Ints, Bools]]:
    """Paths of landmarks: the scheme's contours, closed ones back to their first, and after them
    the edges between others, joined where one begins at the other's end. And which landmarks of a
    path were on none before."""
    paths = [[*curve.landmarks, *curve.landmarks[:1] * curve.closed] for curve in scheme.curves]
    smooth = {landmark for path in paths for landmark in path}
    for one, other in scheme.edges:
        if not {one, other} <= smooth:
            if paths and paths[-1][-1] == one and one not in smooth:
                paths[-1].append(other)
            else:
                paths.append([one, other])
    met: set[int] = set()
    found = []
    for path in paths:
        found.append((np.array(path), np.array([landmark not in met for landmark in path])))
        met.update(path)
    return found


def neighbours(scheme: Scheme) -> Ints:
    """(M, 3) landmark before, landmark, landmark after, of each on the first of the contours that
    it lies on; one at an end stands there itself."""
    found: dict[int, tuple[int, int, int]] = {}
    for path, first in contours(scheme):
        ends = (path[-2], path[1]) if path[0] == path[-1] else (path[0], path[-1])
        padded = [ends[0], *path, ends[1]]
        for before, at, after, new in zip(padded, path, padded[2:], first, strict=False):
            if new:
                found.setdefault(int(at), (int(before), int(at), int(after)))
    return np.array(sorted(found.values(), key=lambda row: row[1]), np.int64).reshape(-1, 3)


def across(points: Floats, beside: Ints) -> Floats:
    """(M, 2) unit directions across the contours at landmarks, always to the same side of the way
    from the one before to the one after; NaN where a contour has no direction.

    points: (L, 2). beside: (M, 3) of `neighbours`.
    """
    x, y = tangents(*(points[rows] for rows in beside.T)).T
    return np.stack([-y, x], axis=1)


@dataclass(frozen=True, eq=False)
class Slope:
    """A mask in a window with its border as a slope. values: (height, width) from 0 to 1; cell
    (row, column) lies at the pixel (left + step * column, top + step * row)."""

    values: AnyFloats
    left: int
    top: int
    step: int

    @classmethod
    def around(
        cls, mask: Mask, points: Floats, side: float, size: tuple[int, int] | None = None
    ) -> "Slope":
        """points: (n, 2) image pixels. side: of the box, in pixels. size: width and height of the
        photograph, at whose edge no border is; None where its edge is far."""
        known = points[np.isfinite(points).all(axis=1)]
        if not len(known):
            return cls(np.zeros((1, 1), np.float32), 0, 0, 1)
        low, high = known.min(axis=0), known.max(axis=0)
        left, top = np.floor(low - 2 * REACH * side).astype(int).tolist()
        right, bottom = np.ceil(high + 2 * REACH * side).astype(int).tolist()
        if size is not None:
            left, top = max(left, 0), max(top, 0)
            right, bottom = min(right, size[0] - 1), min(bottom, size[1] - 1)
        if right < left or bottom < top:
            return cls(np.zeros((1, 1), np.float32), 0, 0, 1)
        step = max(int(side / _FINEST), 1)
        cells = mask.inside((left, top, right - left + 1, bottom - top + 1), step)
        return cls(_blurred(cells.astype(np.float32), _BLUR), left, top, step)

    def at(self, places: Floats) -> AnyFloats:
        """(...) of places (..., 2) in image pixels; outside of the window as at its edge."""
        if not places.size:
            return np.zeros(places.shape[:-1], np.float32)
        import cv2

        cells = np.nan_to_num((places - [self.left, self.top]) / self.step)
        maps = cells.astype(np.float32).reshape(len(places), -1, 2)
        found = cv2.remap(
            self.values,
            maps[..., 0],
            maps[..., 1],
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(found, np.float32).reshape(places.shape[:-1])

    def directions(self, places: Floats) -> Floats:
        """(n, 2) unit directions of the border at places (n, 2) on it; NaN where there is none."""
        # A steep slope has the directions of the mask's stairs.
        gentle = replace(self, values=_blurred(self.values, _GENTLE))
        d = float(self.step)
        right, down = (gentle.at(places + d * e) - gentle.at(places - d * e) for e in np.eye(2))
        with np.errstate(divide="ignore", invalid="ignore"):
            along = np.stack([-down, right], axis=1).astype(np.float64)
            return np.asarray(along / np.linalg.norm(along, axis=1)[:, None])


def _blurred(values: AnyFloats, cells: float) -> AnyFloats:
    import cv2

    return np.asarray(cv2.GaussianBlur(values, (0, 0), cells), np.float32)


def crossings(slope: Slope, points: Floats, normals: Floats, side: float) -> tuple[Floats, Bools]:
    """(M, T - 1) where the lines through points (M, 2) along normals (M, 2) cross the border, sides
    of the box from the point, NaN in pieces that do not; and which of these leave the mask."""
    places = points[:, None] + side * OFFSETS[:, None] * normals[:, None]
    values = slope.at(places).astype(np.float64)
    first, last = values[:, :-1], values[:, 1:]
    leaves = (first > 0.5) & (last <= 0.5)
    enters = (first <= 0.5) & (last > 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (0.5 - first) / (last - first)
    found = OFFSETS[:-1] + share * (OFFSETS[1] - OFFSETS[0])
    return np.where(leaves | enters, found, np.nan), leaves


def nearest(found: Floats, targets: Floats) -> Floats:
    """(M,) of crossings (M, T) those nearest to the targets (M,); NaN where there is none."""
    apart = abs(found - targets[:, None])
    apart[np.isnan(apart)] = np.inf
    best = apart.argmin(axis=1)
    return np.asarray(found[np.arange(len(found)), best])
