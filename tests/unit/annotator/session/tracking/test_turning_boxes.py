"""A box that says how its object lies turns with it; an upright one says nothing, and stays."""

import math
import warnings
from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.tracking.carried_objects import (
    SeenObject,
    Step,
    _as_one,
    carried_from,
    seen_at,
)
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

SIDE = 200
MIDDLE = np.array([100.0, 96.0])
SHAPE = np.array([[30.0, 0.0], [-30.0, 0.0], [0.0, 14.0], [0.0, -14.0]])
TURN = math.radians(12)
SIGHT = math.radians(40)


def _truth(turn: float) -> Floats:
    cos, sin = math.cos(turn), math.sin(turn)
    return MIDDLE + SHAPE @ np.array([[cos, -sin], [sin, cos]]).T


def _drawn(turn: float) -> Pixels:
    """A textured thing that is turned before a background that rests."""
    random = np.random.default_rng(3)
    thing, ground = (
        cv2.GaussianBlur(random.uniform(0, 255, (SIDE, SIDE)).astype(np.float32), (0, 0), 2.5)
        for _ in range(2)
    )
    matrix = cv2.getRotationMatrix2D(MIDDLE.tolist(), -math.degrees(turn), 1.0)
    mask = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(mask, MIDDLE.astype(int).tolist(), (42, 24), 0, 0, 360, 1.0, -1)
    thing, mask = (cv2.warpAffine(each, matrix, (SIDE, SIDE)) for each in (thing, mask))
    pixels = np.clip(mask * thing + (1 - mask) * (ground / 4 + 60), 0, 255).astype(np.uint8)
    return np.repeat(pixels[..., None], 3, axis=2)


@dataclass
class _AlongTheBox:
    """Sees a thing that hardly leans in its box; any other it takes to lie as the box does."""

    turn: float = 0.0

    def propose(self, _: Pixels, box: Box) -> Proposal:
        leans = math.remainder(self.turn - box.angle, math.tau)
        points = _truth(self.turn if abs(leans) < SIGHT else box.angle)
        mixture = ShapeMixture(np.zeros(1), box.to_frame(points)[None], 2e-3 * np.eye(8))
        return Proposal(box, mixture, "along the box")


def _first(model: _AlongTheBox, angle: float) -> SeenObject:
    box = Box(*MIDDLE.tolist(), 84, 84, angle)
    return SeenObject(0, 0, box, proposal=model.propose(_drawn(0.0), box))


def _next(seen: SeenObject, model: _AlongTheBox, turn: float) -> SeenObject:
    step = Step(_drawn(model.turn), _drawn(turn))
    model.turn = turn
    carried = carried_from(SeenObject(seen.frame + 1, seen.frame + 1, seen.box), seen, step)
    assert carried is not None
    return seen_at(carried, Proposer("", model=model), step.pixels)


@pytest.mark.parametrize("way", [1, -1])
def test_a_box_goes_round_with_its_object(way: int) -> None:
    model = _AlongTheBox()
    seen = _first(model, 1e-6)
    for number in range(1, 34):  # more than once
        seen = _next(seen, model, way * number * TURN)
        assert abs(math.remainder(seen.box.angle - model.turn, math.tau)) < SIGHT / 2
        assert -math.pi <= seen.box.angle <= math.pi
        assert seen.proposal is not None
        assert seen.proposal.given([]).points == pytest.approx(_truth(model.turn), abs=1e-6)


def test_an_upright_box_stays_upright_where_nothing_says_how_its_object_lies() -> None:
    model = _AlongTheBox()
    seen = _first(model, 0.0)
    for number in range(1, 4):
        seen = _next(seen, model, number * TURN)
        assert seen.box.angle == 0.0


@dataclass
class _Found(_AlongTheBox):
    """Finds out how a thing lies in an upright box that lies as it was labelled, and else sees it
    along the box."""

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        seen = super().propose(pixels, box)
        if box.angle or abs(self.turn) > SIGHT:
            return seen
        along = Box(box.centre_x, box.centre_y, box.width, box.height, self.turn or 1e-6)
        mean = along.to_frame(_truth(self.turn))[None]
        return Proposal(along, ShapeMixture(np.zeros(1), mean, 2e-3 * np.eye(8)), "found")


def test_what_was_drawn_upright_is_looked_at_along_how_it_was_seen_to_lie() -> None:
    """Every frame was looked at as if it lay as in the labelled one."""
    model = _Found()
    seen = _first(model, 0.0)
    for number in range(1, 20):
        seen = _next(seen, model, number * TURN)
        assert seen.proposal is not None
        assert seen.proposal.given([]).points == pytest.approx(_truth(model.turn), abs=1e-6)
    along = seen.box
    seen.stand_upright()
    assert seen.box.angle == 0.0
    assert seen.looked == along


def test_a_box_that_was_turned_by_hand_stays_so() -> None:
    model = _AlongTheBox()
    seen = _next(_first(model, 0.2), model, TURN)
    angle = seen.box.angle
    seen.stand_upright()
    assert seen.box.angle == angle != 0.0


def test_a_box_goes_on_with_its_object_where_the_model_sees_little() -> None:
    """What is proposed lies somewhere else and is as unsure as can be: flow was asked there, where
    the ground rests, and the box was left behind."""

    class Blind:
        def propose(self, _: Pixels, box: Box) -> Proposal:
            far = _truth(0.0) + np.array([0.0, 48.0])
            mixture = ShapeMixture(np.zeros(1), box.to_frame(far)[None], 0.2 * np.eye(8))
            return Proposal(box, mixture, "blind")

    seen = _first(_AlongTheBox(), 0.0)
    for number in range(1, 13):
        pixels, before = (np.roll(_drawn(0.0), 3 * n, axis=1) for n in (number, number - 1))
        # The thing goes, and the ground stays.
        ground = _drawn(0.0)
        ground[60:132, 50:150] = 90
        for each, at in ((pixels, number), (before, number - 1)):
            low = 55 + 3 * at
            thing = each[66:126, low : low + 90].copy()
            each[:] = ground
            each[66:126, low : low + 90] = thing
        start = carried_from(SeenObject(number, number, seen.box), seen, Step(before, pixels))
        assert start is not None
        seen = seen_at(start, Proposer("", model=Blind()), pixels)
    assert seen.box.centre_x - MIDDLE[0] == pytest.approx(36, abs=5)


def test_most_of_an_object_tells_how_it_turns() -> None:
    """Of a thin tail flow says that the ground rests."""
    points = np.array([[20.0, 0], [14, 6], [14, -6], [8, 0], [0, 0], [-10, 0], [-30, 0], [-50, 0]])
    cos, sin = math.cos(0.1), math.sin(0.1)
    gone = points @ np.array([[cos, sin], [-sin, cos]]) + np.array([4.0, 1.0])
    step = gone - points
    step[6:] = 0.0
    turn, scale, as_one, shares = _as_one(points, step, np.ones(8, bool))
    assert scale == pytest.approx(1.0, abs=0.01)
    assert turn == pytest.approx(0.1, abs=0.01)
    assert as_one == pytest.approx(gone - points, abs=0.5)
    assert shares[6:].max() < 0.05 < 0.2 < shares[:6].min()


def test_a_single_landmark_turns_no_box() -> None:
    class Spot:
        def propose(self, _: Pixels, box: Box) -> Proposal:
            mean = box.to_frame(MIDDLE[None])[None]
            return Proposal(box, ShapeMixture(np.zeros(1), mean, 2e-3 * np.eye(2)), "spot")

    model = Proposer("", model=Spot())
    box = Box(*MIDDLE.tolist(), 84, 84, 0.4)
    seen = SeenObject(0, 0, box, proposal=Spot().propose(_drawn(0.0), box))
    step = Step(_drawn(0.0), _drawn(TURN))
    carried = carried_from(SeenObject(1, 1, box), seen, step)
    assert carried is not None
    assert seen_at(carried, model, step.pixels).box.angle == pytest.approx(0.4)


def test_landmarks_of_which_flow_says_nothing_neither_turn_a_box_nor_warn() -> None:
    """As where a model sees the object far beside its box."""
    box = Box(*MIDDLE.tolist(), 84, 84)
    beside = ShapeMixture(np.zeros(1), box.to_frame(_truth(0.0) + 400)[None], 2e-3 * np.eye(8))
    seen = SeenObject(0, 0, box, proposal=Proposal(box, beside, "beside the box"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        carried = carried_from(SeenObject(1, 1, box), seen, Step(_drawn(0.0), _drawn(0.0)))
    assert carried is not None
    assert carried.box == box


def test_what_is_seen_the_wrong_way_round_does_not_turn_the_box() -> None:
    model = _AlongTheBox()
    seen = _first(model, 1e-6)
    step = Step(_drawn(0.0), _drawn(0.0))
    model.turn = math.pi
    carried = carried_from(SeenObject(1, 1, seen.box), seen, step)
    assert carried is not None

    class Backwards(_AlongTheBox):
        def propose(self, _: Pixels, box: Box) -> Proposal:
            mean = box.to_frame(_truth(math.pi))[None]
            return Proposal(box, ShapeMixture(np.zeros(1), mean, 2e-3 * np.eye(8)), "backwards")

    there = seen_at(carried, Proposer("", model=Backwards()), step.pixels)
    assert abs(there.box.angle) < math.radians(3)


@pytest.mark.parametrize("grows", [1.04, 1 / 1.03])
def test_a_box_is_as_large_as_its_object(grows: float) -> None:
    """As of a plant that grows, and of what comes nearer; it stayed as it was drawn."""

    class Growing:
        size = 1.0

        def propose(self, _: Pixels, box: Box) -> Proposal:
            points = MIDDLE + self.size * SHAPE
            return Proposal(
                box, ShapeMixture(np.zeros(1), box.to_frame(points)[None], 1e-3 * np.eye(8)), "g"
            )

    def drawn(size: float) -> Pixels:
        matrix = cv2.getRotationMatrix2D(MIDDLE.tolist(), 0.0, size)
        return np.asarray(cv2.warpAffine(_drawn(0.0), matrix, (SIDE, SIDE)), dtype=np.uint8)

    model = Growing()
    box = Box(*MIDDLE.tolist(), 84, 84)
    seen = SeenObject(0, 0, box, proposal=model.propose(drawn(1.0), box))
    for number in range(1, 13):
        step = Step(drawn(model.size), drawn(grows**number))
        model.size = grows**number
        start = carried_from(SeenObject(number, number, seen.box), seen, step)
        assert start is not None
        seen = seen_at(start, Proposer("", model=model), step.pixels)
    assert seen.box.side == pytest.approx(84 * model.size, rel=0.06)
