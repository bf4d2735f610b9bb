"""Frames of a track that are worth a label next: as many as teach something of the others."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.annotator.session.tracking import suggested_frames as rule
from landmark_annotator.annotator.session.tracking.open_clip import ClipFrame, OpenClip
from landmark_annotator.annotator.session.tracking.suggested_frames import (
    next_suggested,
    suggested_frames,
)
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import Clip, TimeTrust, smoothed
from landmark_annotator.projects.vocabulary import Box, Evidence

FRAMES, SIDE = 41, 100.0
SHAPE = np.array([[-0.2, -0.2], [0.2, -0.2], [0.0, 0.2]])
BOX = Box(60.0, 60.0, SIDE, SIDE)


def clip_of(deviations: np.ndarray, trust: TimeTrust | None = None) -> OpenClip:
    """An object that keeps still, of which each frame is so unsure, in sides; the first one is
    accepted."""
    frames = [
        ClipFrame(
            n,
            n + 1,
            Proposal(BOX, ShapeMixture(np.zeros(1), SHAPE[None], deviation**2 * np.eye(6)), "x"),
        )
        for n, deviation in enumerate(deviations)
    ]
    label = [Evidence.click(j, point, 0.4) for j, point in enumerate(BOX.to_image(SHAPE))]
    flows = [None] * (len(frames) - 1)
    clip = Clip(3, [each.proposal for each in frames], flows, {0: label}, trust=trust)
    first = frozenset({0})
    return OpenClip(frames, smoothed(clip), {}, first, first)


@pytest.fixture
def still() -> OpenClip:
    return clip_of(np.full(FRAMES, 0.05))


def with_labels(clip: OpenClip, places: list[int]) -> OpenClip:
    for place in places:
        clip = rule._labelled(clip, clip.posterior(), place, 3)
        clip = replace(clip, closed=clip.closed | {place})
    return clip


def test_a_track_is_suggested_few_frames_for_each_says_much_of_its_neighbours(still) -> None:
    """Each second frame was, of a track of forty."""
    found = suggested_frames(still, still.posterior())
    assert 1 <= len(found) <= FRAMES // 4
    assert not still.closed & set(found)


def test_what_is_suggested_leaves_no_frame_much_less_sure_than_the_others(still) -> None:
    found = suggested_frames(still, still.posterior())
    after = with_labels(still, found)
    unsure = after.uncertainty(after.posterior())
    assert unsure.max() < 0.7 * still.uncertainty(still.posterior()).max()
    assert unsure.max() < 2 * unsure.mean()


def test_frames_in_which_the_object_is_lost_are_worth_a_label_for_their_own_sake() -> None:
    trust = TimeTrust(together=np.full(3, 50.0), alone=np.ones(3))
    deviations = np.full(FRAMES, 0.05)
    deviations[[11, 30]] = 0.3, 0.4
    clip = clip_of(deviations, trust)
    assert {11, 30} <= set(suggested_frames(clip, clip.posterior()))


def test_the_least_sure_frame_comes_first_and_no_other_one_beside_it(still, monkeypatch) -> None:
    monkeypatch.setattr(rule, "_MOST", 5)
    worst = int(np.argmax(still.uncertainty(still.posterior())))
    found = suggested_frames(still, still.posterior())
    assert worst in found
    assert (np.diff(found) > (FRAMES - 1) / 10).all()
    beside = replace(still, closed=still.closed | {worst - 1})
    again = suggested_frames(beside, beside.posterior())
    assert min(abs(np.array(again) - (worst - 1))) > (FRAMES - 1) / 10


def test_nobody_is_led_to_what_is_accepted_or_not_in_the_project(still) -> None:
    gone = [replace(f, instance=None) if f.frame > 20 else f for f in still.frames]
    clip = replace(still, frames=gone)
    assert max(suggested_frames(clip, clip.posterior())) <= 20
    closed = replace(still, closed=frozenset(range(FRAMES)))
    assert suggested_frames(closed, closed.posterior()) == []


def test_of_a_long_track_with_many_landmarks_few_are_asked() -> None:
    assert rule._landmarks_asked(41, 17) == 17
    assert 1 <= rule._landmarks_asked(1000, 68) < 6


def test_after_the_last_suggested_frame_it_is_the_first_again(still) -> None:
    assert next_suggested(still, [5, 20], 6) == 20
    assert next_suggested(still, [5, 20], 20) == 5
    assert next_suggested(still, [5], 5) is None
