"""What the network's shape prior makes of points that nobody placed."""

import numpy as np

from landmark_annotator.backends.densities.shape_prior import shape_deviations, shape_priors
from landmark_annotator.projects.vocabulary import Provenance, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats

ANGLES = np.linspace(0, 2 * np.pi, 12, endpoint=False)
RING = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1) * 0.4
SLACK = np.eye(24) * 1e-6


def rings(count: int) -> Floats:
    """They differ by their size."""
    sizes = np.random.default_rng(0).normal(1.0, 0.1, (count, 1, 1))
    return np.asarray(RING * sizes)


def labels(shapes: Floats, placed: int) -> list[Shape]:
    marks = [Provenance.CLICKED if j < placed else Provenance.INFERRED for j in range(12)]
    return [Shape(points, None, marks) for points in shapes]


def test_classes_are_made_of_shapes_that_people_placed_whole() -> None:
    shapes = rings(80)
    by_hand = shape_deviations(labels(shapes, 12))
    assert len(shape_priors(shapes, by_hand, SLACK, None, 0)) == 2
    mostly = shape_deviations(labels(shapes, 11))
    assert len(shape_priors(shapes, mostly, SLACK, None, 0)) == 1


def test_what_a_model_placed_too_near_its_mean_does_not_make_the_prior_sure_of_it() -> None:
    shapes = rings(200)
    accepted = shapes.copy()
    accepted[:, 4:] = RING[4:] + (shapes[:, 4:] - RING[4:]) * 0.8

    def variance(placed: int) -> float:
        doubts = shape_deviations(labels(accepted, placed))
        prior = shape_priors(accepted, doubts, SLACK, None, 0)[0]
        return float(np.trace(prior.residual[8:, 8:]))

    truth = float(shapes[:, 4:].var(axis=0).sum())
    taken_for_clicked, doubted = variance(12), variance(4)
    assert abs(doubted - truth) < abs(taken_for_clicked - truth)
