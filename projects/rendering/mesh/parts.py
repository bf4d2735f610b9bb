"""What a picture is made of: meshes with a colour at every vertex and a label of the mask."""

from dataclasses import dataclass
from enum import Enum, IntEnum

import numpy as np

from landmark_annotator.projects.rendering.mesh.head_mesh import vertex_normals
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints


class Label(IntEnum):
    """The classes of the part masks. Left and right are the person's own, as of the landmarks."""

    BACKGROUND = 0
    SKIN = 1
    HAIR = 2
    RIGHT_BROW = 3
    LEFT_BROW = 4
    RIGHT_EYE = 5
    LEFT_EYE = 6
    NOSE = 7
    UPPER_LIP = 8
    LOWER_LIP = 9
    MOUTH = 10
    EARS = 11
    NECK = 12
    GLASSES = 13
    HAT = 14
    OCCLUDER = 15
    CLOTHES = 16
    BEARD = 17


class Finish(Enum):
    """How a surface reflects: roughness and specular share."""

    SKIN = (0.5, 0.3)
    WET = (0.08, 0.6)
    GLOSS = (0.22, 0.5)
    HAIR = (0.38, 0.35)
    CLOTH = (0.9, 0.1)


OWN_FACE = (1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 17)
"""Labels that a face's landmark may show: none of them hides it unless it lies well in front."""


@dataclass(frozen=True)
class Part:
    """points: (n, 3) in the frame of the camera at rest. triangles: (t, 3). colours: (n, 3) linear
    reflectance. labels: (t,) of the mask, all BACKGROUND of what a mask looks through. normals:
    (n, 3), by default those of the surface."""

    points: Floats
    triangles: Ints
    colours: Floats
    labels: Ints
    finish: Finish
    normals: Floats | None = None

    def shading_normals(self) -> Floats:
        if self.normals is not None:
            return self.normals
        return vertex_normals(self.points, self.triangles)


def plain(points: Floats, triangles: Ints, colour: Floats, label: Label, finish: Finish) -> Part:
    """One label. colour: (3,) or (n, 3)."""
    colours = np.broadcast_to(colour, points.shape).astype(float)
    return Part(points, triangles, colours, np.full(len(triangles), int(label)), finish)


def tube(
    line: Floats, radius: Floats | float, sides: int = 8, closed: bool = False
) -> tuple[Floats, Ints]:
    """A tube of points (n * sides, 3) and triangles about the line (n, 3)."""
    if closed:
        along = np.roll(line, -1, axis=0) - np.roll(line, 1, axis=0)
    else:
        along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    helper = np.where(abs(along[:, 1:2]) < 0.8, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    first = np.cross(along, helper)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(along, first)
    turn = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    ring = np.cos(turn)[:, None] * first[:, None] + np.sin(turn)[:, None] * second[:, None]
    thick = np.broadcast_to(np.asarray(radius, float), (len(line),))
    points = line[:, None] + ring * thick[:, None, None]
    return points.reshape(-1, 3), grid_triangles(len(line), sides, closed, True)


def grid_triangles(rows: int, columns: int, close_rows: bool, close_columns: bool) -> Ints:
    """(t, 3) over a grid of points in rows; either direction may close on itself."""
    row = np.arange(rows if close_rows else rows - 1)[:, None]
    column = np.arange(columns if close_columns else columns - 1)[None, :]
    down, right = (row + 1) % rows, (column + 1) % columns
    a, b = row * columns + column, row * columns + right
    c, d = down * columns + right, down * columns + column
    return np.concatenate([np.stack([a, b, c], -1), np.stack([a, c, d], -1)]).reshape(-1, 3)
