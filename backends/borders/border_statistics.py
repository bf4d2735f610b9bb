"""How far from landmarks the borders of regions pass, as it was on labelled objects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.backends.borders.crossings import (
    REACH,
    Slope,
    across,
    crossings,
    nearest,
    neighbours,
)
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Ints
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.mask import Mask
from landmark_annotator.projects.vocabulary.scheme import Scheme
from landmark_annotator.projects.vocabulary.shape import Shape, Visibility

UNTOLD = 0.03
"""Sides of the box: as well as this a border is known where no landmark tells of it. One that lies
so differently beside a landmark from object to object says nothing, and is left out."""
_FEWEST = 8
"""Objects in which a border has been seen beside a landmark before it is known of others."""
_LEAST_SHARE = 0.5
_LEAST_SPREAD = 0.001
"""Sides of the box."""
_ROUNDS = 30


@dataclass(frozen=True, eq=False)
class Borders:
    """Each border beside a landmark is an entry of (R,).

    scheme: with the contours across which they are met. regions: names. beside: (R, 3) landmark
    before, landmark, landmark after, see `crossings.neighbours`. region: whose border it is, a
    place among `regions`. leaves: whether the way across the contour leaves the region there.
    offset: sides of the box from the landmark to the border along that way; spread: its deviation;
    share: of the objects in which it was there, as the other two describe it.
    """

    scheme: Scheme
    regions: tuple[str, ...]
    beside: Ints
    region: Ints
    leaves: Bools
    offset: Floats
    spread: Floats
    share: Floats

    def __len__(self) -> int:
        return len(self.region)

    @property
    def landmarks(self) -> Ints:
        return np.asarray(self.beside[:, 1])

    def where(self, chosen: Bools) -> "Borders":
        """Those entries alone."""
        return replace(
            self,
            beside=self.beside[chosen],
            region=self.region[chosen],
            leaves=self.leaves[chosen],
            offset=self.offset[chosen],
            spread=self.spread[chosen],
            share=self.share[chosen],
        )

    @classmethod
    def of_rows(
        cls, scheme: Scheme, regions: Sequence[str], rows: Sequence[Sequence[float]]
    ) -> "Borders":
        """rows: landmark, region, leaves, offset, spread, share."""
        table = np.array(rows, np.float64).reshape(-1, 6)
        beside = neighbours(scheme)
        known = np.isin(table[:, 0], beside[:, 1])
        landmark, region, leaves = table[known, :3].astype(np.int64).T
        places = np.searchsorted(beside[:, 1], landmark)
        return cls(scheme, tuple(regions), beside[places], region, leaves > 0, *table[known, 3:].T)

    @classmethod
    def read(cls, scheme: Scheme, regions: Sequence[str], lines: Iterable[str]) -> "Borders":
        """The inverse of `lines`. Raises ValueError."""
        return cls.of_rows(scheme, regions, [[float(n) for n in line.split()] for line in lines])

    def lines(self) -> list[str]:
        """A line of numbers an entry, as cards hold them."""
        return [
            f"{landmark} {region} {leaves:d} {offset:.5f} {spread:.5f} {share:.3f}"
            for landmark, region, leaves, offset, spread, share in zip(
                self.landmarks.tolist(),
                self.region.tolist(),
                self.leaves.tolist(),
                self.offset.tolist(),
                self.spread.tolist(),
                self.share.tolist(),
                strict=True,
            )
        ]


Labelled = tuple[Shape, Box, Mapping[str, Mask]]
"""An object with the masks that somebody said of it, by region."""


def learned_borders(objects: Iterable[Labelled], scheme: Scheme, regions: Sequence[str]) -> Borders:
    """Of the landmarks that are seen, beside the regions that are."""
    beside = neighbours(scheme)
    found: list[list[Floats]] = [[] for _ in regions]
    for shape, box, masks in objects:
        seen = shape.visibility == Visibility.VISIBLE
        points = np.where(seen[:, None], shape.points, np.nan)[beside[:, 1]]
        normals = across(shape.points, beside)
        for number, name in enumerate(regions):
            if masks.get(name):
                found[number].append(_met(masks[name], points, normals, box.side))
    rows = []
    for number, each in enumerate(found):
        if len(each) >= _FEWEST:
            met = np.stack(each)
            for place, landmark in enumerate(beside[:, 1].tolist()):
                for leaves in (False, True):
                    fitted = _fitted(met[:, place, int(leaves)])
                    if fitted is not None:
                        rows.append((landmark, number, leaves, *fitted))
    return Borders.of_rows(scheme, regions, rows)


def _met(mask: Mask, points: Floats, normals: Floats, side: float) -> Floats:
    """(M, 2) sides of the box to the nearest borders at which the ways across enter the mask, and
    leave it; NaN where they do not, infinite where a landmark or its way is not known."""
    at, leaves = crossings(Slope.around(mask, points, side), points, normals, side)
    here = np.zeros(len(points))
    found = np.stack(
        [nearest(np.where(leaves == kind, at, np.nan), here) for kind in (False, True)], axis=1
    )
    found[~np.isfinite(points + normals).all(axis=1)] = np.inf
    return found


def _fitted(met: Floats) -> tuple[float, float, float] | None:
    """Offset, spread and share of (N,): a Gaussian, and others that lie anywhere within reach, by
    expectation and maximisation; None where that says nothing of most objects."""
    seen = met[~np.isinf(met)]
    at = seen[~np.isnan(seen)]
    if len(at) < max(_FEWEST, _LEAST_SHARE * len(seen)):
        return None
    offset = float(np.median(at))
    spread = max(1.5 * float(np.median(abs(at - offset))), _LEAST_SPREAD)
    share = 0.9
    for _ in range(_ROUNDS):
        own = inlying(at - offset, spread, share)
        many = max(float(own.sum()), 1.0)
        share = many / len(at)
        offset = float(own @ at) / many
        spread = max(float(np.sqrt(own @ (at - offset) ** 2 / many)), _LEAST_SPREAD)
    share = many / (len(seen) + 1)  # nothing is certain of the next object
    if many < _FEWEST or share < _LEAST_SHARE:
        return None
    spread *= float(np.sqrt((many + 1) / (many - 3)))  # of one more object, not of these
    return (offset, spread, share) if spread < UNTOLD else None


def inlying(off: Floats, spread: Floats | float, share: Floats | float) -> Floats:
    """(...) how probable it is that a border so far from where it should be is the one that is
    meant, and not one that lies anywhere within reach."""
    usual = share * np.exp(-0.5 * (off / spread) ** 2) / (np.sqrt(2 * np.pi) * spread)
    return np.asarray(usual / np.maximum(usual + (1 - share) / (2 * REACH), 1e-12))
