"""Fitting the cascade of pose-class regressors.

Every level moves the training shapes by predictions of regressors that have not seen their image
(cross-fitting, instances dealt anew to the folds at every level). Moved by their own regressors
they would be far nearer to the truth than shapes of new images are, and the levels that follow
would learn to correct errors that nobody makes. The same predictions choose the ridge strengths,
and leave out levels that do not help.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.exemplar.pose_regression.corrections import (
    PoseClasses,
    fit_correction,
)
from landmark_annotator.backends.exemplar.pose_regression.regressors import (
    UNIT,
    Level,
    PoseRegressors,
    flipped,
    reduced,
)
from landmark_annotator.backends.learning.local_features import (
    DIMENSIONS,
    describe,
    gradient_maps,
    grey_crop,
)
from landmark_annotator.backends.learning.ridge_regression import Folds, Ridge
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Floats, Ints, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import Cancelled
from landmark_annotator.projects.vocabulary.progress import SILENT, Progress
from landmark_annotator.projects.vocabulary.scheme import Scheme

_CELLS = (9, 7, 6, 5, 4, 3, 2)
"""Pixels of a descriptor's cell, from the first level on: from coarse to fine. A second level with
the same cells finds nothing that the first has left."""
_TURN = 0.05
_SCALE = 0.04
"""Deviations of the frames that training crops are cut along: radians, and log scale."""
_FEWEST = 8
"""Instances below which nothing is learned and shapes stay as they are."""
_FOLDS = 5
_LOCAL_RIDGE = 3e-3
_BASIS_SAMPLES = 4000
"""Samples that the bases of the descriptors are computed from."""
_LEAST_GAIN = 0.002
"""Share of the mean error that a level has to remove, or it is left out."""


@dataclass(frozen=True)
class PoseSettings:
    """pose_classes: 1 is one regressor for all. levels: at most. kept: numbers kept of each
    landmark's descriptor, of which two predict its own move. samples: at most, crops in all."""

    pose_classes: int = 100
    levels: int = 7
    kept: int = 4
    samples: int = 20_000
    seed: int = 0


def fit(
    images: Sequence[Pixels],
    boxes: Sequence[Box],
    truths: Floats,
    initial: Floats,
    scheme: Scheme,
    settings: PoseSettings | None = None,
    progress: Progress = SILENT,
    groups: Ints | None = None,
) -> PoseRegressors:
    """The cascade that leads from initial shapes to the truth.

    images: N of (h, w, 3) pixels, photographs or patches; boxes: the canonical box of each, in its
    pixels. truths: (N, L, 2) in those boxes, NaN where unknown, which is left out. initial:
    (N, P, L, 2) finite, as wrong as the classifier is on unseen images (`HeldOutErrors.draw`).
    groups: (N,) those that are related share a number, and no fold parts them; None where none are.
    With partners in the scheme every image is learned from its mirror image too. With fewer
    than 8 instances the result leaves shapes as they are. Raises Cancelled.
    """
    chosen = settings or PoseSettings()
    if not np.isfinite(initial).all():
        raise ValueError("initial shapes must be complete")
    random = np.random.default_rng((chosen.seed, 5))
    mirror = scheme.mirror if scheme.partners else None
    classes = PoseClasses.of(_with_mirrored(truths, mirror), chosen.pose_classes, chosen.seed)
    if len(images) < _FEWEST:
        return PoseRegressors(classes.centres, (), mirror)
    state = _State.start(images, boxes, truths, initial, mirror, chosen.samples, random)
    first = state.shapes
    levels: list[Level] = []
    related = np.arange(len(images)) if groups is None else groups
    fold_count = min(_FOLDS, len(np.unique(related)))
    progress.start("pose regressors", chosen.levels)
    for index in range(chosen.levels):
        folds = Folds.dealt(related[state.instances], fold_count, random)
        level, moves = _fit_level(
            state, classes, first, folds, _CELLS[min(index, len(_CELLS) - 1)], chosen.kept
        )
        before, after = _mean_distance(state.left), _mean_distance(state.left - moves)
        if after < (1 - _LEAST_GAIN) * before:
            state.shapes = state.shapes + UNIT * moves.reshape(state.shapes.shape)
            levels.append(level)
        progress.advance(1, f"error {100 * (1 - after / before):.1f} % smaller")
        if progress.cancelled():
            raise Cancelled("Training of the pose regressors was stopped.")
    return PoseRegressors(classes.centres, tuple(levels), mirror)


@dataclass(eq=False)
class _State:
    """S samples: a grey crop, the truth (L, 2) in its frame, where the cascade has arrived, and
    the instance that it is of."""

    crops: list[Pixels]
    truths: Floats
    shapes: Floats
    instances: Ints

    @classmethod
    def start(
        cls,
        images: Sequence[Pixels],
        boxes: Sequence[Box],
        truths: Floats,
        initial: Floats,
        mirror: tuple[int, ...] | None,
        most: int,
        random: np.random.Generator,
    ) -> "_State":
        """Every initial shape gets a crop of its own, turned and scaled a little."""
        sides = (False,) if mirror is None else (False, True)
        draws = min(initial.shape[1], max(most // (len(images) * len(sides)), 1))
        crops, targets, shapes, instances = [], [], [], []
        for i, (pixels, box) in enumerate(zip(images, boxes, strict=True)):
            for draw in range(draws):
                for flip in sides:
                    scale, turn = np.exp(random.normal(0, _SCALE)), random.normal(0, _TURN)
                    frame = Box(0, 0, float(scale), float(scale), float(turn))
                    crops.append(
                        grey_crop(pixels, box.moved((0, 0), frame.side, frame.angle), flip)
                    )
                    pair = frame.to_frame(np.stack([truths[i], initial[i, draw]]))
                    if flip and mirror is not None:
                        pair = np.asarray(flipped(pair, mirror), dtype=np.float64)
                    targets.append(pair[0])
                    shapes.append(pair[1])
                    instances.append(i)
        return cls(crops, np.stack(targets), np.stack(shapes), np.array(instances))

    @property
    def left(self) -> AnyFloats:
        """(S, 2L) float32 what is left to move, in UNITs; NaN where the truth is unknown."""
        flat = ((self.truths - self.shapes) / UNIT).reshape(len(self.shapes), -1)
        return np.asarray(flat, dtype=np.float32)

    def descriptors(self, sample: int, cell: int) -> AnyFloats:
        """(1, L, D)."""
        return describe(gradient_maps(self.crops[sample]), self.shapes[sample][None], cell)


def _fit_level(
    state: _State, classes: PoseClasses, first: Floats, folds: Folds, cell: int, kept: int
) -> tuple[Level, AnyFloats]:
    """One regressor, and the moves (S, 2L) of the samples by regressors that did not see them."""
    left = state.left
    centre, basis = _descriptor_basis(state, left, cell, kept)
    features = np.concatenate(
        [reduced(state.descriptors(i, cell), centre, basis) for i in range(len(left))]
    )
    shared = Ridge.cross_fitted(features, left, folds)
    found = fit_correction(features, left - shared.unseen, classes, first, folds)
    moves = shared.unseen if found is None else shared.unseen + found.unseen
    correction = None if found is None else found.correction
    return Level(cell, centre, basis, shared.weights, correction), moves


def _descriptor_basis(
    state: _State, left: AnyFloats, cell: int, kept: int
) -> tuple[AnyFloats, AnyFloats]:
    """centre (L, D) and basis (L, D, kept): for each landmark the two directions that predict its
    own move, and the first principal components beside them."""
    step = -(-len(left) // _BASIS_SAMPLES)
    seen = np.concatenate([state.descriptors(i, cell) for i in range(0, len(left), step)])
    moves = left[::step].reshape(len(seen), -1, 2)
    centre = np.ascontiguousarray(seen.mean(axis=0))
    basis = np.empty((seen.shape[1], DIMENSIONS, kept), dtype=np.float32)
    for landmark in range(seen.shape[1]):
        known = np.isfinite(moves[:, landmark, 0])
        around = seen[:, landmark] - centre[landmark]
        scatter = around.T @ around / len(around)
        ridge = _LOCAL_RIDGE * max(float(np.trace(scatter)) / DIMENSIONS, 1e-6)
        answers = around[known].T @ moves[known, landmark] / max(int(known.sum()), 1)
        towards = np.linalg.solve(scatter + ridge * np.eye(DIMENSIONS), answers)
        components = np.linalg.eigh(scatter)[1][:, ::-1][:, :kept]
        basis[landmark] = np.linalg.qr(np.concatenate([towards, components], axis=1))[0][:, :kept]
    return centre, basis


def _with_mirrored(truths: Floats, mirror: tuple[int, ...] | None) -> Floats:
    return truths if mirror is None else np.concatenate([truths, flipped(truths, mirror)])


def _mean_distance(errors: AnyFloats) -> float:
    distances = np.linalg.norm(errors.reshape(len(errors), -1, 2), axis=2)
    return float(np.nanmean(distances, dtype=np.float64))
