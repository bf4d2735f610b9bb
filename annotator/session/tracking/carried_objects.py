"""Objects of one frame looked for in another one, where flow has carried them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.tracking import FlowField, flow_or_leap
from landmark_annotator.backends.tracking.going import LAST, Going
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Pixels

THERE = 0.5
"""Overlap of the place that an object has gone to with a box, from which on it is there."""
SAME = 0.8
"""Overlap of boxes from which on what was carried along is an object that the frame has already."""
_ONE_SHAPE = 0.1
"""Sides of their boxes by which landmarks of two objects are apart at least, on the median."""
_DRIFT = 0.01
"""Sides of its box by which a step along flow is off at least: not all in a box is the object."""
_INSIDE = np.stack(np.meshgrid([-0.25, 0.0, 0.25], [-0.25, 0.0, 0.25]), axis=-1).reshape(-1, 2)
"""Places of a box that are looked at where nothing is proposed in it."""
_TURN_DRIFT, _TURN_SHARE = 0.05, 0.5
"""Radians, and the share of a turn, by which flow is off at least in saying how an object turns."""
_GROWS, _GROWTH_DRIFT, _BENT = 0.01, 0.02, 0.1
"""By which an object usually grows from frame to frame, by which flow is off at least in saying so,
and by which it seems of another size because it bends; all as logarithms."""
_MOST_GROWN, _OTHER_SIZE = 1.2, 2.0
"""From frame to frame, and from which on what is seen is something else."""
_TURNED_ROUND = math.pi / 3
"""What is seen to be turned by more is seen the wrong way round."""
_WITH, _ROUNDS = 0.2, 8
"""Share from which on a landmark goes with the others, and rounds in which that is told."""
_UNSURE = 2.0
"""Standard deviations of where flow says that an object is, within which it is looked for."""
_ROUND = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y], dtype=np.float64)


@dataclass(eq=False)
class SeenObject:
    """instance: its id, None of one that is not in the project yet. track: the id of its track,
    None where it has none; said: whether somebody has said so, as by a swap from here on. before:
    the same object in the frame before, and flow: from there to here; None of one that is new.
    looked: the box in which its frame was looked at; None: in its own. lay: (L, 2) in image pixels,
    its landmarks by all frames when it was followed before, if it was. carried: how the box lies of
    what flow carried here, now or then; None where that did not say where it is."""

    frame: int
    image: int
    box: Box
    instance: int | None = None
    track: int | None = None
    said: bool = False
    proposal: Proposal | None = None
    before: "SeenObject | None" = None
    flow: FlowField | None = None
    carried: "CarriedBox | None" = None
    looked: Box | None = None
    lay: Floats | None = None

    def look(self, proposer: Proposer, pixels: Pixels) -> None:
        """Into its box, along how it lay when it was followed before: a box that was turned only to
        look along its object is stored upright. As it is where that shows less: it was lost."""
        along = self.box if self.lay is None else proposer.along(self.box, self.lay)
        self.looked, self.proposal = None, proposer.propose(pixels, along)
        if along == self.box:
            return
        before, self.looked = self.proposal, along
        if before is not None and before.unfamiliar:
            self.looked, self.proposal = None, proposer.propose(pixels, self.box)
            if novelty(self) > (before.novelty or 0.0):
                self.looked, self.proposal = along, before

    def stand_upright(self) -> None:
        """Where its box was turned only to look along it."""
        if self.carried is not None and self.carried.drawn_upright:
            self.box, self.looked = replace(self.box, angle=0.0), self.box

    def is_as(self, other: "SeenObject") -> None:
        """It is where another look at the same frame has it."""
        self.box, self.carried, self.proposal = other.box, other.carried, other.proposal
        self.looked = None


@dataclass(frozen=True, eq=False)
class CarriedBox:
    """variance: of where its centre is, along an axis, in squared pixels. off: (2,) where the
    centre lies from the mean of the landmarks, in the box's frame, as where it was drawn or found.
    shape: (L, 2) the landmarks in the frame of the box there, of one that is turned; None of an
    upright one. turn: variance of how it is turned, in squared radians. landmarks: (L, 2) where
    flow has carried them, in image pixels, and (L,) the variance of that along an axis; None of
    what was not seen before. drawn_upright: whether the box is turned only to look along the
    object, which was drawn in an upright one. size: how far landmarks lie from their mean (root
    mean square), in sides of the box there; 0 where that says nothing. grown: variance of the
    logarithm of how large the box is."""

    variance: float
    off: Floats
    shape: Floats | None = None
    turn: float = 0.0
    landmarks: tuple[Floats, Floats] | None = None
    drawn_upright: bool = False
    size: float = 0.0
    grown: float = 0.0


CARRIED_BEFORE = CarriedBox(0.0, np.zeros(2))
"""Of what was carried to its frame when it was followed before."""


@dataclass(frozen=True, eq=False)
class Step:
    """From a frame to the next. ahead: the way in which objects say where they were before."""

    earlier: Pixels
    pixels: Pixels
    ahead: bool = True
    _flows: dict[int, FlowField] = field(default_factory=dict)

    def flow(self, seen: SeenObject) -> FlowField:
        """Within the box of an object of the earlier frame; it is worked out once."""
        if id(seen) not in self._flows:
            boxes, going = (seen.box, seen.box), _going(seen) if self.ahead else None
            self._flows[id(seen)] = flow_or_leap(self.earlier, self.pixels, boxes, going)
        return self._flows[id(seen)]


def seen_at(carried: SeenObject, proposer: Proposer, pixels: Pixels) -> SeenObject:
    """With what the frame shows of an object that flow has carried into its box."""
    seen = replace(carried, proposal=proposer.propose(pixels, carried.box), looked=None)
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
    boxes = _shown(each.before), _shown(each)
    return flow_or_leap(step.earlier, step.pixels, boxes, _going(each.before))


def _going(seen: SeenObject) -> Going | None:
    """None of one that is new."""
    boxes = [seen.box]
    while seen.before is not None and len(boxes) < LAST:
        seen = seen.before
        boxes.append(seen.box)
    return Going.of(boxes[::-1])


def gone_on(carried: SeenObject, other: SeenObject, pixels: Pixels) -> SeenObject | None:
    """An object that flow has carried here, where it is if it goes on as it did before it was
    `other`, of the frame before; None where nobody knows, or that is outside of the image."""
    going, lies = _going(other), carried.carried
    if going is None or lies is None:
        return None
    away = other.box.centre + going.step - carried.box.centre
    if lies.landmarks is not None:
        points, variances = lies.landmarks
        lies = replace(lies, landmarks=(points + away, variances + going.swerve**2))
    box = carried.box.shifted(*away.tolist())
    return replace(carried, box=box, carried=lies) if is_inside(box, pixels) else None


def _shown(seen: SeenObject) -> Box:
    return seen.box if seen.proposal is None else seen.proposal.box


def is_inside(box: Box, pixels: Pixels) -> bool:
    height, width = pixels.shape[:2]
    return bool(0 <= box.centre_x < width and 0 <= box.centre_y < height)


def is_taken(box: Box, others: Sequence[SeenObject]) -> bool:
    return any(box.overlap(other.box) > SAME for other in others)


def is_one_shape(one: SeenObject, other: SeenObject) -> bool:
    """Whether both are seen as the very same landmarks."""
    if one.proposal is None or other.proposal is None:
        return False
    apart = one.proposal.given([]).points - other.proposal.given([]).points
    limit = _ONE_SHAPE * min(one.box.side, other.box.side)
    return bool(np.median(np.linalg.norm(apart, axis=1)) < limit)


def off_flow(seen: SeenObject) -> float:
    """Sides by which landmarks are seen beside where flow has carried them, on the median; 0 of
    what it has not carried."""
    if seen.proposal is None or seen.carried is None or seen.carried.landmarks is None:
        return 0.0
    apart = seen.proposal.given([]).points - seen.carried.landmarks[0]
    return float(np.median(np.linalg.norm(apart, axis=1))) / seen.box.side


def novelty(seen: SeenObject) -> float:
    """Of what is proposed; that of a model that does not know counts as any other's."""
    found = seen.proposal
    return np.inf if found is None or found.novelty is None else found.novelty


def moved(seen: SeenObject, flow: FlowField) -> tuple[Box, CarriedBox]:
    """The box where its object has gone. One that is turned says how its object lies, and turns
    with it: a model that looks along it sees nothing of an object that has turned out of it."""
    box, points, spread = seen.box, seen.box.to_image(_INSIDE), None
    if seen.proposal is not None:
        points, spread = _landmarks(seen, seen.proposal)
        if not box.angle and len(seen.proposal.turns) == 1:
            # It was seen how it lies, and in the next frame it hardly lies otherwise.
            box = replace(box, angle=seen.proposal.box.angle)
    step, variances = flow.carried(points)
    drift = (_DRIFT * box.side) ** 2
    x, y = np.median(step, axis=0).tolist()
    variance = min(float(np.median(variances)), box.side**2) + drift
    turned, scale, landmarks = 0.0, 1.0, None
    if spread is not None:
        known = np.isfinite(variances)
        turned, scale, as_one, shares = _as_one(points, step, known)
        # Believed as far as flow is surer of it than of how fast things usually grow.
        if known.any():
            unsure = float(variances[known].mean()) / max(_spread(points), 1e-3) ** 2 / known.sum()
            scale **= _GROWS**2 / (_GROWS**2 + unsure)
        # What goes elsewhere than the rest may be a limb, or the ground behind a thin one.
        there = points + np.where(shares[:, None] > _WITH, step, as_one)
        off = (1 - shares) * ((step - as_one) ** 2).mean(axis=1)
        landmarks = there, spread + np.minimum(variances, box.side**2) + off + drift
    before = seen.carried or CarriedBox(0.0, -box.to_frame(_middle(points)))
    lies = before.shape
    if lies is None and box.angle and seen.proposal is not None:
        lies = box.to_frame(points)
    turned = 0.0 if lies is None else turned
    carried = replace(
        before,
        variance=before.variance + variance,
        shape=lies,
        turn=before.turn + (_TURN_DRIFT + _TURN_SHARE * abs(turned)) ** 2,
        landmarks=landmarks,
        drawn_upright=before.drawn_upright or not seen.box.angle,
        size=before.size or _spread(points) / box.side,
        grown=before.grown + (_GROWTH_DRIFT + _TURN_SHARE * abs(math.log(scale))) ** 2,
    )
    return _turned(box.shifted(x, y), turned).moved(scale=scale), carried


def _as_one(points: Floats, step: Floats, known: Bools) -> tuple[float, float, Floats, Floats]:
    """Radians by which points (N, 2) turn that go by these steps (N, 2), by how much they grow, how
    each goes if all go as one (N, 2), and the share (N,) to which it goes with the others: of thin
    limbs flow says that the ground rests, and most of the object tells how it turns. known: (N,)
    whose steps are."""
    if not known.any():
        return 0.0, 1.0, step, np.ones(len(points))
    shares = known.astype(np.float64)
    for _ in range(_ROUNDS):
        one, other = (np.average(p, axis=0, weights=shares) for p in (points, points + step))
        turn = _turn(points - one, points + step - other, shares)
        cos, sin = math.cos(turn), math.sin(turn)
        apart, gone = (points - one) @ np.array([[cos, sin], [-sin, cos]]), points + step - other
        off = ((gone - apart) ** 2).sum(axis=1)
        shares = known / (1 + off / max(float(np.median(off[known])), 1e-6))
    # Last, for a tail that stays behind looks as if all of it grew.
    total = float((shares * (apart**2).sum(axis=1)).sum())
    scale = float((shares * (apart * gone).sum(axis=1)).sum()) / total if total > 0 else 1.0
    scale = min(max(scale, 1 / _MOST_GROWN), _MOST_GROWN)
    return turn, scale, other + scale * apart - points, shares


def _landmarks(seen: SeenObject, proposal: Proposal) -> tuple[Floats, Floats]:
    """(L, 2) where they are by what the frame shows and by where flow has carried them (Kalman),
    and (L,) the variance of that along an axis. Flow that is asked of landmarks where they are not
    says that the ground rests, and leaves a box behind whose object goes on."""
    posterior = proposal.given([])
    points, own = posterior.points, np.trace(posterior.covariances, axis1=1, axis2=2) / 2
    if seen.carried is None or seen.carried.landmarks is None:
        return points, np.asarray(own)
    there, variances = seen.carried.landmarks
    share = variances / (variances + own)
    return there + share[:, None] * (points - there), np.asarray(share * own)


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
        # A single landmark, or several in one place, say nothing of turns.
        own = float(variances.mean()) / max(_spread(posterior.points) ** 2, 1e-9)
        there = seen.box.to_frame(posterior.points)
        found = _turn(carried.shape - _middle(carried.shape), there - _middle(there))
        if abs(found) < _TURNED_ROUND:
            left = own / (carried.turn + own)
            turned = (1 - left) * found
    grown, kept = _grown(seen.box, carried, posterior.points, variances)
    box = _turned(seen.box, turned).moved(scale=grown)
    centre = box.centre
    away = box.to_image(carried.off) - centre
    seen.box = box.shifted(*(share * (_middle(posterior.points) + away - centre)).tolist())
    seen.carried = replace(
        carried,
        variance=(1 - share) * carried.variance,
        turn=left * carried.turn,
        grown=kept * carried.grown,
    )


def _grown(box: Box, carried: CarriedBox, points: Floats, variances: Floats) -> tuple[float, float]:
    """By how much a box is to grow in which these points (L, 2) were seen, as unsure as that (L,),
    and the share of its own variance that is left then."""
    spread = _spread(points)
    if not carried.size or not spread:
        return 1.0, 1.0
    found = math.log(spread / (carried.size * box.side))
    if abs(found) > math.log(_OTHER_SIZE):
        return 1.0, 1.0
    own = float(variances.mean()) / spread**2 + _BENT**2
    left = own / (carried.grown + own)
    return math.exp((1 - left) * found), left


def _turned(box: Box, turn: float) -> Box:
    """However often it has gone round."""
    return replace(box, angle=math.remainder(box.angle + turn, math.tau))


def _turn(points: Floats, others: Floats, shares: Floats | float = 1.0) -> float:
    """Radians by which points (N, 2) are turned about nothing to lie as the others do. shares: (N,)
    as which each counts."""
    if len(points) < 2:
        return 0.0
    crossed = points[:, 0] * others[:, 1] - points[:, 1] * others[:, 0]
    along = (points * others).sum(axis=1)
    return math.atan2(float((shares * crossed).sum()), float((shares * along).sum()))


def _spread(points: Floats) -> float:
    """Pixels from their mean, the root of the mean square."""
    return float(np.sqrt(((points - _middle(points)) ** 2).sum(axis=1).mean()))


def _middle(points: Floats) -> Floats:
    """(2,) their mean: of the square around them one wrong limb would move the middle."""
    return np.asarray(points.mean(axis=0))
