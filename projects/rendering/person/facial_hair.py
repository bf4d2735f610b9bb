"""Brows, lashes and beards as strands, placed by the face's own landmarks and regions."""

import numpy as np
from scipy.spatial import cKDTree

from landmark_annotator.projects.rendering.mesh.head_mesh import Surface
from landmark_annotator.projects.rendering.mesh.parts import Label
from landmark_annotator.projects.rendering.mesh.regions import Regions
from landmark_annotator.projects.rendering.person.strands import (
    Strands,
    at_places,
    scattered,
    varied,
)
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_UPPER = (1062, 1061, 1060, 1059, 1058, 1057, 1055, 1056, 1073, 1074, 1075, 1076)
_LOWER = (1063, 1064, 1065, 1066, 1067, 1068, 1069, 1070, 1071)
"""The rim of the lids at the picture's left, from the outer corner."""
BEARDS = ("none", "stubble", "moustache", "goatee", "full", "long")


def brows(
    landmarks: Floats,
    points: Floats,
    normals: Floats,
    colour: Floats,
    bushy: float,
    rng: np.random.Generator,
) -> list[Strands]:
    """Both brows of the unturned head. landmarks: (68, 3). bushy: 0..1."""
    tree = cKDTree(points)
    size = float(np.linalg.norm(landmarks[45] - landmarks[36])) / 0.87
    return [
        _brow(row, label, (tree, points, normals), colour, bushy, size, rng)
        for row, label in (
            (landmarks[21:16:-1], Label.RIGHT_BROW),
            (landmarks[22:27], Label.LEFT_BROW),
        )
    ]


def _brow(
    row: Floats,
    label: Label,
    surface: tuple[cKDTree, Floats, Floats],
    colour: Floats,
    bushy: float,
    size: float,
    rng: np.random.Generator,
) -> Strands:
    tree, points, normals = surface
    count = int(150 + 150 * bushy)
    t = np.sort(rng.beta(1.0, 1.15, count))
    at = np.linspace(0, 1, 5)
    middle = np.column_stack([np.interp(t, at, row[:, k]) for k in range(3)])
    along = np.gradient(row, axis=0)
    outwards = _unit(np.column_stack([np.interp(t, at, along[:, k]) for k in range(3)]))
    _, nearest = tree.query(middle)
    normal = normals[nearest]
    up = _unit(np.cross(outwards, normal))
    up *= np.sign(up[:, 1:2])
    half = np.interp(t, [0, 0.12, 0.5, 0.8, 1], [0.026, 0.034, 0.03, 0.02, 0.006])
    height = rng.uniform(-1, 1, count)
    roots = middle + up * (half * (0.65 + 0.4 * bushy) * height * size)[:, None]
    _, nearest = tree.query(roots)
    normal = normals[nearest]
    roots += normal * ((points[nearest] - roots) * normal).sum(axis=1)[:, None]
    steep = np.radians(np.interp(t, [0, 0.15, 0.4, 1], [75, 50, 24, -8]) - 22 * height)
    steep += rng.normal(0, 0.15, count)
    way = outwards * np.cos(steep)[:, None] + up * np.sin(steep)[:, None] + 0.25 * normal
    length = size * rng.uniform(0.06, 0.10, count) * (0.8 + 0.5 * bushy)
    steps = np.linspace(0, 1, 4)[None, :, None]
    curves = roots[:, None] + steps * (_unit(way) * length[:, None])[:, None]
    curves = curves - steps**2 * (normal * 0.2 * length[:, None])[:, None]
    colours = varied(colour * 0.8, count, 0.2, rng)
    return Strands(curves, normal, colours, 0.0062 * size * (1 + 0.25 * bushy), label)


def lashes(
    surface: Surface, rest: Floats, coarse: Floats, long: float, rng: np.random.Generator
) -> list[Strands]:
    """Of both eyes; long: 0..1. Without a label: in a mask they would be single pixels beside the
    eye, which nobody who draws one means."""
    tree = cKDTree(rest)
    fine = surface.at(coarse)
    size = float(np.ptp(coarse[14598:14670, 0])) / 0.28
    found = []
    for mirror, ball in ((1.0, slice(14670, 14742)), (-1.0, slice(14598, 14670))):
        centre = coarse[ball].mean(axis=0)
        for rim, sign, reach, number in ((_UPPER, 1.0, 0.07, 70), (_LOWER, -1.0, 0.022, 20)):
            vertices = [int(tree.query(rest[v] * [mirror, 1, 1])[1]) for v in rim]
            line = fine[[surface.point(v) for v in vertices]]
            t = np.sort(rng.uniform(0, len(line) - 1, number))
            roots = np.column_stack(
                [np.interp(t, np.arange(len(line)), line[:, k]) for k in range(3)]
            )
            out = _unit(roots - centre)
            way = _unit(out * [1.3, 0.6, 0.9] + [0, 0.35 * sign, 0.25])
            length = size * reach * (0.6 + 0.6 * long) * rng.uniform(0.7, 1.1, number)
            steps = np.linspace(0, 1, 4)[None, :, None]
            curves = roots[:, None] + steps * (way * length[:, None])[:, None]
            curves = curves + steps**2 * np.array([0, 0.35 * sign, 0]) * length[:, None, None]
            dark = np.full((number, 3), 0.012)
            found.append(Strands(curves, out, dark, 0.0038 * size, Label.BACKGROUND))
    return found


def beard(
    kind: str,
    colour: Floats,
    regions: Regions,
    points: Floats,
    normals: Floats,
    triangles: Ints,
    rng: np.random.Generator,
) -> Strands | None:
    """Of the kinds in BEARDS; None where the chin is shaved."""
    if kind == "none":
        return None
    x, y = abs(regions.rest[:, 0]), regions.rest[:, 1]
    weights = regions.beard.copy()
    if kind == "moustache":
        weights *= y > 6.6
    if kind == "goatee":
        weights *= np.clip((0.26 - x) / 0.05, 0, 1)
    reach, count = {
        "stubble": (0.025, 3500), "moustache": (0.13, 900), "goatee": (0.14, 2000),
        "full": (0.13, 6000), "long": (0.34, 7000),
    }[kind]  # fmt: skip
    weights[weights < 0.05] = 0
    places = scattered(regions.rest, triangles, weights, count, rng)
    roots, normal, rest = (at_places(v, places) for v in (points, normals, regions.rest))
    side = np.sign(rest[:, 0]) * np.clip(abs(rest[:, 0]) / 0.15, 0, 1)
    lip = (rest[:, 1] > 6.62) & (abs(rest[:, 0]) < 0.3)
    way = np.column_stack([np.where(lip, 0.8, 0.1) * side, -np.ones(count), np.full(count, 0.1)])
    way += rng.normal(0, 0.22, way.shape)
    way -= 0.9 * (way * normal).sum(axis=1, keepdims=True) * normal
    way = _unit(_unit(way) + 0.35 * normal)
    length = reach * rng.uniform(0.6, 1.1, count) * np.where(lip, 0.75, 1.0)
    length *= np.interp(rest[:, 1], [6.3, 6.6, 7.0], [1.0, 0.7, 0.45])
    steps = np.linspace(0, 1, 5)[None, :, None]
    curves = roots[:, None] + steps * (way * length[:, None])[:, None]
    curves = curves - steps**2 * np.array([0, 0.25, 0]) * length[:, None, None]
    return Strands(curves, normal, varied(colour, count, 0.3, rng), 0.011, Label.BEARD)


def _unit(vectors: Floats) -> Floats:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), float)
