"""What accepted shapes say of proposals: nothing from few, the truth from many, never by a leak."""

import math
from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.backends.metrics import inside, squared_mahalanobis
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.fitting.recalibration_fit import (
    FEWEST_GROUPS,
    Judged,
    fit_recalibration,
)
from landmark_annotator.backends.shapes.recalibration import NO_CHANGE, Recalibration, recalibrated
from landmark_annotator.projects.vocabulary import Box, Evidence

LANDMARKS = 12
STATED = 4.0
"""Pixels squared: the variance along each axis that proposals claim."""


def judged(
    count: int, true_scale: float, seed: int = 0, *, let_pass: float = 6.0, bias: float = 0.0
) -> Judged:
    """Proposals whose errors have `true_scale` times the stated variance, and labels as people
    leave them: what is off by more than `let_pass` is put right, the rest is left as proposed."""
    random = np.random.default_rng(seed)
    points = random.uniform(0, 100, (count, LANDMARKS, 2))
    covariances = np.tile(STATED * np.eye(2), (count, LANDMARKS, 1, 1))
    truths = points + bias + random.normal(0, math.sqrt(STATED * true_scale), points.shape)
    wrong = np.linalg.norm(truths - points, axis=2) > let_pass
    labels = np.where(wrong[..., None], truths, points)
    doubts = np.where(wrong[..., None, None], 0.0, covariances)
    passed = np.linalg.norm(truths - points, axis=2)[~wrong]
    limits = np.full(count, passed.mean() if passed.size else 0.0)
    axes = np.tile(50.0 * np.eye(2), (count, 1, 1))
    return Judged(points, covariances, labels, doubts, limits, axes, np.arange(count))


def test_nothing_changes_before_a_few_groups() -> None:
    few = judged(40, 9.0)
    groups = np.arange(40) % (FEWEST_GROUPS - 1)
    assert fit_recalibration(replace(few, groups=groups)) is NO_CHANGE


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0, 4.0])
def test_the_ellipses_hold_what_they_say_from_many_shapes(scale: float) -> None:
    found = fit_recalibration(judged(200, scale, let_pass=3.0 * math.sqrt(scale)))
    seen = judged(300, scale, seed=1, let_pass=0.0)
    squared = squared_mahalanobis(seen.points, seen.covariances * found.widening, seen.labels)
    assert found.degrees is not None
    assert inside(squared, 0.95, found.degrees) == pytest.approx(95, abs=2.5)
    assert inside(squared, 0.68, found.degrees) == pytest.approx(68, abs=5)


def test_the_first_shapes_change_less_than_many_that_say_the_same() -> None:
    widenings = [fit_recalibration(judged(n, 6.0, let_pass=4.0)).widening for n in (5, 20, 100)]
    assert 1 < widenings[0] < widenings[1] < widenings[2] < 8


def test_shapes_accepted_without_a_click_do_not_narrow_good_ellipses() -> None:
    """Their labels are the proposals themselves: taken for the truth, the error would be nought."""
    untouched = judged(60, 1.0, let_pass=1000.0)
    assert np.array_equal(untouched.labels, untouched.points)
    found = fit_recalibration(untouched)
    assert found.widening == pytest.approx(1.0, abs=0.05)


def test_shapes_of_one_group_count_as_one() -> None:
    one_by_one = judged(8, 6.0)
    again = np.repeat(np.arange(8), 5)
    arrays = ("points", "covariances", "labels", "doubts", "let_pass", "axes", "groups")
    many = Judged(*(getattr(one_by_one, name)[again] for name in arrays))
    assert fit_recalibration(many).widening == pytest.approx(
        fit_recalibration(one_by_one).widening, rel=1e-6
    )
    assert fit_recalibration(many).groups == 8


def test_a_shift_that_all_shapes_share_is_found_and_one_of_chance_is_not() -> None:
    found = fit_recalibration(judged(60, 1.0, let_pass=1.0, bias=2.0))
    assert found.shift is not None
    assert found.shift * 50 == pytest.approx(np.full((LANDMARKS, 2), 2.0), abs=1.0)
    by_chance = [fit_recalibration(judged(20, 1.0, seed, let_pass=1.0)) for seed in range(12)]
    assert sum(each.shift is not None for each in by_chance) <= 2


def proposal(classes: int = 1) -> Proposal:
    random = np.random.default_rng(3)
    root = random.normal(0, 0.02, (6, 6))
    shapes = random.normal(0, 0.3, (1, 3, 2)) + random.normal(0, 0.01, (classes, 3, 2))
    mixture = ShapeMixture(np.zeros(classes), shapes, root @ root.T + 1e-4 * np.eye(6))
    return Proposal(Box(50, 40, 60, 60, 0.3), mixture, "heatmap", 9.0)


@pytest.mark.parametrize("classes", [1, 5])
def test_covariances_are_widened_as_said_and_landmarks_moved(classes: int) -> None:
    own = proposal(classes)
    shift = np.array([[0.01, 0.0], [0.0, 0.02], [0.0, 0.0]])
    changed = recalibrated(own, Recalibration(2.25, 5.0, shift, 20, 20))
    before, after = own.given([]), changed.given([])
    traces = [np.trace(each.covariances, axis1=1, axis2=2).sum() for each in (before, after)]
    assert traces[1] / traces[0] == pytest.approx(2.25)
    moved = own.box.to_frame(after.points) - own.box.to_frame(before.points)
    assert moved == pytest.approx(shift, abs=1e-9)
    assert after.degrees == 5.0
    assert changed.before is own


def test_a_click_still_rules_where_ellipses_were_widened() -> None:
    changed = recalibrated(proposal(), Recalibration(3.0, None, None, 20, 20))
    there = changed.given([]).points[1] + 4.0
    seen = changed.given([Evidence.click(1, there, changed.click_deviation)])
    assert np.array_equal(seen.points[1], there)
    assert (np.linalg.det(seen.covariances) <= np.linalg.det(changed.given([]).covariances)).all()


@pytest.mark.parametrize("widening", [0.5, 1.5, 4.0])
def test_each_landmark_is_widened_alike(widening: float) -> None:
    own = proposal()
    before, after = own.given([]), recalibrated(own, Recalibration(widening)).given([])
    assert after.covariances == pytest.approx(widening * before.covariances)


def test_a_click_moves_the_others_less_where_ellipses_were_widened() -> None:
    own = proposal()
    click = Evidence.click(1, own.given([]).points[1] + 4.0, 1e-3)

    def moved(widening: float) -> float:
        model = recalibrated(own, Recalibration(widening))
        steps = model.given([click]).points - model.given([]).points
        return float(np.linalg.norm(steps[[0, 2]]))

    assert moved(4.0) < 0.8 * moved(1.0)
    assert moved(0.25) == pytest.approx(moved(1.0), rel=1e-3)


def test_a_proposal_that_may_have_to_be_turned_stays_as_it_is() -> None:
    turning = replace(proposal(), turns=(0.0, 1.0))
    assert recalibrated(turning, Recalibration(3.0)) is turning
