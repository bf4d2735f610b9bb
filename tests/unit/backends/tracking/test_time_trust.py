"""How far time may be believed of each landmark, as labels that were held out tell."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import (
    Clip,
    FlowField,
    HeldOut,
    Persistence,
    TimeTrust,
    smoothed,
    time_trust,
)
from landmark_annotator.backends.tracking.trust import trusted
from landmark_annotator.projects.vocabulary import Box, Evidence
from landmark_annotator.projects.vocabulary.arrays import Floats

FRAMES, SIDE = 13, 60.0
SHAPE = np.array([[-0.4, -0.3], [0.4, -0.2], [0.0, 0.4]])
LEAPING = 2
RULE = Persistence(0.995, 0.2)


def _truth(frame: int, seed: int) -> Floats:
    """Two landmarks rest; the last one is in each frame elsewhere, and flow does not see it."""
    points = SHAPE * SIDE + 100
    points[LEAPING] += np.random.default_rng((seed, frame)).uniform(-25, 25, 2)
    return points


def _stretch(seed: int) -> HeldOut:
    random = np.random.default_rng((seed, 99))
    box, resting = Box(100, 100, SIDE, SIDE), np.zeros((30, 30, 2), dtype=np.float16)
    proposals = []
    for frame in range(FRAMES):
        off = random.normal(0, [[3.0], [3.0], [1.0]], (3, 2))
        mean = box.to_frame(_truth(frame, seed) + off)
        mixture = ShapeMixture(np.zeros(1), mean[None], np.eye(6) * 0.05**2)
        proposals.append(Proposal(box, mixture, "made up"))
    flow = FlowField(np.zeros(2), 10.0, resting, resting)
    clip = Clip(3, proposals, [flow] * (FRAMES - 1))
    return HeldOut(clip, FRAMES // 2, _truth(FRAMES // 2, seed))


def _errors(clip: Clip) -> Floats:
    """(FRAMES, 3) pixels, of the first stretch."""
    truth = np.stack([_truth(frame, 0) for frame in range(FRAMES)])
    points = smoothed(clip, RULE).given({}).points
    return np.asarray(np.linalg.norm(points - truth, axis=2))


def test_a_landmark_that_leaps_stands_alone_in_its_frame_and_those_that_rest_are_smoothed() -> None:
    clip = _stretch(0).clip
    trust = time_trust([_stretch(seed) for seed in range(1, 7)])
    assert trust is not None
    before, after = _errors(clip).mean(axis=0), _errors(replace(clip, trust=trust)).mean(axis=0)
    assert after[LEAPING] < 0.5 * before[LEAPING]
    assert after[:LEAPING] == pytest.approx(before[:LEAPING], rel=0.15)


def test_beside_a_click_all_frames_together_are_believed_again() -> None:
    clip = _stretch(0).clip
    leaping = TimeTrust(np.array([1.0, 1.0, 20.0]), np.full(3, 0.5))
    found = smoothed(replace(clip, trust=leaping), RULE)
    proposed = clip.proposals[6]
    assert proposed is not None
    alone = proposed.given([]).points[LEAPING]
    assert found.given({}).points[6, LEAPING] == pytest.approx(alone)
    click = Evidence.click(LEAPING, alone + 9.0, 0.2)
    assert found.given({6: [click]}).points[6, LEAPING] == pytest.approx(alone + 9.0, abs=0.2)


def test_a_frame_alone_and_all_frames_say_the_same_of_it() -> None:
    clip = replace(_stretch(0).clip, trust=TimeTrust(np.array([1.0, 4.0, 20.0]), np.full(3, 0.5)))
    found = smoothed(clip, RULE)
    click = Evidence.click(1, _truth(3, 0)[1], 0.3)
    whole = found.given({3: [click]})
    own = found.proposal(5, {3: [click]}).given([])
    assert own.points == pytest.approx(whole.points[5])
    traces = [np.trace(each, axis1=1, axis2=2) for each in (own.covariances, whole.covariances[5])]
    assert traces[0] == pytest.approx(traces[1])


def test_a_frame_alone_that_says_too_little_is_told_as_unsure_as_it_is() -> None:
    clip = _stretch(0).clip
    leaping = TimeTrust(np.array([1.0, 1.0, 200.0]), np.array([1.0, 1.0, 4.0]))
    found = smoothed(replace(clip, trust=leaping), RULE).given({})
    proposed = clip.proposals[6]
    assert proposed is not None
    own = proposed.given([])
    assert found.points[6, LEAPING] == pytest.approx(own.points[LEAPING])
    assert found.covariances[6, LEAPING] == pytest.approx(4 * own.covariances[LEAPING])


def test_too_few_labels_tell_nothing() -> None:
    assert time_trust([_stretch(0), _stretch(1)]) is None


def test_a_landmark_without_labels_goes_with_the_others() -> None:
    together, alone = np.full((6, 2), 4.0), np.full((6, 2), 0.5)
    together[:, 1] = alone[:, 1] = np.nan
    found = trusted(together, alone)
    assert found.together[1] == pytest.approx(found.together[0])
    assert found.alone[1] == pytest.approx(found.alone[0])


def test_many_labels_of_its_own_overrule_what_the_others_say() -> None:
    together, alone = np.full((60, 4), 0.5), np.full((60, 4), 1.0)
    together[:, 3] = 16.0
    found = trusted(together, alone)
    assert found.together[:3].max() < 2.0
    assert found.together[3] > 10.0


def test_errors_as_large_as_claimed_change_nothing() -> None:
    squares = np.random.default_rng(0).exponential(1.0, (400, 3))
    found = trusted(squares, squares)
    assert found.alone == pytest.approx(np.ones(3), rel=0.15)
    assert found.together == pytest.approx(np.ones(3), rel=0.15)


def test_three_labels_make_a_frame_alone_hardly_surer_than_it_says_and_many_do() -> None:
    def factor(labels: int) -> float:
        return float(trusted(np.ones((labels, 4)), np.full((labels, 4), 0.1)).alone[0])

    assert factor(3) > 0.5
    assert factor(60) < 0.25


def test_of_what_time_is_wrong_a_frame_alone_is_believed_as_few_labels_say() -> None:
    def factor(together: float) -> float:
        return float(trusted(np.full((3, 4), together), np.full((3, 4), 0.1)).alone[0])

    assert factor(1.0) > 0.5
    assert factor(9.0) < 0.25


def test_three_labels_are_enough_to_doubt_what_a_frame_says_alone() -> None:
    doubted = trusted(np.ones((3, 4)), np.full((3, 4), 9.0)).alone
    assert doubted == pytest.approx(trusted(np.ones((60, 4)), np.full((60, 4), 9.0)).alone)
