"""Which click of a clip is worth most, against trying every one of them."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.proposal import CLICK_DEVIATION
from landmark_annotator.backends.tracking import (
    Clip,
    FlowField,
    Persistence,
    SmoothedClip,
    smoothed,
)
from landmark_annotator.backends.tracking.clip_query import _worth, clip_query, expected_drops
from landmark_annotator.projects.vocabulary import Box, Evidence

FRAMES, LANDMARKS, SIDE = 6, 3, 80.0


def _clip(seed: int = 0, wide: int | None = None) -> SmoothedClip:
    random = np.random.default_rng(seed)
    shape = random.uniform(-0.5, 0.5, (LANDMARKS, 2))
    there = np.full((8, 8, 2), (1.0, 0.5), dtype=np.float16)
    flow = FlowField(np.zeros(2), 30.0, there, -there)
    proposals = []
    for t in range(FRAMES):
        root = random.normal(size=(2 * LANDMARKS, 2 * LANDMARKS))
        covariance = (root @ root.T + np.eye(2 * LANDMARKS)) * 0.02**2
        if t == wide:
            covariance *= 100
        mixture = ShapeMixture(np.zeros(1), shape[None], covariance)
        proposals.append(Proposal(Box(100 + t, 100, SIDE, SIDE), mixture, "made up"))
    clip = Clip(LANDMARKS, proposals, [flow] * (FRAMES - 1))
    return smoothed(clip, Persistence(0.99, 0.4), rounds=1)


def _click(clip: SmoothedClip, frame: int, landmark: int) -> dict[int, list[Evidence]]:
    place = clip.given({}).points[frame, landmark]
    return {frame: [Evidence.click(landmark, place, CLICK_DEVIATION * SIDE)]}


@pytest.mark.parametrize("clicked", [None, (4, 1)])
def test_what_every_click_is_worth_is_had_at_once(clicked: tuple[int, int] | None) -> None:
    clip = _clip()
    before = {} if clicked is None else _click(clip, *clicked)
    covariances = clip.given(before).covariances
    worth = _worth(covariances, np.full(FRAMES, SIDE))
    found = expected_drops(clip, before)
    for frame, landmark in ((0, 0), (2, 1), (5, 2)):
        after = clip.given({**_click(clip, frame, landmark), **before}).covariances
        fallen = np.trace(covariances - after, axis1=2, axis2=3)
        assert found[frame, landmark] == pytest.approx((worth * fallen).sum(), rel=0.02)


def test_a_frame_that_nobody_is_sure_of_is_asked_for() -> None:
    query = clip_query(_clip(wide=3), {})
    assert query is not None
    assert query.frame == 3


def test_a_frame_that_was_seen_to_be_right_is_not_asked_for() -> None:
    query = clip_query(_clip(wide=3), {}, closed=[3])
    assert query is not None
    assert query.frame != 3


def test_what_is_clicked_is_not_asked_for_again() -> None:
    clip = _clip(wide=3)
    first = clip_query(clip, {})
    assert first is not None
    second = clip_query(clip, _click(clip, first.frame, first.landmark))
    assert second is not None
    assert (second.frame, second.landmark) != (first.frame, first.landmark)


def test_staying_in_the_frame_is_cheaper_than_going_to_one_that_is_hardly_worth_more() -> None:
    clip = _clip()
    best = clip_query(clip, {})
    assert best is not None
    other = (best.frame + 1) % FRAMES
    query = clip_query(clip, {}, shown=other)
    assert query is not None
    assert query.frame == other


def test_nothing_is_asked_for_where_all_is_clicked() -> None:
    clip = _clip()
    points = clip.given({}).points
    clicks = {
        t: [Evidence.click(j, points[t, j], 0.3) for j in range(LANDMARKS)] for t in range(FRAMES)
    }
    assert clip_query(clip, clicks) is None
