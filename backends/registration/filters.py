"""A linear filter for each landmark: what its surroundings have that all other places have not.

Descriptors at places all around tell what is usual, and one labelled image has thousands of them;
the filter of a landmark is its mean descriptor less the usual one, decorrelated (Hariharan, Malik,
Ramanan 2012). All that it takes are sums over images.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from landmark_annotator.backends.learning.local_features import DIMENSIONS, describe, gradient_maps
from landmark_annotator.backends.registration.templates import FINE, FINER, MARGIN, View
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats


@dataclass(frozen=True)
class Level:
    """cell: side in pixels of a descriptor's cells; step: between the places that are tried, and
    reach: how many of them on either side. size: pixels of the side of what is looked at."""

    cell: int
    step: int
    reach: int
    size: int = FINE

    @property
    def pixel(self) -> float:
        """In sides of the object."""
        return MARGIN / self.size

    @property
    def window(self) -> float:
        """How far from where a landmark is thought to be it is looked for along each axis, in the
        frame."""
        return self.reach * self.step * self.pixel


LEVELS = (Level(8, 3, 4), Level(5, 2, 3), Level(3, 1, 3))
"""From the surroundings to the point itself, as far as all images show it."""
FINER_LEVELS = tuple(Level(3, 1, 3, size) for size in FINER)
"""And from there on, in photographs that have so many pixels of the object."""
_PLACES = 400
"""Places in each view from which the usual descriptor is known."""
_RIDGE = 0.2
"""Share of the mean variance that is added to the covariance of descriptors."""
_FAR = 10_000
"""Places from the middle of the object: those beyond all look like the border of what is seen."""

_LEAST = 1e-6
"""So that images that show nothing at all teach nothing."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Over views. positive: (L, F) of descriptors at landmarks, by how sure these are, and how many
    sure ones: (L,). usual: (F,), products: (F, F) over places: a number."""

    positive: Floats
    count: Floats
    usual: Floats
    products: Floats
    places: float

    @classmethod
    def nothing(cls, landmarks: int) -> "Sums":
        usual, products = np.zeros(DIMENSIONS), np.zeros((DIMENSIONS, DIMENSIONS))
        return cls(np.zeros((landmarks, DIMENSIONS)), np.zeros(landmarks), usual, products, 0.0)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.positive + other.positive,
            self.count + other.count,
            self.usual + other.usual,
            self.products + other.products,
            self.places + other.places,
        )

    def filters(self) -> Floats:
        """(L, F); nothing for landmarks that no view shows, where one shows any."""
        usual = self.usual / self.places
        covariance = self.products / self.places - np.outer(usual, usual)
        ridge = _RIDGE * np.trace(covariance) / DIMENSIONS + _LEAST
        covariance += ridge * np.eye(DIMENSIONS)
        known = self.count > 0
        offset = self.positive / np.where(known, self.count, 1.0)[:, None] - usual
        found = np.linalg.solve(covariance, offset.T).T * known[:, None]
        return np.asarray(found)


def sums_of(view: View, seed: int) -> tuple[Sums, ...]:
    """By level, of one view. A landmark that is known no better than to a cell says little of what
    that level sees."""
    maps = {size: gradient_maps(crop) for size, crop in view.crops.items()}
    random = np.random.default_rng(seed)
    known = np.isfinite(view.points[:, 0])
    points = view.points[known]
    found = []
    for level in (*LEVELS, *FINER_LEVELS):
        if level.size not in maps:
            found.append(Sums.nothing(len(view.points)))
            continue
        size = (level.cell * level.pixel) ** 2
        sure = size / (size + view.doubts**2)
        positive = np.zeros((len(view.points), DIMENSIONS))
        positive[known] = describe(maps[level.size], points[None], level.cell, MARGIN)[0]
        positive *= sure[:, None]
        each = -(-_PLACES // len(points))
        spread = 2 * (level.reach + 1) * level.step * level.pixel
        near = points[:, None] + random.uniform(-spread, spread, (len(points), each, 2))
        # In double precision: how single precision rounds depends on where arrays lie in memory,
        # and a job that is run again has to end alike.
        places = describe(maps[level.size], near, level.cell, MARGIN).reshape(-1, DIMENSIONS)
        places = places.astype(np.float64)
        found.append(
            Sums(
                positive,
                np.where(known, sure, 0.0),
                places.sum(axis=0),
                places.T @ places,
                float(len(places)),
            )
        )
    return tuple(found)


def summed(parts: Sequence[tuple[Sums, ...]]) -> tuple[Sums, ...]:
    """By level, over several views."""
    total = parts[0]
    for part in parts[1:]:
        total = tuple(a + b for a, b in zip(total, part, strict=True))
    return total


def filters_of(sums: Sequence[Sums]) -> tuple[tuple[Level, Floats], ...]:
    """The levels that a view shows, with their filters (L, F). sums: by level."""
    pairs = zip((*LEVELS, *FINER_LEVELS), sums, strict=True)
    return tuple((level, each.filters()) for level, each in pairs if each.places)


def found_near(
    maps: AnyFloats, filters: Floats, level: Level, points: Floats
) -> tuple[Floats, Floats, Floats]:
    """Means (L, 2) and covariances (L, 2, 2) of where the landmarks may be, around `points`, and
    the best answer (L,) that there is to each of their filters.

    The filter's answer is a difference of log likelihoods. Neighbouring cells repeat each other, so
    half of it counts. The places that are tried lie on one grid for all landmarks: neighbours share
    most of theirs, and each is described once. Of those at the edges of a landmark's window so much
    counts as lies in it: where all answer alike, the landmark is where it was.
    """
    pitch = level.step * level.pixel
    middles = points / pitch
    corners = np.floor(middles).astype(np.int64) - level.reach
    steps = np.arange(2 * level.reach + 2)
    offsets = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    places = (corners[:, None] + offsets).reshape(-1, 2)
    numbers = np.clip(places, -_FAR, _FAR) @ np.array([1, 2 * _FAR + 1])
    _, first, which = np.unique(numbers, return_index=True, return_inverse=True)
    seen = describe(maps, pitch * places[first][None], level.cell, MARGIN)[0].astype(np.float64)
    # One landmark after the other: all of them at once would not fit the processor's cache.
    tried = zip(which.reshape(len(points), -1), filters, strict=True)
    answers = 0.5 * np.stack([seen[some] @ own for some, own in tried])
    into = (middles - np.floor(middles))[:, :, None]
    within = np.where(steps == 0, 1 - into, np.where(steps == steps[-1], into, 1.0))
    weights = within[:, 0, offsets[:, 0]] * within[:, 1, offsets[:, 1]]
    weights *= np.exp(answers - answers.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    away = weights @ offsets
    squares = weights @ (offsets[:, :, None] * offsets[:, None]).reshape(-1, 4)
    spreads = squares.reshape(-1, 2, 2) - away[:, :, None] * away[:, None]
    # A place is known no better than to half of a step.
    spreads = pitch**2 * (spreads + 0.25 * np.eye(2))
    means = np.asarray(pitch * (corners + away))
    return means, np.asarray(spreads), np.asarray(answers.max(axis=1))


def out_of_sight(spreads: Floats, window: float) -> Floats:
    """(L, 2, 2) what a look at the places within the window leaves of covariances (L, 2, 2): along
    each of their axes the share that lies beyond. Along a contour, or in the dark, a landmark may
    be anywhere in reach of a coarse look, and a close one shows no more than that it is near."""
    variances, axes = np.linalg.eigh(spreads)
    variances = np.maximum(variances, 1e-12)
    left = variances * erfc(window / np.sqrt(2 * variances))
    return np.asarray((axes * left[:, None, :]) @ axes.swapaxes(1, 2))
