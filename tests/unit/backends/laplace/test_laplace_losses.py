import math

import numpy as np
import pytest
import torch
from scipy.integrate import quad

from landmark_annotator.backends.densities.laplace_divergence import (
    divergence,
    laplace_kl,
    mean_deviations,
)
from landmark_annotator.backends.laplace.discriminator import true_densities
from landmark_annotator.backends.laplace.losses import soft_argmax


def integrated(away: float, scale: float, prior_scale: float) -> float:
    """KL of Laplace(0, prior_scale) from Laplace(away, scale), by quadrature."""

    def density(x: float) -> float:
        return math.exp(-abs(x) / prior_scale) / (2 * prior_scale)

    def log_ratio(x: float) -> float:
        own = -abs(x) / prior_scale - math.log(prior_scale)
        return own + abs(x - away) / scale + math.log(scale)

    reach = 40 * prior_scale
    found, _ = quad(lambda x: density(x) * log_ratio(x), -reach, reach, points=[0.0, away])
    return float(found)


@pytest.mark.parametrize("away", [0.0, 0.3, 4.0])
@pytest.mark.parametrize("scale", [0.4, 1.0, 6.0])
@pytest.mark.parametrize("prior_scale", [0.5, 1.0])
def test_the_divergence_is_that_of_the_integral(
    away: float, scale: float, prior_scale: float
) -> None:
    found = divergence(torch.tensor(away).double(), torch.tensor(scale).double(), prior_scale)
    assert float(found) == pytest.approx(integrated(away, scale, prior_scale), abs=1e-6)


def test_a_true_density_has_the_place_and_the_scale_that_it_was_made_with() -> None:
    targets = torch.tensor([[[30.0, 31.0], [34.0, 28.0]]])
    means, scales = mean_deviations(true_densities(targets, 64, 2.0))
    np.testing.assert_allclose(means, targets, atol=1e-3)
    np.testing.assert_allclose(scales, 2.0, atol=0.1)  # of cells, not of a line


def test_only_the_divergence_tells_a_sure_answer_from_an_unsure_one() -> None:
    targets = torch.tensor([[[20.0, 31.0]]])
    sure, unsure = (true_densities(targets, 64, scale) for scale in (1.0, 4.0))
    assert laplace_kl(sure, targets, 1.0) < 0.1 < laplace_kl(unsure, targets, 1.0)
    assert soft_argmax(sure, targets, 1.0) == pytest.approx(
        soft_argmax(unsure, targets, 1.0), abs=0.02
    )


def test_too_sure_an_answer_costs_as_well() -> None:
    targets = torch.tensor([[[20.0, 31.0]]])
    surest = true_densities(targets, 64, 0.2)
    assert laplace_kl(surest, targets, 1.0) > laplace_kl(
        true_densities(targets, 64, 1.0), targets, 1.0
    )
