"""Shapes drawn from a mixture."""

import numpy as np

from landmark_annotator.backends.shapes import ShapeMixture
from landmark_annotator.backends.shapes.summaries.samples import drawn_shapes


def test_drawn_shapes_have_the_mean_and_the_covariance_of_the_mixture() -> None:
    arrows = np.array([[[-0.35, 0.2], [0.35, -0.2]], [[-0.35, -0.2], [0.35, 0.2]]])
    mixture = ShapeMixture(np.zeros(2), arrows, 1e-4 * np.eye(4))
    shapes = drawn_shapes(mixture, 20_000).reshape(-1, 4)
    np.testing.assert_allclose(shapes.mean(axis=0), mixture.mean.ravel(), atol=0.01)
    np.testing.assert_allclose(np.cov(shapes.T), mixture.covariance, atol=0.002)
