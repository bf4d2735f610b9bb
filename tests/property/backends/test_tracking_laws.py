"""Laws of smoothing: whatever a clip shows."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import Clip, FlowField, Persistence, smoothed
from landmark_annotator.backends.tracking.beliefs import Believed, slow_modes
from landmark_annotator.backends.tracking.joint_steps import Doubts, JointEvidence
from landmark_annotator.backends.tracking.momentum import Momentum
from landmark_annotator.backends.tracking.path import first_path, measured_flow
from landmark_annotator.backends.tracking.smoother import (
    flow_correlation,
    scaled_steps,
    step_covariance,
)
from landmark_annotator.projects.vocabulary import Box, Evidence

LANDMARKS = 4
RULES = (
    Persistence(0.99, 0.0),
    Persistence(0.99, 0.5),
    Persistence(0.98, 0.6, 1.4, 2.0),
)

seeds = st.integers(0, 10_000)
rules = st.sampled_from(RULES)


def _proposals(seed: int, frames: int) -> list[Proposal]:
    random = np.random.default_rng(seed)
    shape = random.uniform(-0.5, 0.5, (LANDMARKS, 2))
    found = []
    for t in range(frames):
        root = random.normal(size=(2 * LANDMARKS, 2 * LANDMARKS))
        covariance = (root @ root.T + np.eye(2 * LANDMARKS)) * 0.02**2
        box = Box(100 + 3 * t, 80 - 2 * t, 60, 50 + t, 0.1 * t)
        mean = shape + random.normal(0, 0.03, shape.shape)
        mixture = ShapeMixture(np.zeros(1), mean[None], covariance)
        found.append(Proposal(box, mixture, "made up"))
    return found


def _flow(step: tuple[float, float]) -> FlowField:
    """The same everywhere, and surely."""
    there = np.full((8, 8, 2), step, dtype=np.float16)
    return FlowField(np.array([-100.0, -100.0]), 60.0, there, -there)


def _clip(seed: int, frames: int) -> Clip:
    return Clip(LANDMARKS, _proposals(seed, frames), [_flow((3.0, -2.0))] * (frames - 1))


def _click(seed: int, frames: int) -> tuple[int, Evidence]:
    random = np.random.default_rng(seed)
    place = random.uniform(60, 140, 2)
    return int(random.integers(frames)), Evidence.click(
        int(random.integers(LANDMARKS)), place, float(random.uniform(0.2, 3))
    )


def _gathered(clicks: Sequence[tuple[int, Evidence]]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = {}
    for frame, piece in clicks:
        found.setdefault(frame, []).append(piece)
    return found


@settings(max_examples=15, deadline=None)
@given(seeds, rules)
def test_the_order_of_clicks_does_not_matter(seed: int, rule: Persistence) -> None:
    clip = smoothed(_clip(seed, 5), rule)
    clicks = [_click(seed + i, 5) for i in range(4)]
    one, other = (clip.given(_gathered(order)) for order in (clicks, clicks[::-1]))
    assert one.points == pytest.approx(other.points)
    assert one.covariances == pytest.approx(other.covariances)


@settings(max_examples=15, deadline=None)
@given(seeds, rules)
def test_a_clip_of_one_frame_is_a_still(seed: int, rule: Persistence) -> None:
    clip = _clip(seed, 1)
    click = _click(seed, 1)[1]
    own = clip.proposals[0]
    assert own is not None
    found = smoothed(clip, rule).proposal(0, {0: [click]})
    assert found.given([click]).points == pytest.approx(own.given([click]).points)
    assert found.given([click]).covariances == pytest.approx(own.given([click]).covariances)


@settings(max_examples=15, deadline=None)
@given(seeds, st.sampled_from(RULES[:2]))
def test_without_flow_and_clicks_frames_are_as_they_were_proposed(
    seed: int, rule: Persistence
) -> None:
    proposals = _proposals(seed, 5)
    clip = smoothed(Clip(LANDMARKS, proposals, [None] * 4, moves=False), rule)
    for t, own in enumerate(proposals):
        found = clip.proposal(t, {}).given([])
        assert found.points == pytest.approx(own.given([]).points, abs=1e-3)
        assert found.covariances == pytest.approx(own.given([]).covariances, rel=1e-3, abs=1e-3)


@settings(max_examples=15, deadline=None)
@given(seeds, rules)
def test_a_click_is_one_label_more(seed: int, rule: Persistence) -> None:
    """The quick way, by what varies with a landmark, and the whole chain anew say the same."""
    clip = _clip(seed, 6)
    frame, click = _click(seed, 6)
    quick = smoothed(clip, rule, rounds=1, widened=False).given({frame: [click]})
    steps = _steps(clip, rule, {frame: [click]})
    mean, covariance = _dense(steps)
    assert quick.points == pytest.approx(mean, abs=0.02)
    assert quick.covariances == pytest.approx(covariance, rel=0.02, abs=0.01)


@settings(max_examples=15, deadline=None)
@given(seeds, rules)
def test_a_clip_is_one_gaussian(seed: int, rule: Persistence) -> None:
    clip = _clip(seed, 4)
    mean, covariance = _dense(_steps(clip, rule, {}))
    found = smoothed(clip, rule, rounds=1, widened=False).given({})
    assert found.points == pytest.approx(mean)
    assert found.covariances == pytest.approx(covariance)


@settings(max_examples=5, deadline=None)
@given(seeds, rules)
def test_a_clip_that_goes_on_moving_is_one_gaussian_too(seed: int, rule: Persistence) -> None:
    clip = _clip(seed, 24)
    evidence = _steps(clip, rule, {})
    assert evidence.ways
    mean, covariance = _dense(evidence)
    found = smoothed(clip, rule, rounds=1, widened=False).given({})
    assert found.points == pytest.approx(mean)
    assert found.covariances == pytest.approx(covariance)


@settings(max_examples=10, deadline=None)
@given(seeds, rules)
def test_clicks_make_no_frame_less_sure(seed: int, rule: Persistence) -> None:
    clip = smoothed(_clip(seed, 5), rule)
    before = clip.given({}).covariances
    after = clip.given(_gathered([_click(seed + i, 5) for i in range(3)])).covariances
    assert (np.linalg.eigvalsh(before - after) > -1e-6).all()


def _steps(clip: Clip, rule: Persistence, labels: dict[int, list[Evidence]]) -> JointEvidence:
    found = [None if each is None else Believed.of(each) for each in clip.proposals]
    path = first_path(found, clip.flows, {}, LANDMARKS)
    sides = np.array([each.box.side for each in found if each is not None])
    return JointEvidence(
        path,
        found,
        labels,
        slow_modes(found),
        *measured_flow(clip.flows, path),
        flow_correlation(path, sides),
        Momentum.of(scaled_steps(path, sides), step_covariance(path, sides)),
        sides,
        rule,
    )


def _dense(evidence: JointEvidence) -> tuple[np.ndarray, np.ndarray]:
    """Points and covariances by one inversion."""
    frames, size = evidence.path.shape[:2]
    steps = list(evidence.steps(Doubts.none(frames, size)))
    width = len(steps[0].linear)
    precision = np.zeros((frames * width, frames * width))
    for t, step in enumerate(steps):
        rows = slice(t * width, (t + 1) * width)
        precision[rows, rows] = step.own
        if step.to_next is not None:
            after = slice((t + 1) * width, (t + 2) * width)
            precision[rows, after], precision[after, rows] = step.to_next, step.to_next.T
    covariance = np.linalg.inv(precision)
    mean = covariance @ np.concatenate([step.linear for step in steps])
    points = mean.reshape(frames, width)[:, : 2 * size].reshape(frames, size, 2)
    own = np.stack(
        [
            covariance[t * width + 2 * i : t * width + 2 * i + 2, t * width + 2 * i :][:, :2]
            for t in range(frames)
            for i in range(size)
        ]
    )
    return evidence.path + points, own.reshape(frames, size, 2, 2)
