"""Which labels may be wrong: every shape judged by what has not learned from it.

Up to three kinds of evidence: the other shapes (the prior), what a model that has not learned from
the instance predicts in its image, and how the image around each landmark looks. How much each of
them says is learned from the labels themselves: every landmark is also looked at where a seeded
draw has moved it to, and the linear discriminant (Fisher, 1936) between the two weighs the kinds.
"""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.audit import appearance_surprise, shape_surprise
from landmark_annotator.backends.audit.explanation import Kind, distance_off, explained
from landmark_annotator.backends.learning.folds import dealt
from landmark_annotator.backends.shapes.fitting.alignment import align, nan_mean
from landmark_annotator.backends.shapes.fitting.prior import symmetry_of
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints
from landmark_annotator.projects.vocabulary.errors import Cancelled, ImageError, TooFewLabels

FEWEST = 12
"""Shapes from which on the others say something of each."""
_FOLDS = 5
_MOVES = (0.02, 0.15)
"""Sides of the box by which landmarks are moved to learn what a moved one looks like."""
_UPPER = 0.8
"""The quantile that says how far surprises usually spread; wrong labels lie far above."""


@dataclass(frozen=True)
class Suspicion:
    """What is odd about one instance's labels.

    score: how far it is above the usual, in distances from the median to the upper fifth.
    kind: what explains it best; landmarks: which ones. percent: of the normaliser, from where the
    rest says that the landmark is; only where one was moved.
    """

    score: float
    kind: Kind
    landmarks: tuple[int, ...] = ()
    percent: float | None = None


@dataclass(frozen=True, eq=False)
class _Evidence:
    """landmarks: (N, L) surprises; moved: of the same where each is moved; wholes: (N,)."""

    landmarks: Floats
    moved: Floats
    wholes: Floats


def audited(
    instances: Sequence[LabelledInstance],
    predicted: Sequence[Floats | None],
    groups: Sequence[str],
    scheme: Scheme,
    progress: Progress,
    seed: int = 0,
) -> list[Suspicion]:
    """Of each instance, in their order.

    predicted: (L, 2) in image pixels by a model that has not learned from the instance, None where
    there is none. groups: of each; what is related is not judged by each other. An image that
    cannot be read says nothing. Raises TooFewLabels, or Cancelled.
    """
    if len(instances) < FEWEST:
        raise TooFewLabels(
            f"Wrong labels are found from {FEWEST} labelled shapes on; there are {len(instances)}.",
            kept="Nothing was changed.",
        )
    folds = dealt(groups, _FOLDS, np.random.default_rng(seed), fewest=len(instances) // 2)
    upright = np.stack([each.box.to_frame(each.shape.points) for each in instances])
    frames = align(list(upright))[1]
    aligned = np.stack([f.to_frame(u) for f, u in zip(frames, upright, strict=True)])
    moves = _moves(upright.shape, seed)
    prior, models = shape_surprise.cross_fitted(aligned, folds, symmetry_of(scheme))
    found = [_Evidence(prior.landmarks, prior.moved(moves), prior.wholes)]
    predictions = _of_predictions(upright, instances, predicted, folds, moves)
    if predictions is not None:
        found.append(predictions)
    turns = [frame.angle if scheme.heading is not None else 0.0 for frame in frames]
    patches = _described(instances, turns, moves, progress)
    if patches is not None:
        own, moved = appearance_surprise.cross_fitted(*patches, folds)
        found.append(_Evidence(own, moved, np.nansum(own, axis=1)))
    each = _together(found)
    single = _above_usual(np.nanmax(each, axis=1))
    # Odd by one kind of evidence is odd, and by several the odder; an ordinary one hides nothing.
    oddities = [np.maximum(_above_usual(np.log(part.wholes + 1e-9)), 0.0) for part in found]
    whole = _above_usual(np.linalg.norm(oddities, axis=0))
    suspicions = []
    for i, instance in enumerate(instances):
        worst = int(np.nanargmax(each[i]))
        kind, landmarks = explained(
            aligned[i], models[int(folds[i])], scheme, worst, bool(whole[i] > single[i])
        )
        percent = None
        if kind is Kind.MOVED:
            length = scheme.normaliser_length(instance.shape.points, instance.box)
            off = distance_off(aligned[i], models[int(folds[i])], worst) * frames[i].side
            percent = 100 * off * instance.box.side / length
        score = float(max(single[i], whole[i]))
        suspicions.append(Suspicion(score, kind, landmarks, percent))
    return suspicions


def _moves(size: tuple[int, ...], seed: int) -> Floats:
    """(N, L, 2) in sides of the box, of random directions and lengths."""
    random = np.random.default_rng(seed)
    lengths = np.exp(random.uniform(math.log(_MOVES[0]), math.log(_MOVES[1]), size[:2]))
    angles = random.uniform(0, 2 * math.pi, size[:2])
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return np.asarray(directions * lengths[..., None])


def _of_predictions(
    upright: Floats,
    instances: Sequence[LabelledInstance],
    predicted: Sequence[Floats | None],
    folds: Ints,
    moves: Floats,
) -> _Evidence | None:
    """By what the labels are off from what is predicted, about the mean shape, in the boxes'
    frames; NaN where nothing is predicted. None where that is too rarely."""
    rows = np.array([i for i, points in enumerate(predicted) if points is not None], dtype=np.int64)
    if len(rows) < FEWEST or len(np.unique(folds[rows])) < 2:
        return None
    frames = np.stack([instances[i].box.to_frame(np.asarray(predicted[i])) for i in rows.tolist()])
    found, _ = shape_surprise.cross_fitted(upright[rows] - frames + nan_mean(frames), folds[rows])
    size = upright.shape[:2]
    landmarks, moved, wholes = (
        np.full(size, np.nan),
        np.full(size, np.nan),
        np.full(size[0], np.nan),
    )
    landmarks[rows], wholes[rows] = found.landmarks, found.wholes
    moved[rows] = found.moved(moves[rows])
    return _Evidence(landmarks, moved, wholes)


def _described(
    instances: Sequence[LabelledInstance],
    turns: Sequence[float],
    moves: Floats,
    progress: Progress,
) -> tuple[AnyFloats, AnyFloats] | None:
    """(N, L, D) of the landmarks where they are, and where they are moved to; NaN where unknown.
    None where too few images can be read."""
    size = (*moves.shape[:2], appearance_surprise.DESCRIBED)
    own, moved = np.full(size, np.nan, np.float32), np.full(size, np.nan, np.float32)
    read = 0
    progress.start("looking at labels", len(instances))
    for i, (each, turn) in enumerate(zip(instances, turns, strict=True)):
        if progress.cancelled():
            raise Cancelled("The search for wrong labels was stopped.", kept="Nothing was changed.")
        progress.advance()
        try:
            pixels = each.read_pixels()
        except ImageError:
            continue
        read += 1
        box = each.box.moved(turn=turn)
        points = box.to_frame(each.shape.points)
        known = each.shape.known
        both = appearance_surprise.described(pixels, box, np.stack([points, points + moves[i]]))
        own[i, known], moved[i, known] = both[0, known], both[1, known]
    return (own, moved) if read >= FEWEST else None


def _together(found: Sequence[_Evidence]) -> Floats:
    """(N, L) how much the landmark looks like one that was moved: by the linear discriminant."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of landmarks that evidence never tells of
        usual = [np.nanmedian(part.landmarks, axis=0) + 1e-9 for part in found]
    placed = np.stack([_logs(p.landmarks, u) for p, u in zip(found, usual, strict=True)], axis=-1)
    moved = np.stack([_logs(p.moved, u) for p, u in zip(found, usual, strict=True)], axis=-1)
    there = np.isfinite(placed[..., 0]) & np.isfinite(moved[..., 0])
    # Evidence that is missing of an instance is neither here nor there.
    placed, moved = np.nan_to_num(placed), np.nan_to_num(moved)
    spread = np.cov(placed[there].T) + np.cov(moved[there].T)
    apart = moved[there].mean(axis=0) - placed[there].mean(axis=0)
    inside = np.atleast_2d(spread) + 1e-6 * np.eye(len(found))
    weights = np.maximum(np.linalg.solve(inside, apart), 0.0)
    return np.where(there, placed @ weights, np.nan)


def _logs(surprises: Floats, usual: Floats) -> Floats:
    return np.asarray(np.log(surprises / usual + 1e-3))


def _above_usual(values: Floats) -> Floats:
    """(N,) of values (N,), NaN as far as the usual."""
    middle = np.nanmedian(values)
    spread = max(float(np.nanquantile(values, _UPPER) - middle), 1e-9)
    return np.nan_to_num((values - middle) / spread)
