"""Which part of the face each fine vertex of the head belongs to."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.rendering.mesh.head_mesh import head_surface
from landmark_annotator.projects.rendering.mesh.landmarks import landmark_rows
from landmark_annotator.projects.rendering.mesh.parts import Label
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

Truths = npt.NDArray[np.bool_]

_LIP_EDGE = (
    (425, 424, 412, 447, 5351, 451, 457, 460, 463, 466),
    (425, 403, 404, 405, 370, 480, 486, 492),
)
"""Vertices from the picture's left corner to the middle, above and below."""
_HAIRLINE = np.array(
    [
        [0, 8.02], [25, 7.98], [45, 7.82], [58, 7.55], [70, 7.15], [80, 7.12], [92, 7.38],
        [110, 7.25], [130, 6.95], [155, 6.72], [180, 6.66],
    ]
)  # fmt: skip
"""Angle about the head's axis, 0 in front; the height where hair begins."""


@dataclass(frozen=True)
class Regions:
    """Of each fine vertex: label (n,); how much it is scalp, beard, lip (n,) 0..1; rest (n, 3) its
    place on the mesh without any shape target."""

    labels: Ints
    scalp: Floats
    beard: Floats
    lips: Floats
    rest: Floats


@lru_cache(maxsize=1)
def head_regions(assets: Assets) -> Regions:
    surface = head_surface(assets)
    rest = surface.at(assets.mesh.vertices)
    x, y, z = abs(rest[:, 0]), rest[:, 1], rest[:, 2]
    labels = np.full(len(rest), int(Label.SKIN))
    under = np.interp(z, [0.3, 0.7, 1.0, 1.3, 1.42], [6.85, 6.7, 6.36, 6.16, 6.1])
    labels[(y < under) | (z < 0.3) & (y < 6.9)] = Label.NECK
    nose = np.interp(
        y, [6.76, 6.80, 6.90, 7.0, 7.2, 7.32, 7.33], [0.1, 0.2, 0.23, 0.18, 0.1, 0.07, -1]
    )
    labels[(x < nose) & (z > 1.35) & (y > 6.77)] = Label.NOSE
    ears = _moved(assets, "ears/l-ear-scale-incr") | _moved(assets, "ears/r-ear-scale-incr")
    ears &= (x > 0.66) & (z < 0.74) & (z > 0.25) & (y > 6.78) & (y < 7.4)
    labels[ears] = Label.EARS
    lips, upper = _lips(assets, rest)
    labels[(lips > 0.5) & upper] = Label.UPPER_LIP
    labels[(lips > 0.5) & ~upper] = Label.LOWER_LIP
    inside = _mouth_inside(rest)
    labels[inside] = Label.MOUTH
    scalp = hairy(rest, 0.0, 0.05) * ~ears
    return Regions(labels, scalp, _beard(rest, lips) * ~inside * ~ears, lips * ~inside, rest)


def hairy(rest: Floats, receding: float, soft: float) -> Floats:
    """(n,) 0..1 whether hair grows there. receding: how far the temples have gone up."""
    angle = np.degrees(np.arctan2(abs(rest[:, 0]), rest[:, 2] - 0.45))
    line = np.interp(angle, _HAIRLINE[:, 0], _HAIRLINE[:, 1])
    line += receding * np.interp(angle, [0, 12, 38, 55, 62], [0.35, 0.6, 1.0, 0.45, 0.0])
    return np.asarray(np.clip((rest[:, 1] - line) / soft + 0.5, 0, 1), float)


def _moved(assets: Assets, target: str) -> Truths:
    shift = head_surface(assets).at(assets.target(f"mpfb2/targets/{target}"))
    return np.asarray(np.linalg.norm(shift, axis=1) > 0.02)


def _lips(assets: Assets, rest: Floats) -> tuple[Floats, Truths]:
    """How much each vertex is lip, and whether it is of the upper one."""
    surface = head_surface(assets)
    top, bottom = (rest[[surface.point(v) for v in line]] for line in _LIP_EDGE)
    middle = (landmark_rows(assets).guides @ assets.mesh.vertices)[43:51]
    x = abs(rest[:, 0])
    order = [np.argsort(-line[:, 0]) for line in (top, bottom)]
    above = np.interp(x, -top[order[0], 0], top[order[0], 1])
    below = np.interp(x, -bottom[order[1], 0], bottom[order[1], 1])
    edge = np.minimum(above - rest[:, 1], rest[:, 1] - below)
    edge = np.minimum(edge, 0.25 - x)
    lips = np.clip(edge / 0.02 + 0.5, 0, 1) * (rest[:, 2] > 1.28) * (rest[:, 1] < 6.76)
    return lips, rest[:, 1] > middle[[2, 6], 1].mean()


def _mouth_inside(rest: Floats) -> Truths:
    """What lies behind the foremost surface within the mouth's box."""
    box = (abs(rest[:, 0]) < 0.4) & (rest[:, 1] > 6.42) & (rest[:, 1] < 7.0)
    box &= rest[:, 2] > np.interp(rest[:, 1], [6.4, 6.55], [1.0, 0.55])
    cell = 0.02
    columns = np.floor((rest[:, 0] + 1) / cell).astype(int).clip(0, 99)
    rows = np.floor((rest[:, 1] - 6) / cell).astype(int).clip(0, 99)
    front = np.zeros((100, 100), np.float32)
    np.maximum.at(front, (rows[box], columns[box]), rest[box, 2])
    closed = np.asarray(cv2.erode(cv2.dilate(front, np.ones((5, 5))), np.ones((3, 3))))
    nostril = (rest[:, 1] > 6.77) & (rest[:, 2] > 1.38)
    return np.asarray(box & ~nostril & (rest[:, 2] < closed[rows, columns] - 0.09))


def _beard(rest: Floats, lips: Floats) -> Floats:
    x, y, z = abs(rest[:, 0]), rest[:, 1], rest[:, 2]
    edge = np.interp(x, [0, 0.22, 0.3, 0.45, 0.6, 0.7], [6.62, 6.6, 6.56, 6.6, 6.85, 7.15])
    cheek = np.clip((edge - y) / 0.08, 0, 1) * np.clip((z - 0.72) / 0.1, 0, 1)
    throat = np.clip((y - 5.95) / 0.25, 0, 1)
    lip = np.interp(x, [0, 0.08, 0.25, 0.31], [1, 1, 0.9, 0])
    moustache = lip * np.clip((6.79 - y) / 0.03, 0, 1) * np.clip((y - 6.6) / 0.03, 0, 1) * (z > 1.3)
    beard: Floats = np.maximum(cheek * throat, moustache) * np.clip(1 - 3 * lips, 0, 1)
    return beard
