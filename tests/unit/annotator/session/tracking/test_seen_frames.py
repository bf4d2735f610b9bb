"""What is carried from frame to frame where flow alone would lose it."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from landmark_annotator.annotator.session.tracking import carried_objects
from landmark_annotator.annotator.session.tracking.carried_objects import SeenObject
from landmark_annotator.annotator.session.tracking.seen_frames import (
    FrameToSee,
    Looks,
    look_through,
)
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from tests.unit.annotator.session.tracking.conftest import FRAMES, blind_proposer, truth

_SIGHT = 4.5
"""Pixels from the middle of a box: the thing goes further than that from frame to frame."""


@dataclass
class _ShortSighted:
    """Sees the upper thing in the middle of a box; elsewhere it takes things upside down,
    is sure of it, and that is less familiar."""

    frame: int = 0
    elsewhere: float = 0.8
    """Novelty of all else."""

    def propose(self, _: Pixels, box: Box) -> Proposal:
        points = truth(0, self.frame)
        apart = points.mean(axis=0) - [box.centre_x, box.centre_y]
        seen = bool(np.linalg.norm(apart) < _SIGHT)
        if not seen:
            points = points[::-1] - apart
        mixture = ShapeMixture(np.zeros(1), box.to_frame(points)[None], 1e-4 * np.eye(8))
        return Proposal(box, mixture, "sighted", novelty=0.5 if seen else self.elsewhere)


@dataclass(frozen=True)
class _Standing:
    """Flow that sees nothing move, and is unsure of it by 4 pixels."""

    def carried(self, points: Floats) -> tuple[Floats, Floats]:
        return np.zeros_like(points), np.full(len(points), 16.0)


def test_what_flow_leaves_behind_is_looked_for_as_far_as_flow_is_unsure(
    filmed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carried_objects, "flow_or_leap", lambda *_: _Standing())
    model = _ShortSighted()
    images = sorted(filmed.images(), key=lambda image: image.frame or 0)
    first = SeenObject(0, images[0].id, Box.square_around(truth(0, 0), 1.2))
    frames = [FrameToSee(image, [first] if image is images[0] else []) for image in images]
    looked = look_through(frames, Looks(replace(blind_proposer(filmed), model=model)))
    for model.frame in range(FRAMES):
        (seen,) = next(looked)
        assert seen.proposal is not None
        assert seen.proposal.given([]).points == pytest.approx(truth(0, model.frame), abs=1.0)
        assert (seen.before is None) == (model.frame == 0)


def test_nothing_is_looked_for_where_another_object_is(
    filmed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carried_objects, "flow_or_leap", lambda *_: _Standing())
    model = _ShortSighted(elsewhere=1.5)
    image, after = sorted(filmed.images(), key=lambda image: image.frame or 0)[:2]
    box = Box.square_around(truth(0, 0), 1.2)
    seen = [SeenObject(i, image.id, box.shifted(9.0 * i, 0.0)) for i in range(2)]
    looked = look_through(
        [FrameToSee(image, seen), FrameToSee(after, [])],
        Looks(replace(blind_proposer(filmed), model=model)),
    )
    next(looked)
    one, other = next(looked)
    assert one.box.overlap(other.box) < 0.8


def test_an_object_that_goes_by_its_own_width_from_frame_to_frame_is_carried(
    filmed: Project,
) -> None:
    """As in a film of few frames a second; what proposes looks at no image."""
    images = sorted(filmed.images(), key=lambda image: image.frame or 0)
    first = SeenObject(0, images[0].id, Box.square_around(truth(0, 0), 1.2))
    frames = [FrameToSee(images[0], [first]), FrameToSee(images[FRAMES - 1], [])]
    *_, (seen,) = look_through(frames, Looks(blind_proposer(filmed)))
    middle = truth(0, FRAMES - 1).mean(axis=0)
    assert [seen.box.centre_x, seen.box.centre_y] == pytest.approx(middle, abs=3.0)
    assert seen.flow is not None
    assert seen.flow.alike is not None
    assert seen.flow.alike > 0.8


@dataclass
class _Crossing:
    """Two things in one place. They lie head to tail there, as long as they are two."""

    two: bool = True

    def propose(self, _: Pixels, box: Box) -> Proposal:
        points = truth(0, 0)
        if self.two and box.centre_x > points[:, 0].mean() + 0.5:
            points = points[::-1] + 1.0
        mixture = ShapeMixture(np.zeros(1), box.to_frame(points)[None], 1e-4 * np.eye(8))
        return Proposal(box, mixture, "crossing", novelty=0.5)


def _crossing(filmed: Project, model: _Crossing) -> list[SeenObject]:
    """In a frame after one with both."""
    image, after = sorted(filmed.images(), key=lambda image: image.frame or 0)[:2]
    box = Box.square_around(truth(0, 0), 1.2)
    seen = [SeenObject(0, image.id, box.shifted(2.0 * i, 0.0), track=i + 1) for i in range(2)]
    frames = [FrameToSee(image, seen), FrameToSee(after, [])]
    looked = look_through(frames, Looks(replace(blind_proposer(filmed), model=model)))
    next(looked)
    return next(looked)


def test_what_crosses_has_one_box_and_two_shapes(
    filmed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One was left out, whose place the other one took from then on."""
    monkeypatch.setattr(carried_objects, "flow_or_leap", lambda *_: _Standing())
    found = _crossing(filmed, _Crossing())
    assert [each.track for each in found] == [1, 2]
    assert found[0].box.overlap(found[1].box) > 0.8


def test_one_shape_is_of_one_object(filmed: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carried_objects, "flow_or_leap", lambda *_: _Standing())
    assert len(_crossing(filmed, _Crossing(two=False))) == 1


@dataclass
class _Dragging:
    """Flow by these steps, one after the other."""

    step: Floats

    def carried(self, points: Floats) -> tuple[Floats, Floats]:
        return np.tile(self.step, (len(points), 1)), np.ones(len(points))


def test_where_another_one_passes_it_goes_on_as_it_did(
    filmed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flow said how the other one went, which took it along."""
    flow, model = _Dragging(np.array([5.0, 1.0])), _ShortSighted()
    monkeypatch.setattr(carried_objects, "flow_or_leap", lambda *_: flow)
    images = sorted(filmed.images(), key=lambda image: image.frame or 0)[:5]
    box = Box.square_around(truth(0, 0), 1.2)
    seen = [SeenObject(0, images[0].id, box.shifted(30.0 * i, 0.0), track=i) for i in (0, 1)]
    frames = [FrameToSee(image, seen if image is images[0] else []) for image in images]
    looked = look_through(frames, Looks(replace(blind_proposer(filmed), model=model)))
    for model.frame in range(5):
        flow.step = np.array([-9.0, 0.0] if model.frame == 4 else [5.0, 1.0])
        found = next(looked)
    own = next(each for each in found if each.track == 0)
    assert own.proposal is not None
    assert own.proposal.given([]).points == pytest.approx(truth(0, 4), abs=1.0)
