"""The rest of a shape by linear regression from its clicked landmarks: no image, no network.

The least that a model has to beat where a sparse format was clicked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.learning.folds import dealt
from landmark_annotator.backends.shapes.fitting.alignment import align, similarity_boxes
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
        noisy = []
        for shape in shapes:
            off = CLICK_DEVIATION * _side(shape)
            noisy += [shape + random.normal(0, off, shape.shape) for _ in range(_DRAWS)]
        instances = [i for i in range(len(shapes)) for _ in range(_DRAWS)]
        frames = _frames(reference, np.stack(noisy), [boxes[i] for i in instances])
        clicks = [f.to_frame(each)[list(chosen)] for f, each in zip(frames, noisy, strict=True)]
        truths = [f.to_frame(shapes[i]) for f, i in zip(frames, instances, strict=True)]
        x, y = (np.stack(each).reshape(len(noisy), -1) for each in (clicks, truths))
        folds = min(_FOLDS, len(shapes))
        fold = dealt(related or range(len(shapes)), folds, random)[instances]
        unseen = _unseen(x, y, fold)
        best = min(_STRENGTHS, key=lambda s: float(np.abs(unseen[s]).mean()))
        rest = unseen[best].reshape(len(y), -1, 2)
        covariances = np.einsum("nla,nlb->lab", rest, rest) / len(rest)
        [learned] = _ridges(x, y, [best])
        return cls(chosen, reference, *learned, covariances)

    def fill(self, points: Floats, box: Box) -> tuple[Floats, Floats]:
        """All landmarks (L, 2) and their covariances (L, 2, 2), in image and squared pixels.

        points: (L, 2) with the clicked ones, which stay where they are; box: of the instance.
        """
        [frame] = _frames(self.reference, points[None], [box])
        x = frame.to_frame(points)[list(self.clicked)].ravel()
        shape = (self.offset + (x - self.centre) @ self.weights).reshape(-1, 2)
        filled = frame.to_image(shape)
        filled[list(self.clicked)] = points[list(self.clicked)]
        return filled, frame.covariance_to_image(self.covariances)


def _side(shape: Floats) -> float:
    return Box.square_around(shape).side


def _frames(reference: Floats, shapes: Floats, boxes: Sequence[Box]) -> Sequence[Box]:
    """Of each of N shapes (N, L, 2)."""
    if int(np.isfinite(reference[:, 0]).sum()) < _FRAME_POINTS:
        return boxes
    return similarity_boxes(reference, shapes)


def _ridges(
    x: Floats, y: Floats, strengths: Sequence[float]
) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Of each strength centre (2m,), weights (2m, 2L) and offset (2L,)."""
    centre, offset = x.mean(axis=0), y.mean(axis=0)
    around = x - centre
    gram, answers = around.T @ around, around.T @ (y - offset)
    unit = max(float(np.trace(gram)) / max(len(gram), 1), 1e-12)
    for strength in strengths:
        kept = gram + 10 * strength * unit * np.eye(len(gram))
        yield centre, np.linalg.solve(kept, answers), offset


def _unseen(x: Floats, y: Floats, fold: Ints) -> dict[float, Floats]:
    """By strength (S, 2L), what is left of every shape by weights from the other folds."""
    left = {strength: np.empty_like(y) for strength in _STRENGTHS}
    for own in np.unique(fold):
        inside = fold == own
        learned = _ridges(x[~inside], y[~inside], _STRENGTHS)
        for strength, (centre, weights, offset) in zip(_STRENGTHS, learned, strict=True):
            left[strength][inside] = y[inside] - offset - (x[inside] - centre) @ weights
    return left
