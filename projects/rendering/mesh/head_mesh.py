"""Head, neck and shoulders cut out of the base mesh and refined by subdivision.

Subdivision (Catmull and Clark 1978) is linear, so it is one sparse matrix: whatever deforms the
coarse vertices deforms the fine ones exactly, and a landmark is one row of that matrix.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_LOWEST, _WIDEST = 3.6, 2.5
"""What lies below or further out is not part of a portrait."""


@dataclass(frozen=True)
class Surface:
    """A mesh of fine quads that follows coarse vertices.

    refine: (fine, V) the subdivision. faces: (F, 4) of fine vertices. kept: the coarse vertices
    that the first fine ones became, ascending.
    """

    refine: sparse.csr_matrix
    faces: Ints
    kept: Ints

    def at(self, coarse: Floats) -> Floats:
        fine: Floats = self.refine @ coarse
        return fine

    @property
    def triangles(self) -> Ints:
        return np.concatenate([self.faces[:, [0, 1, 2]], self.faces[:, [0, 2, 3]]])

    def point(self, vertex: int) -> int:
        """The fine vertex that the coarse one became: refinement keeps their order."""
        return int(np.searchsorted(self.kept, vertex))


@lru_cache(maxsize=2)
def head_surface(assets: Assets, levels: int = 2) -> Surface:
    mesh = assets.mesh
    faces = mesh.faces_of("body")
    inside = (mesh.vertices[:, 1] > _LOWEST) & (abs(mesh.vertices[:, 0]) < _WIDEST)
    return subdivided(faces[inside[faces].all(axis=1)], len(mesh.vertices), levels)


def subdivided(faces: Ints, vertices: int, levels: int) -> Surface:
    """The quads (F, 4) over `vertices` coarse vertices, each cut into four `levels` times."""
    used, local = np.unique(faces, return_inverse=True)
    matrix = sparse.csr_matrix(
        (np.ones(len(used)), (np.arange(len(used)), used)), (len(used), vertices)
    )
    fine = local.reshape(faces.shape)
    for _ in range(levels):
        step, fine = _catmull_clark(fine, matrix.shape[0])
        matrix = (step @ matrix).tocsr()
    return Surface(matrix, fine, used)


def _catmull_clark(faces: Ints, count: int) -> tuple[sparse.csr_matrix, Ints]:
    ends = np.stack([faces, np.roll(faces, -1, axis=1)], axis=2).reshape(-1, 2)
    edges, edge_of = np.unique(np.sort(ends, axis=1), axis=0, return_inverse=True)
    edge_of = edge_of.reshape(faces.shape)
    number, face_rows = len(edges), np.arange(len(faces))
    face_points = _rows(face_rows.repeat(4), faces.ravel(), 0.25, (len(faces), count))
    uses = np.bincount(edge_of.ravel(), minlength=number)
    middles = _rows(np.arange(number).repeat(2), edges.ravel(), 0.5, (number, count))
    touching = _rows(edge_of.ravel(), face_rows.repeat(4), 0.5, (number, len(faces)))
    inner = sparse.diags((uses == 2).astype(float))
    outer = sparse.diags((uses != 2).astype(float))
    edge_points = inner @ (0.5 * middles + 0.5 * touching @ face_points) + outer @ middles

    rim = edges[uses != 2]
    on_rim = np.zeros(count, bool)
    on_rim[rim.ravel()] = True
    valence = np.bincount(faces.ravel(), minlength=count).astype(float).clip(1)
    spread = sparse.diags(1 / valence)
    around = spread @ _rows(faces.ravel(), face_rows.repeat(4), 1.0, (count, len(faces)))
    beside = _rows(edges.ravel(), np.arange(number).repeat(2), 1.0, (count, number))
    degree = np.bincount(edges.ravel(), minlength=count).clip(1)
    smooth = spread @ (
        around @ face_points + 2 * sparse.diags(1 / degree) @ beside @ middles
    ) + sparse.diags((valence - 3) / valence)
    # Along an open edge: the curve that its two neighbours on that edge give.
    rows, columns = rim.ravel(), rim[:, ::-1].ravel()
    along = _rows(rows, columns, 0.125, (count, count)) + 0.75 * sparse.identity(count)
    weight = np.asarray(along.sum(axis=1)).ravel()
    along = sparse.diags(1 / weight) @ along
    points = sparse.diags((~on_rim).astype(float)) @ smooth + sparse.diags(on_rim * 1.0) @ along

    to_edge, to_face = count + edge_of, count + number + face_rows
    quads = [
        np.stack([faces[:, k], to_edge[:, k], to_face, to_edge[:, k - 1]], axis=1) for k in range(4)
    ]
    return sparse.vstack([points, edge_points, face_points]).tocsr(), np.concatenate(quads)


def _rows(rows: Ints, columns: Ints, value: float, shape: tuple[int, int]) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.full(len(rows), value), (rows, columns)), shape)


def vertex_normals(points: Floats, triangles: Ints) -> Floats:
    """(n, 3) unit normals, each the mean of its triangles' by their area."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    across = np.cross(b - a, c - a)
    total = np.zeros_like(points)
    for k in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(triangles[:, k], across[:, axis], len(points))
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.asarray(total / np.maximum(length, 1e-12), float)
