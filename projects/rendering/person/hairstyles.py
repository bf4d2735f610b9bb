"""Hair of the head: a few hundred guide strands, and thousands that follow them in locks."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from landmark_annotator.projects.rendering.mesh.parts import Label
from landmark_annotator.projects.rendering.mesh.regions import Regions, hairy
from landmark_annotator.projects.rendering.person.strands import (
    Skull,
    Strands,
    at_places,
    grown,
    scattered,
    varied,
)
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_COLOURS = np.array(
    [
        [0.011, 0.009, 0.008], [0.022, 0.014, 0.010], [0.05, 0.028, 0.016],
        [0.11, 0.06, 0.03], [0.25, 0.15, 0.07], [0.42, 0.29, 0.15], [0.22, 0.07, 0.025],
    ]
)  # fmt: skip
_GREY = np.array([0.42, 0.41, 0.40])
_GUIDES = 360


@dataclass(frozen=True)
class Style:
    """length: in head units. flow: which way it is combed. lift: off the skin at the root.
    fall: how strongly it hangs. curl: radius of its waves. waves: how many along a strand.
    clump: how far it gathers in locks. fringe: whether hair falls on the forehead."""

    name: str
    length: float
    flow: str
    lift: float
    fall: float
    curl: float = 0.0
    waves: float = 0.0
    clump: float = 0.5
    fringe: float = 0.0
    count: int = 9000
    volume: float = 0.06


STYLES = (
    Style("bald", 0.0, "back", 0, 0, count=0),
    Style("buzz", 0.07, "down", 1.2, 0.0, clump=0.0, count=9000),
    Style("crop", 0.30, "forward", 0.8, 0.05, clump=0.6),
    Style("crop back", 0.42, "back", 0.8, 0.03, clump=0.6),
    Style("side", 0.65, "part", 0.7, 0.12, clump=0.6),
    Style("messy", 0.5, "wild", 1.0, 0.1, clump=0.75, curl=0.03, waves=1.5),
    Style("slick", 0.75, "back", 0.25, 0.12, clump=0.35),
    Style("fringe", 0.62, "forward", 0.5, 0.22, clump=0.5, fringe=1.0),
    Style("bob", 1.5, "part", 0.5, 0.35, clump=0.5, count=12000, volume=0.1),
    Style("bob fringe", 1.45, "part", 0.5, 0.35, clump=0.5, fringe=1.0, count=12000, volume=0.1),
    Style("long", 2.6, "part", 0.45, 0.35, clump=0.55, curl=0.02, waves=2, count=12000),
    Style("wavy", 2.3, "part", 0.6, 0.3, curl=0.07, waves=3, clump=0.6, count=12000, volume=0.1),
    Style(
        "curly", 1.3, "part", 1.0, 0.25, curl=0.11, waves=5, clump=0.75, count=12000, volume=0.14
    ),
    Style("afro", 0.55, "out", 2.0, 0.02, curl=0.06, waves=6, clump=0.4, count=14000),
    Style("tied", 1.1, "tied", 0.15, 0.05, clump=0.4, count=10000, volume=0.04),
)
_FEMALE = (0.01, 0.01, 0.02, 0.02, 0.03, 0.04, 0.03, 0.07, 0.14, 0.13, 0.17, 0.12, 0.08, 0.05, 0.08)
_MALE = (0.09, 0.13, 0.18, 0.12, 0.15, 0.09, 0.07, 0.05, 0.02, 0.0, 0.02, 0.01, 0.03, 0.04, 0.0)


def draw_style(masculine: float, years: float, rng: np.random.Generator) -> Style:
    male = np.array(_MALE)
    male[0] += 0.15 * (years > 50)
    share = masculine * male / male.sum() + (1 - masculine) * np.array(_FEMALE) / sum(_FEMALE)
    style = STYLES[int(rng.choice(len(STYLES), p=share / share.sum()))]
    return replace(style, length=style.length * float(rng.uniform(0.8, 1.2)))


def draw_hair_colour(tone: float, years: float, rng: np.random.Generator) -> Floats:
    """(3,) reflectance: dark on dark skin, grey with age."""
    dark = np.array([0.45, 0.35, 0.15, 0.03, 0.01, 0.005, 0.005])
    fair = np.array([0.12, 0.18, 0.22, 0.2, 0.13, 0.1, 0.05])
    share = fair + np.clip(2.2 * tone, 0, 1) * (dark - fair)
    colour = _COLOURS[rng.choice(len(_COLOURS), p=share / share.sum())] * rng.uniform(0.8, 1.25)
    grey = float(np.clip(rng.normal((years - 48) / 28, 0.25), 0, 1))
    return np.asarray(colour + grey * (_GREY * rng.uniform(0.7, 1.15) - colour), float)


def head_hair(
    style: Style,
    colour: Floats,
    receding: float,
    regions: Regions,
    points: Floats,
    normals: Floats,
    triangles: Ints,
    rng: np.random.Generator,
) -> Strands | None:
    """On the fine head: points, normals (n, 3). None where nothing grows."""
    if not style.count:
        return None
    weights = hairy(regions.rest, receding, 0.06) * (regions.scalp > 0)
    size = float(np.ptp(points[weights > 0.5, 0]) / 1.42)
    part = float(rng.choice([-0.32, -0.2, 0.0, 0.2, 0.32]))
    places = scattered(regions.rest, triangles, weights, _GUIDES, rng)
    skull = _skull(regions, points, normals)
    guides = _guides(style, places, regions, points, normals, skull, part, size, rng)
    spread = scattered(regions.rest, triangles, weights, style.count, rng)
    roots, outward = at_places(points, spread), at_places(normals, spread)
    left, left_guides = (at_places(regions.rest, where)[:, 0] > part for where in (spread, places))
    curves = _followed(style, guides, roots, left, left_guides, size, rng)
    width = 0.0135 * size * (1.0 if style.length > 0.2 else 0.7)
    return Strands(curves, outward, varied(colour, len(roots), 0.28, rng), width, Label.HAIR)


def _skull(regions: Regions, points: Floats, normals: Floats) -> Skull:
    outside = (regions.labels != Label.MOUTH) & (regions.rest[:, 1] > 4.5)
    kept = np.flatnonzero(outside)[::3]
    return Skull.of(points[kept], normals[kept])


def _guides(
    style: Style,
    places: tuple[Ints, Floats],
    regions: Regions,
    points: Floats,
    normals: Floats,
    skull: Skull,
    part: float,
    size: float,
    rng: np.random.Generator,
) -> Floats:
    roots, outward, rest = (at_places(v, places) for v in (points, normals, regions.rest))
    flow = _flow(style.flow, rest, part, rng)
    lengths = style.length * size * rng.uniform(0.8, 1.15, len(roots))
    angle = np.degrees(np.arctan2(abs(rest[:, 0]), rest[:, 2] - 0.45))
    front = np.clip((40 - angle) / 12, 0, 1) * np.clip((rest[:, 1] - 7.7) / 0.2, 0, 1)
    front *= np.clip((rest[:, 2] - 0.75) / 0.2, 0, 1)
    if style.fringe:
        forward = np.column_stack([0.25 * rest[:, 0], 0 * front, 0 * front + 1])
        flow += (front * 3)[:, None] * forward
        lengths += front * (0.62 * size * rng.uniform(0.85, 1.1) - lengths)
    if style.length < 0.8:  # shorter at the sides and the nape
        lengths *= np.interp(rest[:, 1], [6.7, 7.3, 7.9], [0.25, 0.4, 1.0])
    long = style.length > 1.0
    return grown(
        roots,
        outward,
        flow,
        lengths,
        skull,
        steps=14 if long else 8,
        lift=style.lift * (1.0 if style.name != "afro" else 3.0),
        fall=style.fall,
        clear=rng.uniform(0.3, 1.4, len(roots)) * style.volume * size,
        curtain=(0.5 if style.flow in ("part", "wild") else 0.0) * (1 - style.fringe * (front > 0)),
        rng=rng,
    )


def _flow(kind: str, rest: Floats, part: float, rng: np.random.Generator) -> Floats:
    x, y, z = rest.T
    one = np.ones(len(rest))
    side = np.where(x > part, 1.0, -1.0)
    below = np.clip((7.6 - y) / 0.4, 0, 1)
    ways = {
        "back": np.column_stack([0.15 * x, 0.15 - below, -one]),
        "down": np.column_stack([0 * x, -one, 0.3 * one]),
        "forward": np.column_stack([0.2 * x, -0.2 - below, 1.0 - 1.2 * below]),
        "part": np.column_stack([side, -0.4 * one, -0.45 * one + 0.2 * (z < 0.3)]),
        "out": np.column_stack([x, y - 7.4, z - 0.4]),
        "tied": np.array([0.0, 7.35, -0.75]) - rest,
        "wild": np.column_stack([0.3 * side, 0.2 - below, 0.2 * one])
        + rng.normal(0, 0.7, rest.shape),
    }
    return ways[kind]


def _followed(
    style: Style,
    guides: Floats,
    roots: Floats,
    left: npt.NDArray[np.bool_],
    left_guides: npt.NDArray[np.bool_],
    size: float,
    rng: np.random.Generator,
) -> Floats:
    """Each strand runs like the guides nearest its root, drawn towards the first one's lock."""
    steps = guides.shape[1]
    parted = style.flow == "part"
    mark, mark_guides = (3.0 * parted * sides[:, None] for sides in (left, left_guides))
    tree = cKDTree(np.hstack([guides[:, 0], mark_guides]))
    _, near = tree.query(np.hstack([roots, mark]), k=2)
    first, second = guides[near[:, 0]], guides[near[:, 1]]
    share = rng.uniform(0, 0.5, (len(roots), 1, 1))
    shape = (1 - share) * (first - first[:, :1]) + share * (second - second[:, :1])
    length = rng.uniform(0.75, 1.0, (len(roots), 1, 1))
    curves = roots[:, None] + shape * length
    t = np.linspace(0, 1, steps)[None, :, None]
    pull = style.clump * rng.uniform(0.4, 1.0, (len(roots), 1, 1)) * t**1.3
    curves += pull * (first[:, 0] - roots)[:, None] * np.ones_like(t)
    fuzz = rng.normal(0, 1, (len(roots), 1, 3)) * 0.035 * size * np.minimum(1, style.length)
    curves += fuzz * t**1.5
    if style.curl:
        phase = rng.uniform(0, 2 * np.pi, len(guides))[near[:, 0]][:, None]
        phase = phase + rng.normal(0, 0.5, phase.shape)
        angle = phase + 2 * np.pi * style.waves * t[:, :, 0]
        wave = np.stack([np.cos(angle), 0.4 * np.sin(2 * angle), np.sin(angle)], axis=2)
        curves += style.curl * size * np.sqrt(t) * (wave - wave[:, :1])
    return np.asarray(curves, float)
