"""Hair as strands: curves that grow on the head and become ribbons that face the camera."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from landmark_annotator.projects.rendering.mesh.parts import Finish, Label, Part
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints


@dataclass(frozen=True)
class Strands:
    """curves: (S, K, 3). outward: (S, 3) away from the skin. colours: (S, 3) at the tip;
    the root is darker. width: of a strand at its root."""

    curves: Floats
    outward: Floats
    colours: Floats
    width: float
    label: Label
    tip: float = 0.25

    def moved(self, curves: Floats, outward: Floats) -> "Strands":
        return Strands(curves, outward, self.colours, self.width, self.label, self.tip)

    def ribbons(self, eye: Floats) -> Part:
        """Ribbons whose width is seen in full from the point `eye` (3,)."""
        count, steps, _ = self.curves.shape
        along = np.gradient(self.curves, axis=1)
        along /= np.maximum(np.linalg.norm(along, axis=2, keepdims=True), 1e-9)
        view = eye - self.curves
        view /= np.linalg.norm(view, axis=2, keepdims=True)
        across = np.cross(along, view)
        across /= np.maximum(np.linalg.norm(across, axis=2, keepdims=True), 1e-9)
        taper = np.interp(np.linspace(0, 1, steps), [0, 0.6, 1], [1.0, 0.9, self.tip])
        half = 0.5 * self.width * taper[None, :, None] * across
        points = np.stack([self.curves - half, self.curves + half], axis=2)
        facing = (
            self.outward[:, None] - (self.outward[:, None] * along).sum(2, keepdims=True) * along
        )
        facing += 0.7 * view
        round_off = np.stack([facing - 0.6 * across, facing + 0.6 * across], axis=2)
        round_off /= np.maximum(np.linalg.norm(round_off, axis=3, keepdims=True), 1e-9)
        shade = np.interp(np.linspace(0, 1, steps), [0, 0.3, 1], [0.6, 1.0, 1.12])
        colours = self.colours[:, None, None] * shade[None, :, None, None]
        quad = np.array([0, 1, 3, 0, 3, 2]).reshape(2, 3)
        start = 2 * (np.arange(count)[:, None] * steps + np.arange(steps - 1)[None, :])
        triangles = (start.reshape(-1, 1, 1) + quad).reshape(-1, 3)
        return Part(
            points=points.reshape(-1, 3),
            triangles=triangles,
            colours=np.broadcast_to(colours, points.shape).reshape(-1, 3).clip(0.004, 0.9),
            labels=np.full(len(triangles), int(self.label)),
            finish=Finish.HAIR,
            normals=round_off.reshape(-1, 3),
        )


def scattered(
    rest: Floats, triangles: Ints, weights: Floats, count: int, rng: np.random.Generator
) -> tuple[Ints, Floats]:
    """`count` places on a surface, by area times weight (n,): corners (count, 3), shares.

    rest: (n, 3) the undeformed surface, so that the same places come out for every expression.
    """
    a, b, c = (rest[triangles[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) * weights[triangles].mean(axis=1)
    chosen = rng.choice(len(triangles), count, p=area / area.sum())
    shares = rng.dirichlet([1.0, 1.0, 1.0], count)
    return triangles[chosen], shares


def at_places(values: Floats, places: tuple[Ints, Floats]) -> Floats:
    """(count, d) the values (n, d) at places of the surface."""
    corners, shares = places
    found: Floats = (values[corners] * shares[:, :, None]).sum(axis=1)
    return found


def varied(colour: Floats, count: int, spread: float, rng: np.random.Generator) -> Floats:
    """(count, 3) a colour for each strand."""
    return (
        colour
        * np.exp(rng.normal(0, spread, (count, 1)))
        * np.exp(rng.normal(0, spread / 5, (count, 3)))
    )


@dataclass(frozen=True)
class Skull:
    """What hair may not enter: points (n, 3) with outward normals."""

    points: Floats
    normals: Floats
    tree: cKDTree

    @classmethod
    def of(cls, points: Floats, normals: Floats) -> "Skull":
        return cls(points, normals, cKDTree(points))

    def pushed_out(self, places: Floats, clear: Floats | float) -> Floats:
        """(m, 3) each place at least `clear` off the surface."""
        _, nearest = self.tree.query(places)
        out = self.normals[nearest]
        depth = ((places - self.points[nearest]) * out).sum(axis=1)
        return np.asarray(places + out * np.maximum(0, clear - depth)[:, None], float)


def grown(
    roots: Floats,
    outward: Floats,
    flow: Floats,
    lengths: Floats,
    skull: Skull,
    *,
    steps: int,
    lift: float,
    fall: float,
    clear: Floats,
    curtain: AnyFloats,
    rng: np.random.Generator,
) -> Floats:
    """(S, steps, 3) curves from roots (S, 3) along the flow (S, 3), bent down by `fall`.

    clear: (S,) how far off the head each keeps. curtain: (S,) how strongly it parts
    before the face.
    """
    along = flow - 0.9 * (flow * outward).sum(axis=1, keepdims=True) * outward
    along = _unit(_unit(along) + lift * outward)
    curve = [roots]
    for step in range(1, steps):
        share = step / (steps - 1)
        pull = np.zeros_like(along)
        pull[:, 1] = -fall * (0.3 + share)
        along = _unit(along + pull + rng.normal(0, 0.03, along.shape))
        place = curve[-1] + along * (lengths / (steps - 1))[:, None]
        free = skull.pushed_out(place, clear * min(1.0, 2 * share))
        if curtain.any():
            side = np.sign(roots[:, 0] + 1e-6)
            before = (
                (free[:, 2] > 0.75) & (abs(free[:, 0]) < 0.72) & (free[:, 1] < roots[:, 1] - 0.1)
            )
            free[:, 0] += before * curtain * side * (0.74 - abs(free[:, 0])).clip(0)
            free[:, 2] -= before * curtain * 0.06
        along = _unit(0.5 * along + 0.5 * _unit(free - curve[-1]))
        curve.append(free)
    return np.stack(curve, axis=1)


def _unit(vectors: Floats) -> Floats:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), float)
