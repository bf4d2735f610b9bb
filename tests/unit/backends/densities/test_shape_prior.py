"""What the network's shape prior makes of points that nobody placed."""

import numpy as np
import pytest

from landmark_annotator.backends.densities.shape_prior import shape_priors
from landmark_annotator.backends.shapes import ShapeMixture
from landmark_annotator.projects.vocabulary import Provenance, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

ANGLES = np.linspace(0, 2 * np.pi, 12, endpoint=False)
RING = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1) * 0.4
SLACK = np.eye(24) * 1e-6


def rings(count: int) -> Floats:
    """They differ by their size."""
    sizes = np.random.default_rng(0).normal(1.0, 0.1, (count, 1, 1))
    return np.asarray(RING * sizes)


def labels(shapes: Floats, placed: int, other: Provenance = Provenance.INFERRED) -> list[Shape]:
    marks = [Provenance.CLICKED if j < placed else other for j in range(12)]
    return [Shape(points, None, marks) for points in shapes]


def test_classes_are_made_of_shapes_that_people_placed_whole() -> None:
    shapes = rings(80)
    assert len(shape_priors(shapes, labels(shapes, 12), SLACK, None, 0)) == 2
    assert len(shape_priors(shapes, labels(shapes, 11), SLACK, None, 0)) == 1


def test_what_a_person_let_pass_beside_clicks_counts_as_it_is() -> None:
    shapes = rings(40)
    placed, passed = (shape_priors(shapes, labels(shapes, n), SLACK, None, 0)[0] for n in (12, 4))
    assert placed.residual == pytest.approx(passed.residual)
    assert placed.mean == pytest.approx(passed.mean)


def test_what_nobody_looked_at_too_near_its_mean_does_not_make_the_prior_sure_of_it() -> None:
    shapes = rings(200)
    filled = shapes.copy()
    filled[:, 4:] = RING[4:] + (shapes[:, 4:] - RING[4:]) * 0.8

    def variance(placed: int) -> float:
        of_them = labels(filled, placed, Provenance.FILLED)
        prior = shape_priors(filled, of_them, SLACK, None, 0)[0]
        return float(np.trace(prior.residual[8:, 8:]))

    truth = float(shapes[:, 4:].var(axis=0).sum())
    taken_for_clicked, doubted = variance(12), variance(4)
    assert abs(doubted - truth) < abs(taken_for_clicked - truth)


OPEN = RING * [1.0, 0.5] + np.linspace(0, 0.2, 12)[:, None]
"""No two of its landmarks are alike, and it is not its own mirror image."""


def bent(count: int, seed: int) -> Floats:
    """The first half of the landmarks moves against the other one, which no smooth field does."""
    moves = np.random.default_rng(seed).normal(0, 0.05, (count, 1, 2))
    against = np.repeat([1.0, -1.0], 6)[:, None]
    own = np.random.default_rng((seed, 1)).normal(0, 0.003, (count, 12, 2))
    return np.asarray(OPEN + moves * against + own)


def surprise(prior: ShapeMixture) -> float:
    """Of new shapes, negative log likelihoods without the constant."""
    offsets = (bent(200, 9) - prior.mean).reshape(200, -1)
    root = np.linalg.cholesky(prior.residual)
    whitened = np.linalg.solve(root, offsets.T)
    return float(0.5 * (whitened**2).sum() / 200 + np.log(np.diag(root)).sum())


def fitted(count: int, elsewhere: ShapeMixture | None) -> ShapeMixture:
    shapes = bent(count, 1)
    return shape_priors(shapes, labels(shapes, 12), SLACK, None, 0, None, elsewhere)[0]


def learned(turn: float = 0.0, scale: float = 1.5) -> ShapeMixture:
    """From 2,000 others, which vary more, in a frame that is turned."""
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    mean = OPEN - OPEN.mean(axis=0)
    shapes = (OPEN + (bent(2000, 2) - OPEN) * scale - OPEN.mean(axis=0)) @ rotation.T
    covariance = np.cov(shapes.reshape(len(shapes), -1).T)
    return ShapeMixture(np.zeros(1), (mean @ rotation.T)[None], covariance)


def test_few_labels_borrow_how_landmarks_go_together_from_the_same_ones_elsewhere() -> None:
    assert surprise(fitted(3, learned())) < surprise(fitted(3, None)) - 3


def test_they_do_not_borrow_how_much_shapes_vary() -> None:
    wider, as_wide = fitted(3, learned(scale=4.0)), fitted(3, learned(scale=1.0))
    assert wider.residual == pytest.approx(as_wide.residual, rel=0.05, abs=1e-5)


def test_many_labels_need_no_others() -> None:
    own, other = fitted(2000, None), fitted(2000, learned())
    assert surprise(other) == pytest.approx(surprise(own), abs=0.2)


def test_what_lies_otherwise_in_its_frame_says_nothing() -> None:
    np.testing.assert_array_equal(
        fitted(3, learned(turn=np.pi / 2)).residual, fitted(3, None).residual
    )
