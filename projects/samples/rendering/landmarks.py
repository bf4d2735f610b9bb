"""Where the 68 landmarks of the 300-W definition lie on the mesh.

51 of them are fixed points of the surface. The 17 of the jaw are the visible outline, as annotators
label it: each has an arc on the surface, from the jaw's edge towards the middle of the face, and
is the arc's point that lies furthest out in the picture (as in Zhu et al. 2015, "High-fidelity
pose and expression normalization").
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from projects.samples.rendering.assets import Assets
from projects.samples.rendering.head_mesh import Surface, head_surface
from projects.vocabulary.arrays import Floats, Ints

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
_STEPS = 48


@dataclass(frozen=True)
class LandmarkRows:
    """fixed: (51, V), arcs: (17 * steps, V), both of coarse vertices. outward: (17, 3) away from
    the middle of the head, in its frame."""

    fixed: sparse.csr_matrix
    arcs: sparse.csr_matrix
    outward: Floats

    def points(self, coarse: Floats, turn: Rotation, project: Projection) -> Floats:
        """(68, 3) for vertices (V, 3) of a head turned by `turn`, in the picture of `project`."""
        arcs = (self.arcs @ coarse).reshape(-1, _STEPS, 3)
        start = arcs[:, 0]
        out = project(start + 0.1 * turn.apply(self.outward)) - project(start)
        flat = project(arcs.reshape(-1, 3)).reshape(*arcs.shape[:2], 2)
        furthest = (flat * out[:, None]).sum(axis=2).argmax(axis=1)
        return np.vstack([arcs[np.arange(len(arcs)), furthest], self.fixed @ coarse])


@lru_cache(maxsize=1)
def landmark_rows(assets: Assets) -> LandmarkRows:
    surface, rest = head_surface(assets), assets.mesh.vertices
    coarse = {
        **_FIXED,
        **{_PARTNER[k]: _mirrored(v, rest) for k, v in _FIXED.items() if k in _PARTNER},
    }
    rows = sparse.lil_matrix((51, len(surface.kept)))
    for landmark, shares in coarse.items():
        for vertex, share in shares.items():
            rows[landmark - 17, surface.point(vertex)] = share
    fixed = rows.tocsr() @ surface.refine[: len(surface.kept)]
    arcs, outward = _arcs(surface, rest)
    return LandmarkRows(fixed, arcs, outward)


def _mirrored(shares: dict[int, float], rest: Floats) -> dict[int, float]:
    tree = cKDTree(rest)
    return {int(tree.query(rest[v] * [-1, 1, 1])[1]): share for v, share in shares.items()}


def _arcs(surface: Surface, rest: Floats) -> tuple[sparse.csr_matrix, Floats]:
    fine = surface.at(rest)
    face = (fine[:, 1] > 5.9) & (fine[:, 2] > 0.4)
    triangles = surface.triangles[face[surface.triangles].all(axis=1)]
    edge = np.vstack([_JAW, _JAW[-2::-1] * [-1, 1, 1]])
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
