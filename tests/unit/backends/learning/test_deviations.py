"""Covariances of errors, from what maps say."""

import warnings

import numpy as np

from landmark_annotator.backends.learning.deviations import fit_deviations


def test_a_part_that_explains_nothing_vanishes_without_an_overflow() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for seed in range(60):
            random = np.random.default_rng(seed)
            sizes, scales = np.exp(random.normal((-7, -4), (1, 2), (2, 4, 2))).swapaxes(0, 2)
            spreads = sizes.T[..., None, None] * np.eye(2)
            errors = random.normal(size=(2, 4, 2)) * np.sqrt(sizes.T)[..., None]
            assert np.isfinite(fit_deviations(spreads, scales.T, errors).parts).all()
