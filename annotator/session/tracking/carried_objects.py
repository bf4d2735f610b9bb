"""Objects of one frame looked for in another one, where flow has carried them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.tracking import FlowField, flow_or_leap
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

THERE = 0.5
"""Overlap of the place that an object has gone to with a box, from which on it is there."""
SAME = 0.8
"""Overlap of boxes from which on what was carried along is an object that the frame has already."""
_DRIFT = 0.01
"""Sides of its box by which a step along flow is off at least: some of what moves in a box is
behind the object."""
_INSIDE = np.stack(np.meshgrid([-0.25, 0.0, 0.25], [-0.25, 0.0, 0.25]), axis=-1).reshape(-1, 2)
"""Places of a box that are looked at where nothing is proposed in it."""
_TURN_DRIFT, _TURN_SHARE = 0.05, 0.5
"""Radians, and the share of a turn, by which flow is off at least in saying how an object turns."""
_TURNED_ROUND = math.pi / 3
"""What is seen to be turned by more is seen the wrong way round."""
_UNSURE = 2.0
"""Standard deviations of where flow says that an object is, within which it is looked for."""
_ROUND = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y], dtype=np.float64)


@dataclass(eq=False)
class SeenObject:
    """instance: its id, None of one that is not in the project yet. track: the id of its track,
    None where it has none. before: the same object in the frame before, and flow: from there to
    here; None of one that is new. carried: how the box lies of what flow has carried here, now or
    when it was followed before; None where that did not say where it is."""

    frame: int
    image: int
    box: Box
    instance: int | None = None
    track: int | None = None
    proposal: Proposal | None = None
    before: "SeenObject | None" = None
    flow: FlowField | None = None
    carried: "CarriedBox | None" = None

    def is_as(self, other: "SeenObject") -> None:
        """It is where another look at the same frame has it."""
        self.box, self.carried, self.proposal = other.box, other.carried, other.proposal


@dataclass(frozen=True, eq=False)
class CarriedBox:
    """variance: of where its centre is, along an axis, in squared pixels. off: (2,) where the
    centre lies from the mean of the landmarks, in the box's frame, as where it was drawn or found.
    shape: (L, 2) the landmarks in the frame of the box there, of one that is turned; None of an
    upright one. turn: variance of how it is turned, in squared radians."""

    variance: float
    off: Floats
    shape: Floats | None = None
    turn: float = 0.0


CARRIED_BEFORE = CarriedBox(0.0, np.zeros(2))
"""Of what was carried to its frame when it was followed before."""


@dataclass(frozen=True, eq=False)
class Step:
    """From a frame to the next."""

    earlier: Pixels
    pixels: Pixels
    _flows: dict[int, FlowField] = field(default_factory=dict)

    def flow(self, seen: SeenObject) -> FlowField:
        """Within the box of an object of the earlier frame; it is worked out once."""
        if id(seen) not in self._flows:
            boxes = (seen.box, seen.box)
            self._flows[id(seen)] = flow_or_leap(self.earlier, self.pixels, boxes)
        return self._flows[id(seen)]


def seen_at(carried: SeenObject, proposer: Proposer, pixels: Pixels) -> SeenObject:
    """With what the frame shows of an object that flow has carried into its box."""
    seen = replace(carried, proposal=proposer.propose(pixels, carried.box))
    _centre(seen)
    return seen


def carried_from(each: SeenObject, other: SeenObject, step: Step) -> SeenObject | None:
    """An object where flow takes it from the other frame, in which it is `other`; None where that
    is outside of the image."""
    box, carried = moved(other, step.flow(other))
    return replace(each, box=box, carried=carried) if is_inside(box, step.pixels) else None


def looked_for(
    carried: SeenObject, proposer: Proposer, pixels: Pixels, others: Sequence[SeenObject]
) -> SeenObject:
    """As `seen_at`, and around where that shows nothing that is known."""
    seen = seen_at(carried, proposer, pixels)
    if seen.proposal is not None and seen.proposal.unfamiliar:
        look_around(seen, carried, proposer, pixels, others)
    return seen


def look_around(
    seen: SeenObject,
    carried: SeenObject,
    proposer: Proposer,
    pixels: Pixels,
    others: Sequence[SeenObject],
) -> None:
    """Where flow was unsure, and what was seen is not what had been there before, the object is
    where the frame shows most of what the model knows, and none of the others is. carried: the
    object as flow left it, before the frame was looked at."""
    assert carried.carried is not None
    known, away = seen, _UNSURE * np.sqrt(carried.carried.variance)
    for x, y in (away * _ROUND).tolist():
        place = carried.box.shifted(x, y)
        if not is_inside(place, pixels):
            continue
        other = seen_at(replace(carried, box=place), proposer, pixels)
        if not is_taken(other.box, others) and novelty(other) < novelty(known):
            known = other
    seen.is_as(known)


def follow(each: SeenObject, other: SeenObject) -> None:
    """It is the same object as the other one, of the frame before."""
    each.before = other
    each.track = other.track if each.track is None else each.track


def flow_to(each: SeenObject, step: Step) -> FlowField | None:
    """From what it was in the frame before, within both boxes; None of one that is new."""
    if each.before is None:
        return None
    return flow_or_leap(step.earlier, step.pixels, (_shown(each.before), _shown(each)))


def _shown(seen: SeenObject) -> Box:
    return seen.box if seen.proposal is None else seen.proposal.box


def is_inside(box: Box, pixels: Pixels) -> bool:
    height, width = pixels.shape[:2]
    return bool(0 <= box.centre_x < width and 0 <= box.centre_y < height)


def is_taken(box: Box, others: Sequence[SeenObject]) -> bool:
    return any(box.overlap(other.box) > SAME for other in others)


def novelty(seen: SeenObject) -> float:
    """Of what is proposed; that of a model that does not know counts as any other's."""
    found = seen.proposal
    return np.inf if found is None or found.novelty is None else found.novelty


def moved(seen: SeenObject, flow: FlowField) -> tuple[Box, CarriedBox]:
    """The box where its object has gone. One that is turned says how its object lies, and turns
    with it: a model that looks along it sees nothing of an object that has turned out of it."""
    box, points = seen.box, seen.box.to_image(_INSIDE)
    if seen.proposal is not None:
        points = seen.proposal.given([]).points
    step, variances = flow.carried(points)
    x, y = np.median(step, axis=0).tolist()
    variance = min(float(np.median(variances)), box.side**2) + (_DRIFT * box.side) ** 2
    before = seen.carried or CarriedBox(0.0, -box.to_frame(_middle(points)))
    lies, turned = before.shape, 0.0
    if lies is None and box.angle and seen.proposal is not None:
        lies = box.to_frame(points)
    if lies is not None:
        seen_there = np.isfinite(variances)
        turned = _turn(points[seen_there], (points + step)[seen_there])
    carried = replace(
        before,
        variance=before.variance + variance,
        shape=lies,
        turn=before.turn + (_TURN_DRIFT + _TURN_SHARE * abs(turned)) ** 2,
    )
    return _turned(box.shifted(x, y), turned), carried


def _centre(seen: SeenObject) -> None:
    """A box that flow has carried is moved to where its shape was seen, and one that is turned
    turned as that, by how sure either is (Kalman). Else it is off by more in every frame, for some
    flow is of what is behind the object: where a model looks beside an object it sees nothing of
    it, and takes its head for its tail."""
    carried = seen.carried
    if carried is None or seen.proposal is None:
        return
    posterior = seen.proposal.given([])
    variances = np.trace(posterior.covariances, axis1=1, axis2=2) / 2
    # As unsure as the least sure landmark: those of one shape err together, and of a shape that is
    # a mean of many the middle is unsure too.
    share = carried.variance / (carried.variance + float(variances.max()))
    turned, left = 0.0, 1.0
    if carried.shape is not None:
        spread = posterior.points - _middle(posterior.points)
        # A single landmark, or several in one place, say nothing of turns.
        own = float(variances.mean()) / max(float((spread**2).sum(axis=1).mean()), 1e-9)
        found = _turn(carried.shape, seen.box.to_frame(posterior.points))
        if abs(found) < _TURNED_ROUND:
            left = own / (carried.turn + own)
            turned = (1 - left) * found
    box = _turned(seen.box, turned)
    centre = np.array([box.centre_x, box.centre_y])
    away = box.to_image(carried.off) - centre
    seen.box = box.shifted(*(share * (_middle(posterior.points) + away - centre)).tolist())
    seen.carried = replace(
        carried, variance=(1 - share) * carried.variance, turn=left * carried.turn
    )


def _turned(box: Box, turn: float) -> Box:
    """However often it has gone round."""
    return replace(box, angle=math.remainder(box.angle + turn, math.tau))


def _turn(points: Floats, others: Floats) -> float:
    """Radians by which points (N, 2) are turned to lie as the others do; 0 where there are none."""
    if len(points) < 2:
        return 0.0
    one, other = points - _middle(points), others - _middle(others)
    crossed = float((one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]).sum())
    return math.atan2(crossed, float((one * other).sum()))


def _middle(points: Floats) -> Floats:
    """(2,) their mean: of the square around them one wrong limb would move the middle."""
    return np.asarray(points.mean(axis=0))
