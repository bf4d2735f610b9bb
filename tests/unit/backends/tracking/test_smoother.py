"""A clip after smoothing: what is lost is found again, and clicks go with the flow."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import Clip, FlowField, Persistence, smoothed
from landmark_annotator.projects.vocabulary import Box, Evidence
from landmark_annotator.projects.vocabulary.arrays import Floats

SHAPE = np.array([[-0.4, -0.3], [0.4, -0.2], [0.0, 0.4]])
STEP = (2.0, 1.0)
FRAMES = 30
RULE = Persistence(0.995, 0.5)


def _truth(frame: int) -> Floats:
    return SHAPE * 60 + [100 + STEP[0] * frame, 90 + STEP[1] * frame]


def _proposal(frame: int, off: Floats, deviation: float = 0.05) -> Proposal:
    box = Box(100 + STEP[0] * frame, 90 + STEP[1] * frame, 60, 60)
    mixture = ShapeMixture(np.zeros(1), (SHAPE + off / 60)[None], np.eye(6) * deviation**2)
    return Proposal(box, mixture, "made up")


def _flow() -> FlowField:
    there = np.full((30, 30, 2), STEP, dtype=np.float16)
    return FlowField(np.zeros(2), 10.0, there, -there)


def _off(frames: int = FRAMES) -> Floats:
    return np.random.default_rng(0).normal(0, 3, (frames, 3, 2))


def _clip(off: Floats, labels: dict[int, list[Evidence]] | None = None) -> Clip:
    proposals = [_proposal(t, each) for t, each in enumerate(off)]
    return Clip(3, proposals, [_flow()] * (len(off) - 1), labels or {})


def _errors(points: Floats) -> Floats:
    truth = np.stack([_truth(t) for t in range(len(points))])
    return np.asarray(np.linalg.norm(points - truth, axis=2))


def test_errors_that_are_new_in_every_frame_are_smoothed_away() -> None:
    off = _off()
    found = smoothed(_clip(off), Persistence(0.995, 0.1)).given({})
    assert _errors(found.points).mean() < 0.4 * np.linalg.norm(off, axis=2).mean()


def test_an_error_that_stays_is_not_taken_for_the_truth() -> None:
    """Thirty frames that err alike are one witness and not thirty."""
    off = np.tile([4.0, 0.0], (FRAMES, 3, 1))
    found = smoothed(_clip(off), Persistence(0.999, 0.9)).given({})
    assert np.sqrt(found.covariances[:, :, 0, 0]).min() > 1.8


def test_a_frame_in_which_the_model_is_lost_is_overruled() -> None:
    off = _off() * 0.2
    off[12] = 45.0
    found = smoothed(_clip(off), RULE).given({})
    assert _errors(found.points)[12].max() < 8.0


def test_where_no_label_has_told_how_far_they_err_frames_that_are_right_stay_so() -> None:
    """Beside frames that are wrong: all of them claim to be off by half a side."""
    off = _off(120) * 0.1
    off[::4] = 25.0
    clip = _clip(off)
    wide = [_proposal(t, each, deviation=0.5) for t, each in enumerate(off)]
    told, untold = (
        _errors(smoothed(replace(clip, proposals=proposals)).given({}).points)
        for proposals in (wide, [replace(each, untold=True) for each in wide])
    )
    right = np.arange(120) % 4 > 0
    assert np.median(untold[right]) < 0.5 * np.median(told[right])


def test_frames_without_a_proposal_are_bridged() -> None:
    off = _off() * 0.2
    clip = _clip(off)
    proposals = [None if 10 <= t < 14 else each for t, each in enumerate(clip.proposals)]
    found = smoothed(Clip(3, proposals, clip.flows), RULE).given({})
    assert _errors(found.points).max() < 2.0


def test_a_click_moves_the_same_landmark_in_other_frames() -> None:
    off = np.tile([6.0, 0.0], (FRAMES, 3, 1))
    clip = smoothed(_clip(off), RULE)
    before = _errors(clip.given({}).points)
    click = Evidence.click(1, _truth(15)[1], 0.3)
    after = _errors(clip.given({15: [click]}).points)
    assert (after[:, 1] < 0.5 * before[:, 1]).all()


def test_one_label_is_carried_through_frames_of_which_nothing_else_is_known() -> None:
    truth = _truth(4)
    label = [Evidence.click(j, truth[j], 0.3) for j in range(3)]
    clip = Clip(3, [None] * 12, [_flow()] * 11, {4: label})
    found = smoothed(clip).given({})
    assert _errors(found.points).max() < 1.0
    own = np.sqrt(np.trace(found.covariances, axis1=2, axis2=3))
    assert (own[11] > 2 * own[4]).all()


def test_flow_that_follows_something_else_loses_its_weight() -> None:
    """One landmark's flow goes astray for a few frames, as if a hand passed before it."""
    astray = np.full((30, 30, 2), STEP, dtype=np.float16)
    astray[:10, 11:] += 7.0
    other = FlowField(np.zeros(2), 10.0, astray, -astray)
    clip = _clip(_off() * 0.3)
    flows = [other if t in (11, 12, 13) else each for t, each in enumerate(clip.flows)]
    found = smoothed(Clip(3, clip.proposals, flows), RULE).given({})
    assert _errors(found.points).max() < 4.0


def test_an_object_that_is_out_of_sight_goes_on_as_it_went() -> None:
    clip = _clip(_off() * 0.1)
    proposals = [None if t >= 24 else each for t, each in enumerate(clip.proposals)]
    flows = [None if t >= 23 else each for t, each in enumerate(clip.flows)]
    errors = _errors(smoothed(Clip(3, proposals, flows), RULE).given({}).points)
    assert errors[-1].max() < 0.4 * 6 * np.linalg.norm(STEP)


def test_what_hides_a_landmark_does_not_take_it_along() -> None:
    """Something passes: flow goes with it, and so do proposals, which say that they do not see."""
    astray = np.full((30, 30, 2), STEP, dtype=np.float16)
    astray[:, 11:] += 4.0
    other = FlowField(np.zeros(2), 10.0, astray, -astray)
    off = _off() * 0.3
    passing = range(8, 16)
    for t in passing:
        off[t, 1] += 4.0 * (t - 7)
    clip = _clip(off)
    flows = [other if t in passing else each for t, each in enumerate(clip.flows)]
    said = np.array([0.0, 0.95, 0.0])
    proposals = [
        replace(each, hidden=said) if each and t in passing else each
        for t, each in enumerate(clip.proposals)
    ]
    blind = _errors(smoothed(replace(clip, flows=flows), RULE).given({}).points)
    seeing = _errors(smoothed(Clip(3, proposals, flows), RULE).given({}).points)
    assert seeing[passing, 1].mean() < 0.6 * blind[passing, 1].mean()


def test_what_one_frame_proposes_is_as_sure_as_the_clip() -> None:
    clip = smoothed(_clip(_off()), RULE)
    click = Evidence.click(1, _truth(15)[1], 0.3)
    whole = clip.given({15: [click]})
    own = clip.proposal(20, {15: [click]}).given([])
    assert own.points == pytest.approx(whole.points[20])
    assert own.covariances == pytest.approx(whole.covariances[20])


def test_a_frame_keeps_what_its_own_proposal_says_of_hidden_landmarks() -> None:
    clip = _clip(_off())
    said = np.array([0.1, 0.9, 0.2])
    proposals = [
        replace(each, hidden=said) if t == 7 else each
        for t, each in enumerate(clip.proposals)
        if each
    ]
    found = smoothed(replace(clip, proposals=proposals), RULE)
    click = {15: [Evidence.click(1, _truth(15)[1], 0.3)]}
    assert found.proposal(7, click).hidden is said
    assert found.proposal(8, click).hidden is None


def test_a_frame_that_shows_nothing_known_is_as_much_wider_than_the_known_shape_as_it_is() -> None:
    clip = _clip(_off())
    own = clip.proposals[20]
    assert own is not None
    wide = ShapeMixture(np.zeros(1), own.mixture.mean[None], 900 * own.mixture.residual)
    proposals = list(clip.proposals)
    proposals[20] = replace(own, mixture=wide, novelty=900.0, widened=900.0)

    found = smoothed(replace(clip, proposals=proposals), RULE)

    unfamiliar = found.proposal(20, {})
    known = np.trace(own.mixture.residual)
    assert unfamiliar.widened == pytest.approx(
        max(np.trace(unfamiliar.mixture.residual) / known, 1.0)
    )
    assert found.proposal(19, {}).widened == 1.0
    assert found.proposal(21, {}).widened == 1.0
