"""Clicks in a made-up clip until enough of it is right."""

from dataclasses import replace

import numpy as np
import pytest
from typing_extensions import override

from landmark_annotator.annotator.session.simulation.simulated_clip import (
    Clicks,
    InTime,
    Learning,
    Stills,
    Wanted,
    clicks_needed,
)
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import Clip, FlowField
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats

FRAMES, SIDE = 12, 60.0
SHAPE = np.array([[-0.4, -0.3], [0.4, -0.2], [0.0, 0.4]])
STEP = (2.0, 1.0)
LENGTHS = np.full(FRAMES, SIDE)
NEAR = Wanted(lambda errors: np.nanmean(errors, axis=1) <= 0.05)
POINTWISE = Wanted(lambda errors: errors <= 0.06)


def _truth() -> Floats:
    moved = np.arange(FRAMES)[:, None, None] * np.array(STEP)
    return SHAPE * SIDE + [100.0, 90.0] + moved


def _proposals(off: float = 8.0) -> list[Proposal]:
    """All wrong by as much to the right, as a model is that has never seen such an object."""
    mean = SHAPE + np.array([off / SIDE, 0.0])
    mixture = ShapeMixture(np.zeros(1), mean[None], np.eye(6) * 0.1**2)
    return [
        Proposal(Box(100 + STEP[0] * t, 90 + STEP[1] * t, SIDE, SIDE), mixture, "made up")
        for t in range(FRAMES)
    ]


def _clip() -> Clip:
    there = np.full((20, 20, 2), STEP, dtype=np.float16)
    flows = [FlowField(np.zeros(2), 15.0, there, -there)] * (FRAMES - 1)
    return Clip(3, _proposals(), flows)


def _clicks(belief: InTime | Stills, wanted: Wanted = NEAR, **how: bool) -> int:
    return clicks_needed(belief, _truth(), LENGTHS, wanted, most=100, **how)[0]


def test_in_time_one_frame_mends_the_others() -> None:
    assert 0 < _clicks(InTime(_clip())) <= 6
    assert _clicks(Stills(_proposals())) >= FRAMES


def test_what_is_learned_from_clicks_spares_others() -> None:
    """After three clicks a model comes that is right in all frames; clicks stay where they are."""
    clip = _clip()
    taught = replace(clip, proposals=_proposals(off=0.0))
    told: list[int] = []

    def learned(clicks: Clicks, points: Floats) -> Clip | None:
        count = sum(map(len, clicks.values()))
        if count < 3 or told:
            return None
        told.append(count)
        return taught

    lone = replace(clip, flows=[None] * (FRAMES - 1), moves=False)
    assert _clicks(Learning(lone, learned)) == 3
    assert _clicks(Learning(lone, lambda clicks, points: None)) == _clicks(InTime(lone)) > 3


@pytest.mark.parametrize(("whole", "frames"), [(True, {0: 2, 1: 1}), (False, {0: 1, 1: 1})])
def test_who_stays_makes_a_frame_right_before_the_next_one(
    whole: bool, frames: dict[int, int]
) -> None:
    """Two landmarks are wrong in each of two frames."""
    apart = np.array([[0.0, 0.0], [0.3, 0.0], [0.3, 0.0]])
    mixture = ShapeMixture(np.zeros(1), (SHAPE + apart)[None], np.eye(6) * 0.1**2)
    alone = [replace(each, mixture=mixture) for each in _proposals()[:2]]
    seen: list[dict[int, int]] = []

    class Watched(Stills):
        @override
        def points(self, clicks: Clicks) -> Floats:
            seen.append({t: len(pieces) for t, pieces in clicks.items()})
            return super().points(clicks)

    two = slice(2)
    clicks_needed(
        Watched(alone), _truth()[two], LENGTHS[two], POINTWISE, most=4, whole_frames=lambda: whole
    )
    assert next(each for each in seen if len(each) == 2) == frames


@pytest.mark.parametrize("filtered", [False, True])
def test_what_is_right_needs_no_click(filtered: bool) -> None:
    assert _clicks(Stills(_proposals(off=0.0)), NEAR) == 0
    assert _clicks(Stills(_proposals(off=1.0), filtered), POINTWISE) == 0


def test_the_tool_can_ask() -> None:
    assert 0 < _clicks(InTime(_clip()), by_query=True) <= 12


def test_a_person_passes_by_frames_that_are_right_whatever_is_asked() -> None:
    errors = np.full((3, 2), 0.01)
    errors[1, 1] = 0.5
    assert POINTWISE.closed(errors) == [0, 2]
    assert NEAR.closed(errors) == [0, 2]
    errors[1, 1] = np.nan
    assert POINTWISE.closed(errors) == [0, 1, 2]


def test_landmarks_that_nobody_knows_are_not_counted() -> None:
    truth = _truth()
    truth[:, 2] = np.nan
    done, errors = clicks_needed(Stills(_proposals()), truth, LENGTHS, POINTWISE, most=100)
    assert done <= 2 * FRAMES
    assert np.isnan(errors[:, 2]).all()


def test_more_than_the_most_is_told_as_one_more() -> None:
    belief = Stills(_proposals())
    assert clicks_needed(belief, _truth(), LENGTHS, NEAR, most=3)[0] == 4
