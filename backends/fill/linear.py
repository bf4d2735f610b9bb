"""The rest of a shape by linear regression from its clicked landmarks: no image, no network.

The least that a model has to beat where a sparse format was clicked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.learning.folds import dealt
from landmark_annotator.backends.shapes.fitting.alignment import align, similarity_box
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import TooFewLabels

FEWEST_SHAPES = 5
_STRENGTHS = (1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
"""Of the ridge, in units of the clicks' mean variance and of the number of shapes."""
_DRAWS = 3
"""Clicks simulated on every shape, each with an error of its own."""
_FOLDS = 5
_FRAME_POINTS = 2
"""Clicks that fix a similarity; with fewer the box is the frame."""


@dataclass(frozen=True, eq=False)
class LinearFill:
    """clicked: m landmarks. reference: (L, 2) mean shape, NaN where not clicked: clicks laid over
    it fix the frame. centre: (2m,), weights: (2m, 2L), offset: (2L,): y = offset + (x - centre) W.
    covariances: (L, 2, 2) of what is left, in that frame, on shapes that were not learned from.
    """

    clicked: tuple[int, ...]
    reference: Floats
    centre: Floats
    weights: Floats
    offset: Floats
    covariances: Floats

    @classmethod
    def fitted(
        cls,
        shapes: Sequence[Floats],
        boxes: Sequence[Box],
        clicked: Sequence[int],
        seed: int = 0,
        related: Sequence[str] | None = None,
    ) -> "LinearFill":
        """From N complete shapes (L, 2) in image pixels and their boxes. Ridge regression whose
        strength five folds choose. related: of each shape its group, which folds keep together;
        None where each is on its own. Raises TooFewLabels."""
        if len(shapes) < FEWEST_SHAPES:
            raise TooFewLabels(
                f"A regression needs at least {FEWEST_SHAPES} complete shapes, not {len(shapes)}.",
                remedy="Label a few more instances completely, all landmarks of each.",
            )
        chosen = tuple(sorted(clicked))
        reference = align(shapes)[0]
        reference[np.setdiff1d(np.arange(len(reference)), chosen)] = np.nan
        random = np.random.default_rng((seed, 8))
        inputs, answers, instances = [], [], []
        for index, (shape, box) in enumerate(zip(shapes, boxes, strict=True)):
            for _ in range(_DRAWS):
                error = random.normal(0, CLICK_DEVIATION * _side(shape), shape.shape)
                frame = _frame(reference, shape + error, box)
                inputs.append(frame.to_frame(shape + error)[list(chosen)].ravel())
                answers.append(frame.to_frame(shape).ravel())
                instances.append(index)
        x, y = np.array(inputs), np.array(answers)
        folds = min(_FOLDS, len(shapes))
        fold = dealt(related or range(len(shapes)), folds, random)[instances]
        best = min(_STRENGTHS, key=lambda s: float(np.abs(_unseen(x, y, fold, s)).mean()))
        rest = _unseen(x, y, fold, best).reshape(len(y), -1, 2)
        covariances = np.einsum("nla,nlb->lab", rest, rest) / len(rest)
        return cls(chosen, reference, *_ridge(x, y, best), covariances)

    def fill(self, points: Floats, box: Box) -> tuple[Floats, Floats]:
        """All landmarks (L, 2) and their covariances (L, 2, 2), in image and squared pixels.

        points: (L, 2) with the clicked ones, which stay where they are; box: of the instance.
        """
        frame = _frame(self.reference, points, box)
        x = frame.to_frame(points)[list(self.clicked)].ravel()
        shape = (self.offset + (x - self.centre) @ self.weights).reshape(-1, 2)
        filled = frame.to_image(shape)
        filled[list(self.clicked)] = points[list(self.clicked)]
        return filled, frame.covariance_to_image(self.covariances)


def _side(shape: Floats) -> float:
    return Box.square_around(shape).side


def _frame(reference: Floats, points: Floats, box: Box) -> Box:
    if int(np.isfinite(reference[:, 0]).sum()) < _FRAME_POINTS:
        return box
    return similarity_box(reference, points)


def _ridge(x: Floats, y: Floats, strength: float) -> tuple[Floats, Floats, Floats]:
    """centre (2m,), weights (2m, 2L) and offset (2L,)."""
    centre, offset = x.mean(axis=0), y.mean(axis=0)
    around = x - centre
    gram = around.T @ around
    unit = max(float(np.trace(gram)) / max(len(gram), 1), 1e-12)
    gram[np.diag_indices_from(gram)] += 10 * strength * unit
    return centre, np.linalg.solve(gram, around.T @ (y - offset)), offset


def _unseen(x: Floats, y: Floats, fold: Ints, strength: float) -> Floats:
    """(S, 2L) what is left of every shape by weights from the other folds."""
    left = np.empty_like(y)
    for own in np.unique(fold):
        inside = fold == own
        centre, weights, offset = _ridge(x[~inside], y[~inside], strength)
        left[inside] = y[inside] - offset - (x[inside] - centre) @ weights
    return left
