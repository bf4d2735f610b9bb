"""Where the 68 landmarks of the 300-W definition lie on the mesh.

51 of them are fixed points of the surface. The 17 of the jaw are the visible outline. Arcs on the
surface run from the jaw's edge towards the middle of the face, and their points that lie furthest
out in the picture are the outline (as in Zhu et al. 2015, "High-fidelity pose and expression
normalization"). Along it annotators space the landmarks evenly, from each ear to the chin: on the
training photographs of Helen and LFPW the k-th of eight steps ends within 0.025 of k / 8 of the
way, in the median, whichever way the head is turned (test_rendered_heads.py).

Guides are the same features where the mesh itself has them. Pictures are composed around these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.rendering.mesh.head_mesh import Surface, head_surface
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

Projection = Callable[[Floats], Floats]
"""(n, 3) points to (n, 2) of the picture."""

_FIXED: dict[int, dict[int, float]] = {
    17: {262: 1.0},
    18: {224: 0.6, 232: 0.4},
    19: {204: 0.4, 222: 0.6},
    20: {205: 0.5, 223: 0.5},
    21: {208: 0.8, 233: 0.2},
    27: {132: 1.0},
    28: {131: 1.0},
    29: {201: 1.0},
    30: {5054: 1.0},
    31: {318: 0.5, 326: 0.5},
    32: {332: 1.0},
    33: {317: 1.0},
    36: {1062: 1.0},
    37: {1055: 0.6, 1057: 0.4},
    38: {1073: 1.0},
    39: {1078: 0.5, 63: 0.5},
    40: {1070: 1.0},
    41: {1067: 0.5, 1068: 0.5},
    48: {425: 1.0},
    49: {447: 1.0},
    50: {457: 1.0},
    51: {466: 1.0},
    57: {492: 1.0},
    58: {486: 0.65, 480: 0.35},
    59: {370: 1.0},
    60: {433: 0.5, 445: 0.5},
    61: {5362: 1.0},
    62: {474: 1.0},
    66: {493: 1.0},
    67: {481: 1.0},
}
"""By landmark of the picture's left half and of the midline: shares of the mesh's vertices."""
_LABELLED: dict[int, dict[int, float]] = {
    60: {418: 0.5, 437: 0.5},
    61: {472: 0.75, 471: 0.25},
    67: {487: 0.8, 481: 0.2},
}
"""The landmarks of the inner lips where annotators put them: vertices, as above."""
_MOVED = {
    17: (-0.039, -0.018),
    18: (-0.045, 0.010),
    19: (-0.035, 0.045),
    20: (0.0, 0.049),
    21: (0.021, 0.041),
    27: (0.0, 0.015),
    28: (0.0, 0.028),
    29: (0.0, 0.027),
    30: (0.0, 0.020),
    31: (0.027, -0.010),
    32: (0.028, -0.017),
    49: (0.020, 0.0),
    50: (0.022, 0.0),
    58: (0.020, 0.0),
    59: (0.029, 0.005),
}
"""From the guide to where annotators put the landmark, right and up on the mesh without any shape
target: a hundredth of the box is 0.014. Medians of what the weights of `face68`, which know
photographs, say of the heads of the embedded set that are turned by less than 15 degrees: people
follow the upper edge of the inner brow, and keep the lips' points closer to the middle."""
_PARTNER = {
    **{k: 43 - k for k in range(17, 22)},
    31: 35, 32: 34, 36: 45, 37: 44, 38: 43, 39: 42, 40: 47, 41: 46,
    48: 54, 49: 53, 50: 52, 58: 56, 59: 55, 60: 64, 61: 63, 67: 65,
}  # fmt: skip
_JAW = np.array(
    [
        [-0.72, 7.27, 0.80],
        [-0.70, 7.07, 0.78],
        [-0.67, 6.88, 0.78],
        [-0.62, 6.69, 0.82],
        [-0.53, 6.51, 0.94],
        [-0.41, 6.36, 1.08],
        [-0.28, 6.255, 1.21],
        [-0.14, 6.185, 1.33],
        [0.0, 6.165, 1.39],
    ]
)
"""The jaw's edge on the mesh without any shape target, from the picture's left ear to the chin."""
_FINER = 2
"""Arcs for each step from one point of the edge to the next."""
_STEPS = 48


@dataclass(frozen=True)
class LandmarkRows:
    """guides, fixed: (51, V), arcs: (33 * steps, V), all of coarse vertices. outward: (33, 3) away
    from the middle of the head, in its frame."""

    guides: sparse.csr_matrix
    fixed: sparse.csr_matrix
    arcs: sparse.csr_matrix
    outward: Floats

    def points(self, coarse: Floats, turn: Rotation, project: Projection) -> Floats:
        """(68, 3) for vertices (V, 3) of a head turned by `turn`, in the picture of `project`."""
        outline = self._outline(coarse, turn, project)
        chin = len(outline) // 2
        one = _evenly(outline[: chin + 1], project)
        other = _evenly(outline[chin:][::-1], project)[::-1]
        return np.vstack([one, other[1:], self.fixed @ coarse])

    def guide_points(self, coarse: Floats, turn: Rotation, project: Projection) -> Floats:
        """(68, 3) likewise, the guides."""
        outline = self._outline(coarse, turn, project)
        return np.vstack([outline[::_FINER], self.guides @ coarse])

    def _outline(self, coarse: Floats, turn: Rotation, project: Projection) -> Floats:
        """(33, 3) from the picture's left ear over the chin to the right one."""
        arcs = (self.arcs @ coarse).reshape(-1, _STEPS, 3)
        start = arcs[:, 0]
        out = project(start + 0.1 * turn.apply(self.outward)) - project(start)
        flat = project(arcs.reshape(-1, 3)).reshape(*arcs.shape[:2], 2)
        furthest = (flat * out[:, None]).sum(axis=2).argmax(axis=1)
        return np.asarray(arcs[np.arange(len(arcs)), furthest])


def _evenly(line: Floats, project: Projection) -> Floats:
    """(9, 3) points that divide a line (n, 3) into eight steps of one length in the picture."""
    steps = np.linalg.norm(np.diff(project(line), axis=0), axis=1)
    passed = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0, passed[-1], 9)
    return np.column_stack([np.interp(wanted, passed, line[:, k]) for k in range(3)])


@lru_cache(maxsize=1)
def landmark_rows(assets: Assets) -> LandmarkRows:
    surface, rest = head_surface(assets), assets.mesh.vertices
    guides = _vertices(_FIXED, surface, rest)
    fixed = _vertices(_FIXED | _LABELLED, surface, rest).tolil()
    moved = _moved(guides @ rest, surface, rest)
    for landmark, row in moved.items():
        fixed[landmark - 17] = row
    arcs, outward = _arcs(surface, rest)
    return LandmarkRows(guides, fixed.tocsr(), arcs, outward)


def _vertices(
    shares: dict[int, dict[int, float]], surface: Surface, rest: Floats
) -> sparse.csr_matrix:
    """(51, V) of both halves."""
    coarse = {
        **shares,
        **{_PARTNER[k]: _mirrored(v, rest) for k, v in shares.items() if k in _PARTNER},
    }
    rows = sparse.lil_matrix((51, len(surface.kept)))
    for landmark, own in coarse.items():
        for vertex, share in own.items():
            rows[landmark - 17, surface.point(vertex)] = share
    return rows.tocsr() @ surface.refine[: len(surface.kept)]


def _moved(guides: Floats, surface: Surface, rest: Floats) -> dict[int, sparse.csr_matrix]:
    """(1, V) for each landmark of `_MOVED`, of both halves: what one sees in its place from the
    front."""
    fine = surface.at(rest)
    triangles = surface.triangles
    found = {}
    for landmark, (right, up) in _MOVED.items():
        for own, sign in ((landmark, 1.0), (_PARTNER.get(landmark, landmark), -1.0)):
            at = guides[own - 17] + [sign * right, up, 0]
            inside = at * [1, 1, 0] + [0, 0, 0.6]
            triangle, weights = _outermost(fine, triangles, inside, np.array([0, 0, 1.0]))
            found[own] = sparse.csr_matrix(weights) @ surface.refine[triangles[triangle]]
    return found


def _mirrored(shares: dict[int, float], rest: Floats) -> dict[int, float]:
    tree = cKDTree(rest)
    return {int(tree.query(rest[v] * [-1, 1, 1])[1]): share for v, share in shares.items()}


def _arcs(surface: Surface, rest: Floats) -> tuple[sparse.csr_matrix, Floats]:
    fine = surface.at(rest)
    face = (fine[:, 1] > 5.9) & (fine[:, 2] > 0.4)
    triangles = surface.triangles[face[surface.triangles].all(axis=1)]
    places = np.linspace(0, len(_JAW) - 1, _FINER * (len(_JAW) - 1) + 1)
    half = CubicSpline(np.arange(len(_JAW)), _JAW)(places)
    edge = np.vstack([half, half[-2::-1] * [-1, 1, 1]])
    middle = np.column_stack([0 * edge[:, 0], np.maximum(edge[:, 1], 6.45), 0 * edge[:, 0] + 1.5])
    origin = np.column_stack([0 * edge[:, 0], np.clip(edge[:, 1], 6.6, None), 0 * edge[:, 0] + 0.6])
    share = np.linspace(0, 0.85, _STEPS)[:, None]
    rows = []
    for start, end, source in zip(edge, middle, origin, strict=True):
        rays = start + share * (end - start) - source
        level = np.cross(rays[0], rays[-1])
        off = (fine - source) @ (level / np.linalg.norm(level))
        near = triangles[abs(off[triangles[:, 0]]) < 0.1]
        used, local = np.unique(near, return_inverse=True)
        local = local.reshape(near.shape)
        for ray in rays:
            triangle, weights = _outermost(fine[used], local, source, ray)
            rows.append((near[triangle], weights))
    corners = np.array([corner for corner, _ in rows])
    shares = np.array([weights for _, weights in rows])
    pick = sparse.csr_matrix(
        (shares.ravel(), (np.arange(len(rows)).repeat(3), corners.ravel())), (len(rows), len(fine))
    )
    outward = edge - origin
    return pick @ surface.refine, outward / np.linalg.norm(outward, axis=1, keepdims=True)


def _outermost(
    points: Floats, triangles: Ints, origin: Floats, direction: Floats
) -> tuple[int, Floats]:
    """The last triangle that the ray meets, and the shares of its corners there."""
    unit = direction / np.linalg.norm(direction)
    helper = np.array([0.0, 1.0, 0.0]) if abs(unit[1]) < 0.9 else np.array([1.0, 0, 0])
    right = np.cross(unit, helper)
    right /= np.linalg.norm(right)
    up = np.cross(right, unit)
    flat = (points - origin) @ np.column_stack([right, up])
    close = (abs(flat) < 0.1).all(axis=1)  # wider than any triangle of the face
    found = np.flatnonzero(close[triangles[:, 0]])
    a, b, c = (flat[triangles[found, k]] for k in range(3))
    whole = _cross(b - a, c - a)
    shares = np.stack([_cross(b, c), _cross(c, a), _cross(a, b)], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = shares / whole[:, None]
    depth = (shares * ((points[triangles[found]] - origin) @ unit)).sum(axis=1)
    depth[~(shares >= -1e-9).all(axis=1)] = -np.inf
    best = int(depth.argmax())
    return int(found[best]), shares[best]


def _cross(a: Floats, b: Floats) -> Floats:
    product: Floats = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product
