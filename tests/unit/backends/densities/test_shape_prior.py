"""What the network's shape prior makes of points that nobody placed."""

import numpy as np
import pytest

from landmark_annotator.backends.densities.shape_prior import shape_priors
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
