"""Which labels may be wrong: every shape judged by what has not learned from it.

Up to three kinds of evidence: the other shapes (the prior), what a model that has not learned from
the instance predicts in its image, and how the image around each landmark looks. How much each of
them says is learned from the labels themselves: every landmark is also looked at where a seeded
draw has moved it to, and the linear discriminant (Fisher, 1936) between the two weighs the kinds.
What it finds of a landmark counts as the likelihood ratio of moved and placed ones of that
landmark: the tip of a limb is further from where the others expect it than the corner of an eye.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from landmark_annotator.backends.audit import displacement, shape_surprise
from landmark_annotator.backends.audit.explanation import Kind, distance_off, explained
from landmark_annotator.backends.learning.folds import dealt
from landmark_annotator.backends.shapes.fitting.alignment import (
    align,
    nan_mean,
    similarity_box,
)
from landmark_annotator.backends.shapes.fitting.gaussian_fit import Symmetry
from landmark_annotator.backends.shapes.fitting.prior import symmetry_of
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.error_lengths import ErrorLengths
from landmark_annotator.projects.vocabulary.errors import Cancelled, ImageError, TooFewLabels

FEWEST = 12
"""Shapes from which on the others say something of each."""
_FOLDS = 5
_MOVES = (0.02, 0.15)
"""Sides of the box by which landmarks are moved to learn what a moved one looks like."""
_DRAWS = 6
"""Of such moves of each landmark."""
_TAUGHT = 400
"""Instances whose images teach what a moved landmark looks like: more of them cost memory."""
_PSEUDO = 20.0
"""Instances that all landmarks together count as, beside a landmark's own."""
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
    """landmarks: (N, L) surprises; moved: of the same where each is moved; wholes: (N,), and
    others: of another object's shape in the same place."""

    landmarks: Floats
    moved: Floats
    wholes: Floats
    others: Floats


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
    frames, symmetry = _frames(upright, scheme)
    aligned = np.stack([f.to_frame(u) for f, u in zip(frames, upright, strict=True)])
    moves = _moves((len(upright), _DRAWS, upright.shape[1]), seed)
    prior, models = shape_surprise.cross_fitted(aligned, folds, symmetry)
    other = _others(len(instances), seed)
    found = [
        _Evidence(prior.landmarks, prior.moved(moves[:, 0]), prior.wholes, prior.wholes[other])
    ]
    predictions = _of_predictions(upright, other, instances, predicted, folds, moves[:, 0])
    if predictions is not None:
        found.append(predictions)
    turns = [frame.angle if scheme.heading is not None else 0.0 for frame in frames]
    beside = displacement.neighbours(scheme, nan_mean(aligned))
    seen = _displacements(instances, turns, moves, other, beside, folds, progress, seed)
    if seen is not None:
        own, moved, others = seen
        found.append(_of_image(own.off, moved.off, others.off))
        found.append(_of_image(own.strange, moved.strange, others.strange))
    each = _moved_ratios(found)
    # Each landmark alone is moved as often as any two of a shape are exchanged, or all of them.
    single = logsumexp(np.where(np.isfinite(each), each, -np.inf), axis=1)
    whole = _other_ratios(found)
    exchanged = _swapped_ratios(aligned, models, folds, beside)
    scores = _above_usual(logsumexp([single, exchanged, whole], axis=0))
    suspicions = []
    lengths = ErrorLengths.usual(scheme, ((each.box, each.shape.points) for each in instances))
    for i, instance in enumerate(instances):
        worst = int(np.nanargmax(each[i]))
        kind, landmarks = explained(
            aligned[i], models[int(folds[i])], scheme, worst, bool(whole[i] > single[i])
        )
        percent = None
        if kind is Kind.MOVED:
            length = lengths.of(instance.shape.points, instance.box)
            off = distance_off(aligned[i], models[int(folds[i])], worst) * frames[i].side
            percent = 100 * off * instance.box.side / length
        suspicions.append(Suspicion(float(scores[i]), kind, landmarks, percent))
    return suspicions


def _frames(upright: Floats, scheme: Scheme) -> tuple[list[Box], Symmetry | None]:
    """The canonical frames of shapes (N, L, 2), and the symmetry of shapes in them. Of objects that
    may point anywhere the mean shape points as the first: it is turned along the axis."""
    mean, frames = align(list(upright))
    if scheme.heading is None or not scheme.partners:
        return frames, symmetry_of(scheme, mean[None])
    symmetry = Symmetry(np.array(scheme.mirror), np.array([1.0, -1.0]))
    # Half-way from its mirror image to itself the mean shape is its own mirror image.
    away = similarity_box(mean[symmetry.order] * symmetry.signs, mean)
    turned = Box(0, 0, 1, 1, away.angle / 2)
    shown = turned.to_frame(mean)
    x, y = np.nanmean(shown - shown[symmetry.order] * symmetry.signs, axis=0) / 2
    found = [frame.moved(turn=turned.angle).moved((float(x), float(y))) for frame in frames]
    return found, symmetry


def _moves(size: tuple[int, ...], seed: int) -> Floats:
    """(*size, 2) in sides of the box, of random directions and lengths."""
    random = np.random.default_rng(seed)
    lengths = np.exp(random.uniform(math.log(_MOVES[0]), math.log(_MOVES[1]), size))
    angles = random.uniform(0, 2 * math.pi, size)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return np.asarray(directions * lengths[..., None])


def _others(count: int, seed: int) -> Ints:
    """(N,) of each instance another one."""
    ahead = np.random.default_rng(seed).integers(1, count, count)
    return np.asarray((np.arange(count) + ahead) % count)


def _of_image(own: Floats, moved: Floats, others: Floats) -> _Evidence:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of images that cannot be read
        return _Evidence(own, moved, np.nanmean(own, axis=1), np.nanmean(others, axis=1))


def _of_predictions(
    upright: Floats,
    other: Ints,
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
    mean = nan_mean(frames)
    found, models = shape_surprise.cross_fitted(upright[rows] - frames + mean, folds[rows])
    size = upright.shape[:2]
    landmarks, moved = np.full((2, *size), np.nan)
    wholes, others = np.full((2, size[0]), np.nan)
    landmarks[rows], wholes[rows] = found.landmarks, found.wholes
    moved[rows] = found.moved(moves[rows])
    for fold, model in models.items():
        at = np.flatnonzero(folds[rows] == fold)
        apart = upright[other[rows[at]]] - frames[at] + mean
        others[rows[at]] = model.surprise(apart).wholes
    return _Evidence(landmarks, moved, wholes, others)


def _displacements(
    instances: Sequence[LabelledInstance],
    turns: Sequence[float],
    moves: Floats,
    other: Ints,
    beside: Ints,
    folds: Ints,
    progress: Progress,
    seed: int,
) -> tuple[displacement.Displacement, ...] | None:
    """How far from their places landmarks look where they are labelled, where the first of moves
    (N, M, L, 2) has taken them, and of another object. None where too few images can be read."""
    count, draws, size = moves.shape[:3]
    taught = np.sort(np.random.default_rng(seed).permutation(count)[:_TAUGHT])
    described = np.full((len(taught), 2 + draws, size, displacement.DESCRIBED), np.nan, np.float16)
    # Those that teach first: of the others what is said of them is kept alone, for memory's sake.
    order = [*taught.tolist(), *np.setdiff1d(np.arange(count), taught).tolist()]
    said = np.full((3, count, size, 3), np.nan)
    learned: displacement.Regressions | None = None
    read = 0
    progress.start("looking at labels", count)
    for place, i in enumerate(order):
        if progress.cancelled():
            raise Cancelled("The search for wrong labels was stopped.", kept="Nothing was changed.")
        progress.advance()
        teaches = place < len(taught)
        chosen = moves[i] if teaches else moves[i, :1]
        pair = (instances[i], turns[i]), (instances[other[i]], turns[other[i]])
        seen = _described(*pair, chosen, beside)
        if seen is not None:
            read += 1
            if teaches:
                described[place] = seen
            else:
                assert learned is not None
                said[:, i] = learned.say(int(folds[i]), seen)
        if place == len(taught) - 1:
            lessons = displacement.Taught(described, moves[taught])
            names = np.unique(folds).tolist()
            learned = displacement.Regressions.of(lessons, folds[taught], names)
            for row, each in enumerate(taught.tolist()):
                said[:, each] = learned.say(int(folds[each]), described[row, [0, 1, -1]])
            del described, lessons
    return None if read < FEWEST else displacement.displacements(said)


def _described(
    own: tuple[LabelledInstance, float],
    elsewhere: tuple[LabelledInstance, float],
    moves: Floats,
    beside: Ints,
) -> AnyFloats | None:
    """(2 + M, L, DESCRIBED) as of `displacement.described`, NaN of landmarks that are unknown; None
    where the image cannot be read. own, elsewhere: each with the angle that its box is turned
    by."""
    (each, turn), (another, other_turn) = own, elsewhere
    try:
        pixels = each.read_pixels()
    except ImageError:
        return None
    box = each.box.moved(turn=turn)
    place = another.box.moved(turn=other_turn).to_frame(another.shape.points)
    points = box.to_frame(each.shape.points)
    seen = displacement.described(pixels, box, points, moves, place, beside)
    seen[:-1, ~each.shape.known] = np.nan
    seen[-1, ~another.shape.known] = np.nan
    return seen


def _moved_ratios(found: Sequence[_Evidence]) -> Floats:
    """(N, L) log likelihood ratio of the landmark having been moved and not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of landmarks that evidence never tells of
        usual = [np.nanmedian(part.landmarks, axis=0) + 1e-9 for part in found]
    placed = np.stack([_logs(p.landmarks, u) for p, u in zip(found, usual, strict=True)], axis=-1)
    moved = np.stack([_logs(p.moved, u) for p, u in zip(found, usual, strict=True)], axis=-1)
    there = np.isfinite(placed[..., 0]) & np.isfinite(moved[..., 0])
    # Evidence that is missing of an instance is neither here nor there.
    placed, moved = np.nan_to_num(placed), np.nan_to_num(moved)
    weights = _discriminant(placed[there], moved[there])
    lowest, lowest_spread = _moments(np.where(there, placed @ weights, np.nan))
    highest, highest_spread = _moments(np.where(there, moved @ weights, np.nan))
    slopes = (highest - lowest) / ((lowest_spread + highest_spread) / 2 + 1e-9)
    ratios = slopes * (placed @ weights - (lowest + highest) / 2)
    return np.where(there, ratios, np.nan)


def _swapped_ratios(
    aligned: Floats, models: Mapping[int, shape_surprise.ShapeModel], folds: Ints, beside: Ints
) -> Floats:
    """(N,) log likelihood ratio of two neighbours having changed places and not: what the prior
    gains by taking an exchange back is what it loses by making it, so that the one distribution is
    the other's mirror image."""
    first = np.repeat(np.arange(len(beside)), beside.shape[1])
    pairs = np.unique(np.sort(np.stack([first, beside.ravel()], axis=1), axis=1), axis=0)
    gains = np.full((len(aligned), len(pairs)), np.nan)
    for fold, model in models.items():
        gains[folds == fold] = model.swap_gains(aligned[folds == fold], pairs)
    logs = np.sign(gains) * np.log1p(np.abs(gains))
    mean, variance = _moments(logs)
    ratios = -2 * mean / (variance + 1e-9) * logs
    known = np.isfinite(ratios)
    total = logsumexp(np.where(known, ratios, -np.inf), axis=1)
    return np.asarray(total - np.log(np.maximum(known.sum(axis=1), 1)))


def _other_ratios(found: Sequence[_Evidence]) -> Floats:
    """(N,) log likelihood ratio of the whole shape being another object's and its own."""
    own = np.stack([np.log(part.wholes + 1e-9) for part in found], axis=-1)
    others = np.stack([np.log(part.others + 1e-9) for part in found], axis=-1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        middle = np.nan_to_num(np.nanmedian(own, axis=0))
    own, others = np.nan_to_num(own - middle), np.nan_to_num(others - middle)
    weights = _discriminant(own, others)
    low, high = own @ weights, others @ weights
    slope = (high.mean() - low.mean()) / ((low.var() + high.var()) / 2 + 1e-9)
    return np.asarray(slope * (low - (low.mean() + high.mean()) / 2))


def _discriminant(usual: Floats, wrong: Floats) -> Floats:
    """(F,) weights, none below nought, of what tells rows (n, F) of the two apart."""
    spread = np.atleast_2d(np.cov(usual.T) + np.cov(wrong.T))
    apart = wrong.mean(axis=0) - usual.mean(axis=0)
    return np.maximum(np.linalg.solve(spread + 1e-6 * np.eye(len(apart)), apart), 0.0)


def _moments(values: Floats) -> tuple[Floats, Floats]:
    """(L,) mean and variance of each landmark of values (N, L), NaN where unknown, with what all
    landmarks have in common beside the landmark's own."""
    known = np.isfinite(values).sum(axis=0)
    common = float(np.nanmean(values))
    mean = (np.nansum(values, axis=0) + _PSEUDO * common) / (known + _PSEUDO)
    squared = (values - mean) ** 2
    within = float(np.nanmean(squared))
    return mean, (np.nansum(squared, axis=0) + _PSEUDO * within) / (known + _PSEUDO)


def _logs(surprises: Floats, usual: Floats) -> Floats:
    return np.asarray(np.log(surprises / usual + 1e-3))


def _above_usual(values: Floats) -> Floats:
    """(N,) of values (N,), NaN as far as the usual."""
    middle = np.nanmedian(values)
    spread = max(float(np.nanquantile(values, _UPPER) - middle), 1e-9)
    return np.nan_to_num((values - middle) / spread)
