"""How far from its place each labelled landmark looks, by the image around it.

Gradient orientations around the landmark, and half-way to its neighbours, where an articulated
object shows a limb or it does not. A ridge regression learns from the other labels, and from where
seeded draws have moved them to, how far off a landmark is and whether it is at its place: the first
step of supervised descent (Xiong and De la Torre, CVPR 2013), asked about the label itself. It sees
what no model of shapes can: a good shape that is another object's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve

from landmark_annotator.backends.learning.local_features import (
    DIMENSIONS,
    describe,
    gradient_maps,
    grey_crop,
)
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Bools, Floats, Ints, Pixels
from landmark_annotator.projects.vocabulary.box import Box

_SIZE = 192
_MARGIN = 1.6
"""Landmarks that somebody has moved may lie outside of the box."""
_CELLS = (2, 5, 10)
"""Sides of the cells in pixels of the crop: patches of 7, 17 and 33 % of the box."""
_BETWEEN = 5
"""Of those half-way to a neighbour."""
_NEIGHBOURS = 3
_STRENGTH = 0.3
"""Of the ridge, in units of the descriptors' mean square."""
_FEWEST = 3
"""Instances that teach something of a landmark."""
_TRUSTED = 0.9
"""Share of the labels that say how far off those are that are at their places."""
DESCRIBED = DIMENSIONS * (len(_CELLS) + _NEIGHBOURS)
"""Numbers a landmark."""


@dataclass(frozen=True, eq=False)
class Taught:
    """T instances to learn from. described: (T, 2 + M, L, DESCRIBED) of each as of the function,
    NaN where a landmark is unknown; moves: (T, M, L, 2)."""

    described: AnyFloats
    moves: Floats


@dataclass(frozen=True, eq=False)
class Displacement:
    """Of each landmark (N, L). off: squared Mahalanobis distance of how far off it looks, to that
    of the labels. strange: how little it looks to be at its place, about exp(-1) where it does and
    1 where it does not."""

    off: Floats
    strange: Floats


def neighbours(scheme: Scheme, mean: Floats) -> Ints:
    """(L, _NEIGHBOURS) those that an edge leads to first, then the nearest in the mean shape."""
    distances = np.linalg.norm(mean[:, None] - mean[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    for a, b in scheme.edges:
        distances[a, b] = distances[b, a] = distances[a, b] - 1e6
    order = np.argsort(distances, axis=1, kind="stable")[:, :_NEIGHBOURS]
    # Of a scheme with fewer landmarks some count twice.
    return np.asarray(order[:, np.arange(_NEIGHBOURS) % max(len(mean) - 1, 1)])


def described(
    pixels: Pixels, box: Box, shape: Floats, moves: Floats, other: Floats, beside: Ints
) -> AnyFloats:
    """(2 + M, L, DESCRIBED) float16 of a shape (L, 2) in the box's frame, of each of its landmarks
    alone where moves (M, L, 2) take it, and of another shape. beside: see `neighbours`."""
    maps = gradient_maps(grey_crop(pixels, box, size=_SIZE, margin=_MARGIN))
    places = np.concatenate([shape[None], shape + moves, other[None]])
    found = [_at(maps, places, cell) for cell in _CELLS]
    for column in beside.T:
        there = np.repeat(shape[None, column], len(places), axis=0)
        there[-1] = other[column]
        # A neighbour that is unknown says nothing.
        there = np.where(np.isfinite(there), there, places)
        found.append(_at(maps, (places + there) / 2, _BETWEEN))
    return np.concatenate(found, axis=-1).astype(np.float16)


def _at(maps: AnyFloats, places: Floats, cell: int) -> AnyFloats:
    return describe(maps, np.nan_to_num(places).astype(np.float32), cell, _MARGIN)


@dataclass(frozen=True, eq=False)
class Regressions:
    """By the fold that has not taught them: weights (L, DESCRIBED, 3) and what is added to what
    they say (L, 3), NaN of landmarks of which next to nothing teaches."""

    by_fold: Mapping[int, tuple[AnyFloats, Floats]]

    @classmethod
    def of(cls, taught: Taught, folds: Ints, names: Sequence[int]) -> "Regressions":
        """folds: (T,) of these; names: of the folds that there are."""
        size = taught.moves.shape[2]
        found = {
            fold: (np.zeros((size, DESCRIBED, 3), np.float32), np.full((size, 3), np.nan))
            for fold in names
        }
        for landmark in range(size):
            there = np.isfinite(taught.described[:, 0, landmark, 0])
            sums = np.stack([_sums(taught, landmark, there & (folds == n)) for n in names])
            whole = sums.sum(axis=0)
            for fold, own_sums in zip(names, sums, strict=True):
                learned = _regression(whole - own_sums)
                if learned is not None:
                    weights, usual = found[fold]
                    weights[landmark], usual[landmark] = learned
        return cls(found)

    def say(self, fold: int, described: AnyFloats) -> Floats:
        """(P, L, 3) of what is described (P, L, DESCRIBED) in this fold: how far off a landmark
        is, in the box's frame, and whether it is at its place, about 1 and 0; NaN where nothing is
        described or taught."""
        weights, usual = self.by_fold[fold]
        said = described.astype(np.float32).swapaxes(0, 1) @ weights
        return np.asarray(said.swapaxes(0, 1) + usual)


def displacements(said: Floats) -> tuple[Displacement, ...]:
    """Of what is said (P, N, L, 3) of N instances, for each of P: the first is where all are
    labelled, to which the others are compared."""
    return tuple(
        Displacement(_squared(said[0][..., :2], part[..., :2]), np.exp(-part[..., 2]))
        for part in said
    )


def _sums(taught: Taught, landmark: int, teaches: Bools) -> Floats:
    """(F + 4, F + 4) second moments of descriptors, of what is to be said of them (an offset, and 1
    where the landmark is at its place) and of 1, summed over some of those that teach: as heavy
    where they are labelled as where they are moved."""
    draws = taught.moves.shape[1]
    columns = np.zeros((int(teaches.sum()), 1 + draws, DESCRIBED + 4), dtype=np.float32)
    columns[..., :DESCRIBED] = taught.described[teaches, : 1 + draws, landmark]
    columns[:, 1:, DESCRIBED : DESCRIBED + 2] = taught.moves[teaches, :, landmark]
    columns[:, 0, DESCRIBED + 2] = 1.0
    columns[..., DESCRIBED + 3] = 1.0
    columns[:, 1:] *= np.float32(draws**-0.5)
    flat = columns.reshape(-1, columns.shape[-1])
    return np.asarray(flat.T @ flat, dtype=np.float64)


def _regression(sums: Floats) -> tuple[AnyFloats, Floats] | None:
    """(F, 3) weights and (3,) what is added to them; None where next to nothing teaches."""
    count = float(sums[-1, -1])
    if count < 2 * _FEWEST:
        return None
    mean = sums[-1, :-1] / count
    moments = sums[:-1, :-1] / count - np.outer(mean, mean)
    # The ridge leaves nothing that single precision could not solve, in half the time.
    gram, towards = moments[:-3, :-3].astype(np.float32), moments[:-3, -3:].astype(np.float32)
    gram[np.diag_indices_from(gram)] += max(_STRENGTH * np.trace(gram) / len(gram), 1e-9)
    weights = solve(gram, towards, assume_a="pos", overwrite_a=True, check_finite=False)
    return weights.astype(np.float32), mean[-3:] - mean[:-3] @ weights


def _squared(usual: Floats, offsets: Floats) -> Floats:
    """(N, L) squared Mahalanobis distances of offsets (N, L, 2) to the spread of usual (N, L, 2)
    about nought, of the ones that are not furthest off."""
    found = np.full(offsets.shape[:2], np.nan)
    for landmark in range(offsets.shape[1]):
        own = usual[:, landmark][np.isfinite(usual[:, landmark, 0])]
        if len(own) < _FEWEST:
            continue
        lengths = (own**2).sum(axis=1)
        own = own[lengths <= np.quantile(lengths, _TRUSTED)]
        precision = np.linalg.inv(own.T @ own / len(own) + 1e-8 * np.eye(2))
        apart = offsets[:, landmark]
        found[:, landmark] = np.einsum("na,ab,nb->n", apart, precision, apart)
    return found
