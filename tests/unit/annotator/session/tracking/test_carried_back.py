"""An object that was lost between two frames that say where it is."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from landmark_annotator.annotator.session.tracking.carried_back import carry_back
from landmark_annotator.annotator.session.tracking.carried_objects import CarriedBox, SeenObject
from landmark_annotator.annotator.session.tracking.seen_frames import FrameToSee
from landmark_annotator.annotator.session.tracking.video_tracks import follow_video
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box
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
    there: float
    elsewhere: float

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        points = truth(0, self.frames[pixels.tobytes()])
        apart = points.mean(axis=0) - [box.centre_x, box.centre_y]
        seen = bool(np.linalg.norm(apart) < 8)
        points = points if seen else points - apart
        mixture = ShapeMixture(np.zeros(1), box.to_frame(points)[None], 1e-4 * np.eye(8))
        novelty = self.there if seen else self.elsewhere
        return Proposal(box, mixture, "sighted", novelty=novelty)


def lost(
    filmed: Project, there: float = 0.5, elsewhere: float = 0.8, objects: int = 1
) -> list[list[SeenObject]]:
    """The thing is in the first frame and in the last, and between them astray; carried back."""
    images = sorted(filmed.images(), key=lambda image: image.frame or 0)[: LAST + 1]
    pixels = [pixels_of(image) for image in images]
    model = _Sighted({p.tobytes(): t for t, p in enumerate(pixels)}, there, elsewhere)
    frames: list[list[SeenObject]] = []
    for frame, image in enumerate(images):
        box = Box.square_around(truth(0, frame), 1.2)
        key = SeenObject(frame, image.id, box, instance=frame)
        astray = Box.square_around(truth(0, 0) + np.array([ASTRAY, 0]), 1.2)
        carried = replace(key, box=astray, instance=None, carried=CarriedBox(1.0, np.zeros(2)))
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
