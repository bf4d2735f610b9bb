"""Objects of one frame looked for in another one, where flow has carried them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.tracking import FlowField, flow_between
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
    centre lies from the mean of the landmarks, in pixels, as it did where it was drawn or found."""

    variance: float
    off: Floats


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
            self._flows[id(seen)] = flow_between(self.earlier, self.pixels, boxes)
        return self._flows[id(seen)]


def seen_at(carried: SeenObject, proposer: Proposer, pixels: Pixels) -> SeenObject:
    """With what the frame shows of an object that flow has carried into its box."""
    seen = replace(carried, proposal=proposer.propose(pixels, carried.box))
    _centre(seen)
    return seen


def carried_from(each: SeenObject, other: SeenObject, step: Step) -> SeenObject | None:
    """An object where flow takes it from the other frame, in which it is `other`; None where that
    is outside of the image."""
    box, variance = moved(other, step.flow(other))
    if not is_inside(box, step.pixels):
        return None
    return replace(each, box=box, carried=further(other, variance))


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
    return flow_between(step.earlier, step.pixels, (_shown(each.before), _shown(each)))


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


def moved(seen: SeenObject, flow: FlowField) -> tuple[Box, float]:
    """The box where its object has gone, and the variance of its centre along an axis, in squared
    pixels."""
    points = seen.box.to_image(_INSIDE)
    if seen.proposal is not None:
        points = seen.proposal.given([]).points
    step, variances = flow.carried(points)
    x, y = np.median(step, axis=0).tolist()
    variance = min(float(np.median(variances)), seen.box.side**2)
    return seen.box.shifted(x, y), variance + (_DRIFT * seen.box.side) ** 2


def further(before: SeenObject, variance: float) -> CarriedBox:
    """What was before carried one frame on, which is unsure by so much."""
    if before.carried is not None:
        return replace(before.carried, variance=before.carried.variance + variance)
    centre, found = np.array([before.box.centre_x, before.box.centre_y]), before.proposal
    off = np.zeros(2) if found is None else centre - _middle(found.given([]).points)
    return CarriedBox(variance, off)


def _centre(seen: SeenObject) -> None:
    """A box that flow has carried is moved to where its shape was seen, by how sure either is
    (Kalman). Else it is off by more in every frame, for some flow is of what is behind the object:
    where a model looks beside an object it sees nothing of it, and takes its head for its tail."""
    carried = seen.carried
    if carried is None or seen.proposal is None:
        return
    posterior = seen.proposal.given([])
    # As unsure as the least sure landmark: those of one shape err together, and of a shape that is
    # a mean of many the middle is unsure too.
    own = float(np.trace(posterior.covariances, axis1=1, axis2=2).max() / 2)
    share = carried.variance / (carried.variance + own)
    centre = np.array([seen.box.centre_x, seen.box.centre_y])
    x, y = (share * (_middle(posterior.points) + carried.off - centre)).tolist()
    seen.box = seen.box.shifted(x, y)
    seen.carried = replace(carried, variance=(1 - share) * carried.variance)


def _middle(points: Floats) -> Floats:
    """(2,) their mean: of the square around them one wrong limb would move the middle."""
    return np.asarray(points.mean(axis=0))
