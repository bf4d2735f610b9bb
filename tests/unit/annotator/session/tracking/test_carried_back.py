"""An object that was lost between two frames that say where it is."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from landmark_annotator.annotator.session.tracking import carried_objects, video_tracks
from landmark_annotator.annotator.session.tracking.carried_back import carry_back
from landmark_annotator.annotator.session.tracking.carried_objects import CarriedBox, SeenObject
from landmark_annotator.annotator.session.tracking.seen_frames import FrameToSee
from landmark_annotator.annotator.session.tracking.video_tracks import follow_video
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.tracking import flow_between
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Provenance, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels
from tests.unit.annotator.session.tracking.conftest import (
    FRAMES,
    blind_proposer,
    label_both,
    truth,
)

LAST = 6
ASTRAY = 90.0
"""Pixels to the right of where the thing was at first: there it was carried ahead to."""


@dataclass(frozen=True)
class _Sighted:
    """Sees the upper thing in the middle of a box, and its shape anywhere else. frames: by their
    pixels. there, elsewhere: how novel either looks."""

    frames: dict[bytes, int]
    there: float | None
    elsewhere: float | None

    @classmethod
    def of(
        cls, project: Project, there: float | None = 0.5, elsewhere: float | None = 0.8
    ) -> "_Sighted":
        frames = {pixels_of(image).tobytes(): image.frame or 0 for image in project.images()}
        return cls(frames, there, elsewhere)

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        points = truth(0, self.frames[pixels.tobytes()])
        apart = points.mean(axis=0) - [box.centre_x, box.centre_y]
        seen = bool(np.linalg.norm(apart) < 8)
        points = points if seen else points - apart
        mixture = ShapeMixture(np.zeros(1), box.to_frame(points)[None], 1e-4 * np.eye(8))
        novelty = self.there if seen else self.elsewhere
        return Proposal(box, mixture, "sighted", novelty=novelty)


def lost(
    filmed: Project,
    there: float | None = 0.5,
    elsewhere: float | None = 0.8,
    objects: int = 1,
    variance: float = 1.0,
) -> list[list[SeenObject]]:
    """The thing is in the first frame and in the last, and between them astray; carried back.
    variance: of where it was carried ahead to."""
    images = sorted(filmed.images(), key=lambda image: image.frame or 0)[: LAST + 1]
    pixels = [pixels_of(image) for image in images]
    model = _Sighted.of(filmed, there, elsewhere)
    frames: list[list[SeenObject]] = []
    for frame, image in enumerate(images):
        box = Box.square_around(truth(0, frame), 1.2)
        key = SeenObject(frame, image.id, box, instance=frame)
        astray = Box.square_around(truth(0, 0) + np.array([ASTRAY, 0]), 1.2)
        lies = CarriedBox(variance, np.zeros(2))
        carried = replace(key, box=astray, instance=None, carried=lies)
        found = [key] if frame in (0, LAST) else [replace(carried) for _ in range(objects)]
        for each in found:
            each.proposal = model.propose(pixels[frame], each.box)
            if 0 < frame < LAST:
                each.before = frames[-1][0]
        frames.append(found)
    proposer = replace(blind_proposer(filmed), model=model)
    carry_back([FrameToSee(image, []) for image in images], frames, proposer, SILENT)
    return frames


def test_it_is_where_the_later_frame_says(filmed: Project) -> None:
    for frame, (seen,) in enumerate(lost(filmed)):
        assert seen.proposal is not None
        assert seen.proposal.given([]).points == pytest.approx(truth(0, frame), abs=1.5)


def test_it_is_one_object_from_the_first_frame_to_the_last(filmed: Project) -> None:
    frames = lost(filmed)
    for (before,), (seen,) in pairwise(frames):
        assert seen.before is before
        assert seen.flow is not None


def test_what_looks_more_familiar_where_it_was_carried_ahead_to_stays_there(
    filmed: Project,
) -> None:
    frames = lost(filmed, there=0.8, elsewhere=0.5)
    assert all(seen.box.centre_x > 120 for (seen,) in frames[1:LAST])


def test_where_a_model_does_not_know_what_it_sees_the_surer_of_both_ways_says(
    filmed: Project,
) -> None:
    """As the prior that looks at no image."""
    frames = lost(filmed, there=None, elsewhere=None, variance=100.0)
    for frame, (seen,) in enumerate(frames):
        assert seen.proposal is not None
        assert seen.proposal.given([]).points == pytest.approx(truth(0, frame), abs=1.5)
    frames = lost(filmed, there=None, elsewhere=None, variance=0.0)
    assert all(seen.box.centre_x > 120 for (seen,) in frames[1:LAST])


def test_nothing_is_taken_for_it_where_two_objects_were_left(filmed: Project) -> None:
    frames = lost(filmed, objects=2)
    assert all(each.box.centre_x > 120 for seen in frames[1:LAST] for each in seen)
    assert frames[LAST][0].before is None


@pytest.mark.parametrize("labelled", [3, FRAMES - 1])
def test_what_is_labelled_later_is_in_the_frames_before_it_too(
    unlabelled: Project, labelled: int
) -> None:
    label_both(unlabelled, labelled)
    done, _ = follow_video(unlabelled, unlabelled.videos()[0], SILENT, who="ann")
    assert done.tracks == {"1": FRAMES, "2": FRAMES}
    first = next(image for image in unlabelled.images() if image.frame == 0)
    ids = [each.id for each in unlabelled.instances_of(first.id)]
    found = sorted((unlabelled.proposal(each).points for each in ids), key=lambda p: p[0, 0])
    for thing, points in enumerate(found):
        assert points == pytest.approx(truth(thing, 0), abs=3)


@pytest.fixture
def left_behind(unlabelled: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The upper thing was labelled in the first frame; boxes stayed there in all others."""
    model = _Sighted.of(unlabelled)
    shape = Shape(truth(0, 0)).with_provenance(Provenance.CLICKED)
    unlabelled.fill_instance(instance_in(unlabelled, 0), drawn(0), shape, who="ann")
    found = replace(blind_proposer(unlabelled), model=model)
    monkeypatch.setattr(video_tracks, "best_proposer", lambda _: found)
    with monkeypatch.context() as patch:
        patch.setattr(
            carried_objects,
            "flow_or_leap",
            lambda one, _, boxes, going: flow_between(one, one, boxes),
        )
        follow_video(unlabelled, unlabelled.videos()[0], SILENT, who="ann")
    return unlabelled


def drawn(frame: int) -> Box:
    return Box.square_around(truth(0, frame), 1.2)


def instance_in(project: Project, frame: int) -> int:
    """The id of the only one."""
    image = next(image for image in project.images() if image.frame == frame)
    (instance,) = project.instances_of(image.id)
    return instance.id


def boxes(project: Project) -> list[Box | None]:
    return [project.instance(instance_in(project, frame)).box for frame in range(FRAMES)]


def test_where_a_box_was_drawn_since_those_that_had_stayed_behind_follow(
    left_behind: Project,
) -> None:
    last = FRAMES - 1
    left_behind.set_box(instance_in(left_behind, last), drawn(last), who="ann")
    done, _ = follow_video(left_behind, left_behind.videos()[0], SILENT, who="ann")
    assert (done.added, done.tracks) == (0, {"1": FRAMES})
    for frame, box in list(enumerate(boxes(left_behind)))[FRAMES // 2 :]:
        assert box is not None
        middle = truth(0, frame).mean(axis=0)
        assert [box.centre_x, box.centre_y] == pytest.approx(middle.tolist(), abs=3)


def test_boxes_that_followed_are_back_after_an_undo(left_behind: Project) -> None:
    last = FRAMES - 1
    left_behind.set_box(instance_in(left_behind, last), drawn(last), who="ann")
    before = boxes(left_behind)
    done, _ = follow_video(left_behind, left_behind.videos()[0], SILENT, who="ann")
    assert done.moved > 0
    left_behind.undo("ann")
    assert boxes(left_behind) == before


def test_nothing_moves_where_nothing_was_drawn_since(left_behind: Project) -> None:
    done, _ = follow_video(left_behind, left_behind.videos()[0], SILENT, who="ann")
    assert (done.added, done.moved) == (0, 0)
