"""Eyeballs with iris and pupil, teeth and tongue."""

from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.rendering.mesh.assets import Assets
from landmark_annotator.projects.rendering.mesh.head_mesh import subdivided
from landmark_annotator.projects.rendering.mesh.noise import smooth_noise
from landmark_annotator.projects.rendering.mesh.parts import (
    Finish,
    Label,
    Part,
    grid_triangles,
    plain,
)
from landmark_annotator.projects.rendering.person.skin import linear
from landmark_annotator.projects.vocabulary.arrays import Floats

_GROUPS = {Label.RIGHT_EYE: slice(14670, 14742), Label.LEFT_EYE: slice(14598, 14670)}
_IRISES = np.array(
    [[62, 38, 24], [86, 56, 34], [120, 88, 56], [96, 104, 62], [84, 112, 132], [108, 130, 150]]
)
_IRIS, _PUPIL = 0.45, 0.17
"""Radians of the eyeball from its axis."""
_FITS = 0.985
"""The lids lie on a ball of the helper's size; a little less keeps it behind them."""


@dataclass(frozen=True)
class Gaze:
    """In degrees against the head: to the picture's right, up."""

    right: float
    up: float

    def units(self) -> dict[str, float]:
        """What the lids do with it."""
        found: dict[str, float] = {}
        for side, sign in (("Left", 1.0), ("Right", -1.0)):
            found[f"eyeLookUp{side}"] = max(0.0, self.up / 30)
            found[f"eyeLookDown{side}"] = max(0.0, -self.up / 30)
            found[f"eyeLookOut{side}"] = max(0.0, sign * self.right / 35)
            found[f"eyeLookIn{side}"] = max(0.0, -sign * self.right / 35)
        return {name: min(1.0, weight) for name, weight in found.items() if weight > 0}


def draw_iris(tone: float, rng: np.random.Generator) -> Floats:
    """(3,) sRGB 0..1; dark skin goes with dark eyes."""
    last = 1 if tone > 0.5 else 2 if tone > 0.3 else len(_IRISES) - 1
    mixed = _IRISES[rng.integers(0, last + 1)] / 255 * rng.uniform(0.8, 1.2)
    return np.asarray(mixed, float)


def eyeballs(coarse: Floats, gaze: Gaze, iris: Floats, rng: np.random.Generator) -> list[Part]:
    """Both eyes for the vertices (V, 3) of the unturned head."""
    rings, sectors = _angles(), 48
    around = np.linspace(0, 2 * np.pi, sectors, endpoint=False)
    polar, turn = np.meshgrid(rings, around, indexing="ij")
    ball = np.stack(
        [np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)], axis=-1
    ).reshape(-1, 3)
    colours = _colours(polar.ravel(), turn.ravel(), iris, rng)
    triangles = grid_triangles(len(rings), sectors, False, True)[:, ::-1]
    yaw, pitch = np.radians([gaze.right, gaze.up])
    level = np.array(
        [[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]]
    )
    side = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    parts = []
    for label, group in _GROUPS.items():
        low, high = coarse[group].min(axis=0), coarse[group].max(axis=0)
        placed = ball @ level.T @ side.T * ((high - low).max() / 2 * _FITS) + (low + high) / 2
        parts.append(plain(placed, triangles, colours, label, Finish.WET))
    return parts


def _angles() -> Floats:
    """Rings from the pole outwards, close together where the colours change."""
    return np.concatenate(
        [np.linspace(0.001, 0.15, 4), np.linspace(0.16, 0.2, 5), np.linspace(0.23, 0.42, 9),
         np.linspace(0.43, 0.52, 7), np.linspace(0.6, 2.2, 22)]
    )  # fmt: skip


def _colours(polar: Floats, turn: Floats, iris: Floats, rng: np.random.Generator) -> Floats:
    spokes = smooth_noise(np.column_stack([turn * 6, polar * 4]), 0.5, rng)
    tint = linear(iris) * (1 + 0.45 * spokes)[:, None]
    tint *= np.interp(polar, [_PUPIL, 0.3, _IRIS], [0.75, 1.25, 0.55])[:, None]
    white = np.array([0.72, 0.68, 0.64]) * np.interp(polar, [0.5, 1.2], [1.0, 0.62])[:, None]
    white = white * (1 - 0.14 * np.interp(polar, [0.6, 1.1], [0, 1])[:, None] * [0, 1, 1])
    edge = np.clip((polar - _IRIS) / 0.05 + 0.5, 0, 1)[:, None]
    colour = tint * (1 - edge) + white * edge
    hole = np.clip((_PUPIL - polar) / 0.02 + 0.5, 0, 1)[:, None]
    return np.clip(colour * (1 - hole) + 0.006 * hole, 0.004, 0.85)


def teeth_and_tongue(assets: Assets, coarse: Floats, yellow: float) -> list[Part]:
    """From the helper shapes of the mesh, which move with the jaw."""
    parts = []
    white = np.array([0.70, 0.66 - 0.06 * yellow, 0.58 - 0.18 * yellow])
    for group in ("helper-upper-teeth", "helper-lower-teeth"):
        surface = subdivided(assets.mesh.faces_of(group), len(coarse), 2)
        rest, points = surface.at(assets.mesh.vertices), surface.at(coarse)
        angle = np.arctan2(rest[:, 0], rest[:, 2] - 1.05)
        gap = np.exp(-((((angle / 0.21 + 0.5) % 1 - 0.5) / 0.1) ** 2))
        shade = np.interp(abs(angle), [0, 0.9, 1.5], [1.0, 0.7, 0.3]) * (1 - 0.35 * gap)
        colour = white * shade[:, None]
        parts.append(plain(points, surface.triangles, colour, Label.MOUTH, Finish.GLOSS))
    tongue = subdivided(assets.mesh.faces_of("helper-tongue"), len(coarse), 1)
    red = np.array([0.42, 0.13, 0.13])
    parts.append(plain(tongue.at(coarse), tongue.triangles, red, Label.MOUTH, Finish.GLOSS))
    return parts
