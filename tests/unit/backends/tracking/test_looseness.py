"""How far time may move each landmark, as labels that were held out tell."""

import numpy as np
import pytest

from backends.shapes import Proposal, ShapeMixture
from backends.tracking import LOOSENESS, Clip, FlowField, HeldOut, Persistence, looseness, smoothed
from backends.tracking.looseness import chosen
from projects.vocabulary import Box
from projects.vocabulary.arrays import Floats

FRAMES, SIDE = 13, 60.0
SHAPE = np.array([[-0.4, -0.3], [0.4, -0.2], [0.0, 0.4]])
LEAPING = 2
RULE = Persistence(0.0, 0.995, 0.2)


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
    return HeldOut(clip, FRAMES // 2, _truth(FRAMES // 2, seed), SIDE, RULE)


def test_a_landmark_that_leaps_is_left_to_its_own_frame_and_those_that_rest_are_smoothed() -> None:
    found = looseness([_stretch(seed) for seed in range(6)])
    assert found is not None
    assert found[LEAPING] > 4 * found[:LEAPING].max()


def test_where_time_may_say_nothing_each_frame_keeps_its_own_proposal() -> None:
    held = _stretch(0)
    loose = Clip(3, held.clip.proposals, held.clip.flows, loosened=np.full(3, LOOSENESS[-1]))
    proposed = np.stack([each.given([]).points for each in held.clip.proposals if each is not None])
    assert smoothed(loose, RULE).given({}).points == pytest.approx(proposed, abs=0.5)


def test_too_few_labels_tell_nothing() -> None:
    assert looseness([_stretch(0), _stretch(1)]) is None


def test_a_landmark_without_labels_goes_with_the_others() -> None:
    errors = np.full((6, len(LOOSENESS), 2), np.nan)
    errors[:, :, 0] = [0.3, 0.2, 0.1, 0.05]
    assert chosen(errors).tolist() == [3, 3]


def test_many_labels_of_its_own_overrule_what_the_others_say() -> None:
    errors = np.full((40, len(LOOSENESS), 4), 0.05)
    errors[:, 1:, :3] = 0.2
    errors[:, :3, 3] = 0.2
    assert chosen(errors).tolist() == [0, 0, 0, 3]
