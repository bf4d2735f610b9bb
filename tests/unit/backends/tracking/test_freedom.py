"""A leg rests and leaps: what is assumed of steps does not pull it to where it has never been."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import Clip, Persistence, smoother
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

FRAMES, LEG = 80, 2
SHAPE = np.array([[-0.4, -0.3], [0.4, -0.2], [0.0, 0.4]]) * 60 + [100, 100]
DEVIATION = 0.03
RULE = Persistence(0.5, 0.1)
"""Errors of proposals are new in nearly every frame."""


def _truth() -> Floats:
    """(T, L, 2): the leg is at one place, and every second frame at another."""
    points = np.tile(SHAPE, (FRAMES, 1, 1))
    points[::2, LEG] += [25.0, 0.0]
    return points


def _proposals(truth: Floats) -> list[Proposal]:
    noise = np.random.default_rng(0).normal(0, 60 * DEVIATION, truth.shape)
    box, residual = Box(100, 100, 60, 60), np.eye(6) * DEVIATION**2
    return [
        Proposal(box, ShapeMixture(np.zeros(1), box.to_frame(each)[None], residual), "made up")
        for each in truth + noise
    ]


def _errors(proposals: list[Proposal], truth: Floats) -> Floats:
    """(T, L) in sides of the box. Nobody has looked at the flow."""
    clip = Clip(len(SHAPE), proposals, [None] * (FRAMES - 1))
    found = smoother.smoothed(clip, RULE).given({}).points
    return np.asarray(np.linalg.norm(found - truth, axis=2) / 60)


def test_a_leg_that_leaps_is_followed_where_hardly_any_steps_are_expected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    truth = _truth()
    proposals = _proposals(truth)
    usual = smoother.step_covariance
    monkeypatch.setattr(smoother, "step_covariance", lambda *path: 0.01 * usual(*path))
    freely = _errors(proposals, truth)[:, LEG].mean()
    monkeypatch.setattr(smoother, "_FEWEST_FRAMES", FRAMES + 1)  # nothing is tested
    held = _errors(proposals, truth)[:, LEG].mean()
    assert freely < 0.5 * held


def test_an_object_that_rests_is_smoothed() -> None:
    truth = np.tile(SHAPE, (FRAMES, 1, 1))
    proposals = _proposals(truth)
    alone = np.stack([each.given([]).points for each in proposals])
    noise = np.linalg.norm(alone - truth, axis=2).mean() / 60
    assert _errors(proposals, truth).mean() < 0.6 * noise
