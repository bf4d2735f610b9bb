"""A click in one frame of an opened clip."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.annotator.session.tracking.carried_objects import SeenObject
from landmark_annotator.annotator.session.tracking.open_clip import ClipFrame, OpenClip, labels_of
from landmark_annotator.annotator.session.tracking.seen_frames import (
    FrameToSee,
    Looks,
    look_through,
)
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Evidence, Shape
from tests.statements import statements_asked
from tests.unit.annotator.session.tracking.conftest import FRAMES, blind_proposer, truth


@pytest.fixture
def clip(filmed: Project) -> OpenClip:
    """Of the first thing."""
    images = filmed.images()
    record = filmed.instances()[0]
    assert record.box is not None
    own = SeenObject(0, images[0].id, record.box, record.id)
    frames = [FrameToSee(image, [own] if n == 0 else []) for n, image in enumerate(images)]
    seen = [objects[0] for objects in look_through(frames, Looks(blind_proposer(filmed)))]
    flows = [each.flow for each in seen[1:]] + [None]
    return OpenClip.of(
        [ClipFrame(s.frame, s.instance, s.proposal, f) for s, f in zip(seen, flows, strict=True)],
        labels_of(filmed, [record.id]),
        4,
    )


def test_the_label_of_one_frame_is_carried_into_all(clip: OpenClip) -> None:
    points = clip.posterior().points
    expected = np.stack([truth(0, t) for t in range(FRAMES)])
    assert points == pytest.approx(expected, abs=2.0)


def test_a_click_reaches_the_next_frames_and_the_frame_itself_as_on_a_still(
    clip: OpenClip,
) -> None:
    before = clip.posterior().points
    click = Evidence.click(2, before[5, 2] + [6.0, 0.0], 0.2)
    after = clip.with_clicks(5, [click])
    moved = after.posterior().points - before
    assert moved[5, 2, 0] == pytest.approx(6.0, abs=0.5)
    assert 0.5 < moved[6, 2, 0] < 6.0
    own = after.proposal(5).given([click]).points
    assert own[[0, 1, 3]] == pytest.approx(after.posterior().points[5, [0, 1, 3]], abs=1e-3)


def test_a_click_leaves_what_is_proposed_of_its_own_frame_and_of_no_other_one(
    clip: OpenClip,
) -> None:
    after = clip.with_clicks(5, [Evidence.click(2, np.array([90.0, 60.0]), 0.2)])
    assert after.proposes_as(clip, 5)
    assert not after.proposes_as(clip, 6)
    assert not replace(clip, smoothed=replace(clip.smoothed)).proposes_as(clip, 5)


def test_a_click_that_is_taken_back_leaves_no_trace(clip: OpenClip) -> None:
    click = Evidence.click(2, np.array([90.0, 60.0]), 0.2)
    again = clip.with_clicks(5, [click]).with_clicks(5, [])
    assert again.posterior().points == pytest.approx(clip.posterior().points)


def test_the_query_is_about_a_frame_that_nobody_has_labelled(clip: OpenClip) -> None:
    query = clip.query()
    assert query is not None
    assert query.frame != 0


def test_a_clip_is_entered_at_an_instance(clip: OpenClip) -> None:
    instance = clip.frames[0].instance
    assert instance is not None
    assert clip.place_of(instance) == 0
    assert clip.place_of(-1) is None


def test_labels_of_many_are_asked_for_at_once(filmed: Project) -> None:
    image, box = filmed.images()[1], Box(30, 30, 40, 30)
    many = [
        filmed.add_instance(image.id, box, shape=Shape(truth(0, 1)), who="ann").id for _ in range(9)
    ]
    with statements_asked() as of_one:
        labels_of(filmed, many[:1])
    with statements_asked() as of_all:
        found = labels_of(filmed, many, but_for=many[:1])
    assert sorted(found) == many[1:]
    assert len(of_all) == len(of_one)
