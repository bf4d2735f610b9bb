"""Rings of landmarks around disks, as objects with contours and masks."""

import numpy as np

from landmark_annotator.backends.borders.border_statistics import Borders, Labelled, learned_borders
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box, Mask, Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.curve import Curve

COUNT = 12
SIDE = 100.0
BOX = Box(75.0, 75.0, SIDE, SIDE)
SIZE = 151
RING = Scheme(
    "ring",
    tuple(f"p{i}" for i in range(COUNT)),
    curves=(Curve("ring", tuple(range(COUNT)), closed=True),),
)
REGIONS = ("disk", "spot")


def ring(radius: float, centre: tuple[float, float] = (75.0, 75.0), turn: float = 0.0) -> Floats:
    """(COUNT, 2) around the centre."""
    angles = np.linspace(0, 2 * np.pi, COUNT, endpoint=False) + turn
    return np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius + centre


def disk(radius: float, centre: tuple[float, float] = (75.0, 75.0)) -> Mask:
    x, y = centre
    rows, columns = np.mgrid[:SIZE, :SIZE]
    return Mask.of(np.hypot(columns - x, rows - y) <= radius)


def objects(beyond: float, count: int = 20, spread: float = 0.0) -> list[Labelled]:
    """Disks whose landmarks lie so many pixels inside of the border, give or take, and a spot
    somewhere that has nothing to do with them."""
    random = np.random.default_rng(5)
    found = []
    for _ in range(count):
        radius, x, y = random.uniform(25, 35), *random.uniform(70, 80, 2).tolist()
        inwards = beyond + random.normal(0, spread)
        spot = (x + random.uniform(-30, 30), y + random.uniform(-30, 30))
        masks = {"disk": disk(radius, (x, y)), "spot": disk(random.uniform(4, 30), spot)}
        found.append((Shape(ring(radius - inwards, (x, y))), BOX, masks))
    return found


def borders(beyond: float = 0.0, spread: float = 0.5) -> Borders:
    return learned_borders(objects(beyond, spread=spread), RING, REGIONS)


def proposal() -> Proposal:
    """Rings of any radius, turn and place, and some noise."""
    random = np.random.default_rng(1)
    rings = [
        BOX.to_frame(ring(r, (x, y), turn)).ravel()
        for r, x, y, turn in zip(
            random.normal(30, 4, 300),
            *random.normal(75, 4, (2, 300)),
            random.normal(0, 0.1, 300),
            strict=True,
        )
    ]
    mean, spread = np.mean(rings, axis=0), np.cov(np.transpose(rings))
    noise = 1e-4 * np.eye(2 * COUNT)
    return Proposal(BOX, ShapeMixture(np.zeros(1), mean.reshape(1, -1, 2), spread + noise), "ring")
