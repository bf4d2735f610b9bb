"""The rest of a shape from its clicked landmarks and from what the image shows around each other.

Linear regression from the clicks says about where every landmark is; the gradients around that
place say how far off it is, by a ridge regression of the landmark's own (as one step of Xiong and
De la Torre, "Supervised Descent Method", CVPR 2013). A landmark that its surroundings say nothing
of stays. Learned from the densely labelled instances alone; a few dozen of them are enough.

Letters: N samples, L landmarks, D = 256 numbers around a landmark, in two scales.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.fill.linear import FEWEST_SHAPES, LinearFill
from landmark_annotator.backends.learning.folds import dealt
from landmark_annotator.backends.learning.local_features import describe, gradient_maps, grey_crop
from landmark_annotator.backends.shapes.fitting.alignment import align, similarity_box
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.scheme import Scheme

_CELLS = ((8, 4), (5, 3))
"""Pixels of a descriptor's cells, by level: from coarse to fine."""
_STRENGTHS = (1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
"""Of the ridge, in units of the features' mean square and of the number of samples."""
_DRAWS = 3
_MOST_INSTANCES = 400
_FOLDS = 5


@dataclass(frozen=True, eq=False)
class _Step:
    """What one level learned. centre: (L, D); weights: (L, D, 2), zero where nothing helps."""

    cells: tuple[int, ...]
    centre: AnyFloats
    weights: AnyFloats

    def moved(self, maps: AnyFloats, shape: Floats) -> Floats:
        found = _described(maps, shape, self.cells) - self.centre
        return np.asarray(shape + np.einsum("ld,lda->la", found, self.weights))


@dataclass(frozen=True, eq=False)
class AppearanceFill:
    """linear: where it starts. reference: (L, 2) mean shape, which fixes the frame. covariances:
    (L, 2, 2) of what is left in that frame, and unseen: by dense instance the landmarks (L, 2) in
    image pixels, both from regressors that had not seen the instance."""

    linear: LinearFill
    reference: Floats
    steps: tuple[_Step, ...]
    covariances: Floats
    unseen: dict[int, Floats]

    @classmethod
    def fitted(
        cls,
        instances: Sequence[LabelledInstance],
        scheme: Scheme,
        clicked: Sequence[int],
        seed: int = 0,
    ) -> "AppearanceFill":
        """From complete instances, at most 400 of them. Raises TooFewLabels, ImageError."""
        chosen = learned_from(len(instances))
        samples = _Samples.drawn(instances, chosen, scheme, clicked, seed)
        steps = []
        for cells in _CELLS:
            learned, samples.shapes = _fit_step(samples, cells)
            steps.append(learned)
        own = np.flatnonzero(samples.first)
        rest = (samples.truths - samples.shapes)[own]
        rest[:, list(samples.linear.clicked)] = 0.0
        covariances = np.einsum("nla,nlb->lab", rest, rest) / len(rest) + 1e-8 * np.eye(2)
        unseen = {
            int(samples.instances[i]): samples.boxes[i].to_image(samples.shapes[i]) for i in own
        }
        return cls(samples.linear, samples.reference, tuple(steps), covariances, unseen)

    def fill(self, points: Floats, box: Box, pixels: Pixels) -> tuple[Floats, Floats]:
        """All landmarks (L, 2) and covariances (L, 2, 2), in image and squared pixels; see
        `LinearFill.fill`."""
        start = self.linear.fill(points, box)[0]
        frame = similarity_box(self.reference, start)
        maps, shape = gradient_maps(grey_crop(pixels, frame)), frame.to_frame(start)
        for step in self.steps:
            shape = step.moved(maps, shape)
        filled = frame.to_image(shape)
        filled[list(self.linear.clicked)] = points[list(self.linear.clicked)]
        return filled, frame.covariance_to_image(self.covariances)

    def covariances_of(self, filled: Floats) -> Floats:
        """(L, 2, 2) in squared image pixels, of a filled shape (L, 2)."""
        return similarity_box(self.reference, filled).covariance_to_image(self.covariances)


def learned_from(count: int) -> range:
    """The instances, of so many, that are learned from."""
    return range(0, count, -(-count // _MOST_INSTANCES))


@dataclass(eq=False)
class _Samples:
    """N crops: gradient maps, where the landmarks are and are believed to be (N, L, 2) in the
    frame, of which instance and in which fold. first: one of each instance, not mirrored."""

    linear: LinearFill
    reference: Floats
    maps: list[AnyFloats]
    boxes: list[Box]
    truths: Floats
    shapes: Floats
    instances: Ints
    folds: Ints
    first: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

    @classmethod
    def drawn(
        cls,
        instances: Sequence[LabelledInstance],
        chosen: Sequence[int],
        scheme: Scheme,
        clicked: Sequence[int],
        seed: int,
    ) -> "_Samples":
        """Every instance starts from clicks with errors of their own and a regression that has not
        seen it, as it will be for new images; and once more from the mirror."""
        random = np.random.default_rng((seed, 12))
        shapes, boxes = [i.shape.points for i in instances], [i.box for i in instances]
        related = [i.split_key for i in instances]
        fold_of = dealt(related, _FOLDS, random, FEWEST_SHAPES)
        linear = LinearFill.fitted(shapes, boxes, clicked, seed, related)
        others = []
        for fold in range(_FOLDS):
            rest = np.flatnonzero(fold_of != fold)
            others.append(
                LinearFill.fitted(
                    [shapes[i] for i in rest],
                    [boxes[i] for i in rest],
                    clicked,
                    related=[related[i] for i in rest],
                )
            )
        reference = align(shapes)[0]
        known = np.isin(np.arange(len(scheme)), list(clicked))[:, None]
        mirror = list(scheme.mirror) if scheme.partners else None
        maps, frames, truths, starts, groups, first = [], [], [], [], [], []
        for index in chosen:
            pixels, truth = instances[index].read_pixels(), shapes[index]
            side = Box.square_around(truth).side
            for draw in range(_DRAWS):
                aimed = truth + random.normal(0, CLICK_DEVIATION * side, truth.shape)
                clicks = np.where(known, aimed, np.nan)
                start = others[fold_of[index]].fill(clicks, boxes[index])[0]
                frame = similarity_box(reference, start)
                for flip in (False,) if mirror is None else (False, True):
                    pair = frame.to_frame(np.stack([truth, start]))
                    if flip and mirror is not None:
                        pair = pair[:, mirror] * np.array([-1.0, 1.0])
                    maps.append(gradient_maps(grey_crop(pixels, frame, flip)))
                    frames.append(frame)
                    truths.append(pair[0])
                    starts.append(pair[1])
                    groups.append(index)
                    first.append(draw == 0 and not flip)
        group = np.array(groups)
        return cls(
            linear,
            reference,
            maps,
            frames,
            np.array(truths),
            np.array(starts),
            group,
            fold_of[group],
            np.array(first),
        )


def _described(maps: AnyFloats, shape: Floats, cells: tuple[int, ...]) -> AnyFloats:
    """(L, D)."""
    return np.concatenate([describe(maps, shape[None], cell)[0] for cell in cells], axis=1)


def _fit_step(samples: _Samples, cells: tuple[int, ...]) -> tuple[_Step, Floats]:
    """A level, and where regressors that have not seen them move the samples (N, L, 2)."""
    features = np.stack(
        [_described(m, s, cells) for m, s in zip(samples.maps, samples.shapes, strict=True)]
    )
    centre = features.mean(axis=0)
    left = samples.truths - samples.shapes
    weights = np.zeros((*centre.shape, 2))
    moved = samples.shapes.copy()
    for landmark in range(features.shape[1]):
        around = (features[:, landmark] - centre[landmark]).astype(np.float64)
        found = _ridge(around, left[:, landmark], samples.folds)
        if found is not None:
            weights[landmark], unseen = found
            moved[:, landmark] += unseen
    return _Step(cells, centre, weights), moved


def _ridge(features: Floats, moves: Floats, folds: Ints) -> tuple[Floats, Floats] | None:
    """Weights (D, 2), and each sample's move (N, 2) by weights from the other folds; None where
    no strength makes the error on those smaller."""
    own = [np.flatnonzero(folds == fold) for fold in np.unique(folds)]
    grams = [features[rows].T @ features[rows] for rows in own]
    sides = [features[rows].T @ moves[rows] for rows in own]
    gram, side = np.sum(grams, axis=0), np.sum(sides, axis=0)
    unit = max(float(np.trace(gram)), 1e-9) * np.eye(len(gram))
    best = float(np.linalg.norm(moves, axis=1).mean())
    chosen: tuple[float, Floats] | None = None
    for strength in _STRENGTHS:
        unseen = np.empty_like(moves)
        for rows, g, s in zip(own, grams, sides, strict=True):
            unseen[rows] = features[rows] @ np.linalg.solve(gram - g + strength * unit, side - s)
        error = float(np.linalg.norm(moves - unseen, axis=1).mean())
        if error < best:
            best, chosen = error, (strength, unseen)
    if chosen is None:
        return None
    return np.linalg.solve(gram + chosen[0] * unit, side), chosen[1]
