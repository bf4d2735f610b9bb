"""Covariances of errors, from what maps say."""

import numpy as np

from landmark_annotator.backends.learning.deviations import fit_deviations


def test_a_part_that_explains_nothing_vanishes_within_bounds() -> None:
    """What runs away to nothing drags the other parts to numbers that overflow."""
    for seed in range(20):
        random = np.random.default_rng(seed)
        sizes, scales = np.exp(random.normal(-7, 1, (2, 4))), np.exp(random.normal(-4, 2, (2, 4)))
        spreads = sizes[..., None, None] * np.eye(2)
        errors = random.normal(size=(2, 4, 2)) * np.sqrt(sizes)[..., None]
        assert fit_deviations(spreads, scales, errors).parts.min() > 1e-9
