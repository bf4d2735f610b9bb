"""What a training says of its error: of no group does the calibration know the truth before."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.backends.densities.calibration import Calibrated, calibrate
from landmark_annotator.backends.densities.observations import Observations
from landmark_annotator.backends.shapes.mixture import ShapeMixture
from landmark_annotator.projects.vocabulary.arrays import Floats

LANDMARKS = 5
BOXES = 2
SHAPE = np.column_stack([np.linspace(-0.4, 0.4, LANDMARKS), np.zeros(LANDMARKS)])
PRIOR = ShapeMixture(np.zeros(1), SHAPE[None], 0.05**2 * np.eye(2 * LANDMARKS))
SPREAD = 0.02


def seen(groups: int, seed: int, together: float = 0.0) -> Observations:
    """together: deviation of what all observations of a group have in common."""
    random = np.random.default_rng(seed)
    numbers = np.repeat(np.arange(groups), BOXES)
    count = len(numbers)
    truths = SHAPE + random.normal(0, 0.05, (count, LANDMARKS, 2))
    common = random.normal(0, together, (groups, LANDMARKS, 2))[numbers]
    points = truths + common + random.normal(0, SPREAD, truths.shape)
    spreads = np.broadcast_to(SPREAD**2 * np.eye(2), (count, LANDMARKS, 2, 2))
    return Observations(points, spreads, np.full((count, LANDMARKS), SPREAD), truths, numbers)


def calibrated(held_out: Observations) -> Calibrated:
    return calibrate(held_out, seen(20, 99), [PRIOR])


def error(believed: Floats, truths: Floats) -> float:
    return float(np.linalg.norm(believed - truths, axis=2).mean())


@pytest.mark.parametrize("groups", [2, 6, 11])
def test_what_is_believed_of_a_group_does_not_depend_on_its_truths(groups: int) -> None:
    one = seen(groups, 1)
    moved = one.truths.copy()
    moved[one.groups == 1] += [0.3, -0.2]
    other = replace(one, truths=moved)
    before, after = (calibrated(each).believed(each) for each in (one, other))
    own = one.groups == 1
    assert np.array_equal(before[own], after[own])
    assert not np.allclose(before[~own], after[~own])


def test_the_error_of_few_groups_is_that_on_new_ones() -> None:
    told, found = [], []
    for seed in range(12):
        held_out, new = seen(4, seed, together=0.08), seen(40, 1000 + seed, together=0.08)
        fused = calibrated(held_out)
        told.append(error(fused.believed(held_out), held_out.truths))
        means = [
            fused.calibration.mixture(fused.prior, points, spreads, scales).mean
            for points, spreads, scales in zip(new.points, new.spreads, new.scales, strict=True)
        ]
        found.append(error(np.stack(means), new.truths))
    assert np.mean(told) == pytest.approx(np.mean(found), rel=0.05)


def test_of_one_group_alone_something_is_believed() -> None:
    one = seen(1, 3)
    assert np.isfinite(calibrated(one).believed(one)).all()


def test_every_instance_has_a_calibration_that_was_fitted_without_it() -> None:
    held_out = seen(7, 5)
    fused = calibrated(held_out)
    each = fused.of_each(BOXES)
    assert len(each) == 7
    believed = fused.believed(held_out)
    for number, calibration in enumerate(each):
        at = BOXES * number
        mean = calibration.mixture(
            fused.prior, held_out.points[at], held_out.spreads[at], held_out.scales[at]
        ).mean
        assert np.array_equal(mean, believed[at])
