"""Frames in which an object is lost: what is proposed there leaps while flow does not."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import Clip, FlowField, SmoothedClip, smoothed
from landmark_annotator.backends.tracking.beliefs import Believed
from landmark_annotator.backends.tracking.lost_frames import astray, lost_frames
from landmark_annotator.projects.vocabulary import Box, Evidence
from landmark_annotator.projects.vocabulary.arrays import Floats

FRAMES, SIDE = 24, 60.0
SHAPE = np.array([[0.0, -0.4], [0.15, -0.2], [-0.15, -0.2], [0.0, 0.4]])
"""Snout, ears and tail."""
TRUTH = SHAPE * SIDE + 120
RESTING = np.zeros(2)
GONE = range(14, FRAMES)


def _proposed(points: Floats) -> Proposal:
    box = Box(120, 120, SIDE, SIDE)
    mixture = ShapeMixture(np.zeros(1), box.to_frame(points)[None], np.eye(8) * 0.03**2)
    return Proposal(box, mixture, "made up")


def _seen(frame: int) -> Floats:
    return TRUTH + np.random.default_rng(frame).normal(0, 1.5, TRUTH.shape)


def _elsewhere(frame: int) -> Floats:
    """Somewhere in the box, as sure as ever."""
    return _seen(frame) + np.random.default_rng((frame, 1)).uniform(-25, 25, 2)


def _flow(torn: float = 0.0, step: Floats = RESTING) -> FlowField:
    """All goes by one step. torn: pixels by which the way back does not lead home."""
    there = np.zeros((30, 30, 2), dtype=np.float16) + step.astype(np.float16)
    return FlowField(np.zeros(2), 10.0, there, np.float16(torn) - there)


def _broken(at: int, frames: int = FRAMES) -> list[FlowField | None]:
    """Flow that rests, and leads to something else in one step; else to the like of it."""
    alike = np.random.default_rng(3).uniform(0.85, 0.98, frames - 1)
    alike[at] = 0.02
    return [replace(_flow(), alike=float(each)) for each in alike]


def _clip(points: list[Floats], flow: FlowField | None = None) -> Clip:
    label = [Evidence.click(j, TRUTH[j], 0.3) for j in range(4)]
    flows = [flow or _flow()] * (len(points) - 1)
    return Clip(4, [_proposed(each) for each in points], flows, {0: label})


def _lost(clip: Clip) -> Floats:
    found = [None if each is None else Believed.of(each) for each in clip.proposals]
    return lost_frames(found, clip.flows, clip.labels, np.ones((len(found), 4)))


def _gone() -> Clip:
    return _clip(_gone_points())


def _gone_points() -> list[Floats]:
    return [_elsewhere(t) if t in GONE else _seen(t) for t in range(FRAMES)]


def _deviations(clip: SmoothedClip) -> Floats:
    """(T,) pixels."""
    return np.sqrt(np.trace(clip.given({}).covariances, axis1=2, axis2=3) / 2).mean(axis=1)


def test_proposals_that_go_with_the_flow_are_of_the_object() -> None:
    assert _lost(_clip([_seen(t) for t in range(FRAMES)])).max() < 0.02


def test_proposals_that_leap_while_flow_rests_are_of_something_else() -> None:
    found = _lost(_gone())
    assert found[: GONE.start].max() < 0.1
    assert found[GONE.start :].min() > 0.85


def test_where_flow_is_unsure_an_object_may_have_left_its_box() -> None:
    resting = [_seen(t) for t in range(FRAMES)]
    before, torn = (_lost(_clip(resting[:2], flow))[1] for flow in (_flow(), _flow(60.0)))
    assert before < 0.02
    assert torn > 0.2


def test_where_people_have_labelled_it_an_object_is_not_lost() -> None:
    clip = _gone()
    labels = {**clip.labels, 20: clip.labels[0]}
    found = _lost(Clip(4, clip.proposals, clip.flows, labels))
    assert found[20] == 0.0


def test_who_has_accepted_that_it_is_not_in_the_image_has_not_said_where_it_is() -> None:
    """What is proposed there all the same is not taken for the object."""
    clip = _gone()
    without = smoothed(clip).given({})
    found = smoothed(replace(clip, labels={**clip.labels, 20: []})).given({})
    np.testing.assert_allclose(found.points, without.points)


def test_one_landmark_that_leaps_makes_no_lost_object() -> None:
    points = [_seen(t) for t in range(FRAMES)]
    for t in GONE:
        points[t][3] = _elsewhere(t)[3]
    assert _lost(_clip(points)).max() < 0.5


def test_a_lone_frame_and_frames_without_flow_are_not_lost() -> None:
    assert astray(_lost(_clip([_seen(0)]))).max() == 0.0
    clip = _clip([_seen(t) for t in range(4)])
    assert astray(_lost(Clip(4, clip.proposals, [None] * 3))).max() == 0.0


def test_a_track_that_is_lost_says_so() -> None:
    """An object that runs, and a floor from there on: before, one was as sure of the other."""
    steps = np.random.default_rng(3).normal(0, 8, (FRAMES, 2))
    gone = np.arange(FRAMES) >= GONE.start - 1
    steps[gone] = 0.0
    places = np.cumsum(steps, axis=0) - steps
    points = [each + place for each, place in zip(_gone_points(), places, strict=True)]
    flows = [_flow(step=step) for step in steps[:-1]]
    clip = _clip(points)
    found = _deviations(smoothed(Clip(4, clip.proposals, flows, clip.labels)))
    assert found[GONE.start - 2 :].tolist() == sorted(found[GONE.start - 2 :])
    assert found[-1] > 0.25 * SIDE
    assert found[: GONE.start - 1].max() < 0.05 * SIDE


def test_an_object_is_not_turned_round_for_two_frames() -> None:
    flipped = (10, 11)
    upside_down = 240 - TRUTH
    points = [upside_down if t in flipped else _seen(t) for t in range(FRAMES)]
    found = smoothed(_clip(points)).given({}).points
    for frame in flipped:
        assert found[frame] == pytest.approx(TRUTH, abs=6.0)


def test_labels_may_turn_it_round() -> None:
    flipped = range(10, FRAMES)
    upside_down = 240 - TRUTH
    clip = _clip([upside_down if t in flipped else _seen(t) for t in range(FRAMES)])
    said = [Evidence.click(j, upside_down[j], 0.3) for j in range(4)]
    labels = {**clip.labels, 10: said, 12: said}
    found = smoothed(Clip(4, clip.proposals, clip.flows, labels)).given({}).points
    for frame in flipped:
        assert found[frame] == pytest.approx(upside_down, abs=6.0)


def test_after_a_cut_what_rests_in_the_box_is_not_taken_for_the_object() -> None:
    """What is proposed there is the same in all frames, and goes with the flow."""
    clip = replace(_clip([_seen(t) for t in range(FRAMES)]), flows=_broken(11))
    found = _lost(clip)
    assert found[:12].max() < 0.05
    assert found[12:].min() > 0.7
    deviations = _deviations(smoothed(clip))
    assert deviations[:12].max() < 0.1 * SIDE
    assert deviations[13:].min() > SIDE


def _cut(moving: float = 0.0) -> Clip:
    """After a cut the box has gone on to something else, which is read as the object turned and
    smaller in every frame anew. moving: pixels by which it went before."""
    points = []
    for t in range(FRAMES):
        angle = np.random.default_rng((t, 2)).normal(0, 0.5)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        after = (_seen(t) - 120) @ turn * 0.8 + [150, 190]
        points.append(after if t >= 12 else _seen(t) + np.array([0, moving * (t - 11)]))
    flows = _broken(11)
    for t, flow in enumerate(flows[:11]):
        assert flow is not None
        flows[t] = replace(_flow(step=np.array([0, moving])), alike=flow.alike)
    label = [Evidence.click(j, TRUTH[j] + np.array([0, -11 * moving]), 0.3) for j in range(4)]
    return Clip(4, [_proposed(each) for each in points], flows, {0: label})


@pytest.mark.parametrize("moving", [0.0, 3.0])
def test_an_object_that_is_lost_keeps_the_shape_that_it_has(moving: float) -> None:
    """Before, landmarks lay anywhere: what was unsure of its place was so of each by itself, and
    what errs in frames that show it was taken to err a hundred times as much there."""
    found = smoothed(_cut(moving)).given({}).points[13:]
    apart = found - found.mean(axis=1, keepdims=True)
    sizes = np.sqrt((apart**2).sum(axis=(1, 2)) / ((TRUTH - TRUTH.mean(axis=0)) ** 2).sum())
    assert sizes.min() > 0.6
    assert sizes.max() < 1.1
    # Where it was seen last, or where its box is, or between the two.
    middles = found.mean(axis=1)
    assert (middles > [100, 100]).all()
    assert (middles < [170, 210]).all()


def test_a_cut_is_no_step_of_the_object() -> None:
    """The frames before it are as they were without it, and as sure."""
    clip = _cut()
    short = Clip(4, clip.proposals[:12], clip.flows[:11], clip.labels)
    alone, with_cut = smoothed(short), smoothed(clip)
    before = with_cut.given({}).points[:12]
    assert np.abs(before - alone.given({}).points).max() < 0.02 * SIDE
    assert _deviations(with_cut)[:12] == pytest.approx(_deviations(alone), rel=0.3)


def test_a_click_on_an_object_that_was_lost_brings_all_of_it_there() -> None:
    there = TRUTH + np.array([-90.0, 60.0])
    clip = smoothed(_cut())
    clicked = clip.given({16: [Evidence.click(0, there[0], 0.3)]}).points[[14, 16, 18]]
    assert np.linalg.norm(clicked - there, axis=2).max() < 0.7 * SIDE


def test_a_label_after_a_cut_says_where_it_is_from_there_on() -> None:
    clip = replace(_clip([_seen(t) for t in range(FRAMES)]), flows=_broken(11))
    found = _lost(replace(clip, labels={**clip.labels, 15: clip.labels[0]}))
    assert found[12:].max() < 0.05


def test_after_a_cut_what_looks_like_the_object_may_be_it() -> None:
    clip = replace(_clip([_seen(t) for t in range(FRAMES)]), flows=_broken(11))
    known = [None if p is None else replace(p, novelty=0.5) for p in clip.proposals]
    assert _lost(replace(clip, proposals=known))[12:].max() < _lost(clip)[12:].min() - 0.2


def test_flow_that_is_never_like_what_it_came_from_breaks_nowhere() -> None:
    """As of an object that turns and is blurred all the time."""
    alike = np.random.default_rng(4).uniform(-0.1, 0.3, FRAMES - 1)
    flows = [replace(_flow(), alike=float(each)) for each in alike]
    found = _lost(replace(_clip([_seen(t) for t in range(FRAMES)]), flows=flows))
    assert found.max() < 0.5
