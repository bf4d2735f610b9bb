"""What masks that somebody has said say of the landmarks beside their borders: where across a
contour it passes, as a click that means the contour does."""

from collections.abc import Collection, Mapping

import numpy as np

from landmark_annotator.backends.borders.border_statistics import Borders, inlying
from landmark_annotator.backends.borders.crossings import (
    REACH,
    Slope,
    across,
    crossings,
    nearest,
)
from landmark_annotator.backends.shapes import Posterior
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.evidence import Evidence
from landmark_annotator.projects.vocabulary.mask import Mask

_FREE = 1.0
"""Sides of the box along a border within which its landmark lies."""
_REPEATED = 4.0
"""By how much the variance of each is larger than that of one border beside one landmark, as it was
learned and as a hand draws, which is off by what its clicks are: neighbours are off together. On
rendered heads the mean of a region's errors varied up to 3.6 times as much as that of independent
ones."""


def border_evidence(
    believed: Posterior,
    side: float,
    masks: Mapping[str, Mask],
    borders: Borders,
    without: Collection[int] = (),
    size: tuple[int, int] | None = None,
) -> list[Evidence]:
    """In image pixels, one a landmark at most: by the surest of the borders that pass beside it.

    believed: without the masks. side: of the box, in pixels. masks: by region. without: landmarks
    that are known better, or that no border shows since they are hidden. size: of the photograph,
    width and height, None where its edge is far.

    A border may be another than the one that is meant. So what it says is weighed as in
    probabilistic data association (Bar-Shalom and Tse 1975): its pull is as strong as it is
    probable that it is the right one.
    """
    numbers = [i for i, name in enumerate(borders.regions) if masks.get(name)]
    told = borders.where(
        np.isin(borders.region, numbers) & ~np.isin(borders.landmarks, list(without))
    )
    landmarks = told.landmarks
    # What was never learned has no place, nor has the contour beside it a direction.
    points, normals = believed.positions[landmarks], across(believed.positions, told.beside)
    covariances = believed.covariances[landmarks]
    met, bent = np.full((2, len(told)), np.nan)
    along = np.full((len(told), 2), np.nan)
    for number in np.unique(told.region).tolist():
        own = told.region == number
        slope = Slope.around(masks[told.regions[number]], points[own], side, size)
        at, leaves = crossings(slope, points[own], normals[own], side)
        at[leaves != told.leaves[own, None]] = np.nan
        met[own] = nearest(at, told.offset[own])
        places = points[own] + side * met[own, None] * normals[own]
        along[own] = slope.directions(places)
        bent[own] = _bent(slope, places, along[own], covariances[own], side)
    off = met - told.offset
    before = np.einsum("mi,mij,mj->m", normals, covariances, normals) / side**2
    variance = _REPEATED * (told.spread**2 + CLICK_DEVIATION**2) + bent**2
    right = inlying(off, np.sqrt(variance + before), told.share)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt((variance + before) / right - before)
    spread[~np.isfinite(spread + along.sum(axis=1))] = np.inf
    found: dict[int, Evidence] = {}
    for row in np.argsort(spread, kind="stable").tolist():
        landmark = int(landmarks[row])
        if landmark not in found and spread[row] < _FREE:
            place = points[row] + side * off[row] * normals[row]
            found[landmark] = Evidence.on_contour(
                landmark, place, along[row], float(spread[row]) * side, _FREE * side
            )
    return [found[landmark] for landmark in sorted(found)]


def _bent(slope: Slope, places: Floats, along: Floats, covariances: Floats, side: float) -> Floats:
    """(n,) sides of the box by which a border leaves its straight line on the stretch on which its
    landmark may lie. places, along: (n, 2) on it, and its direction there."""
    stretch = np.sqrt(np.einsum("mi,mij,mj->m", along, covariances, along))[:, None] * along
    normals = np.stack([-along[:, 1], along[:, 0]], axis=1)
    here = np.zeros(len(places))
    away = np.stack(
        [
            nearest(crossings(slope, place, normals, side)[0], here)
            for place in (places - stretch, places + stretch)
        ]
    )
    return np.asarray(np.nan_to_num(abs(away), nan=REACH).mean(axis=0))
