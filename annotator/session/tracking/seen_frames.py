"""The objects of the frames of a video: what is proposed for each, and the flow between frames."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.tracking import FlowField, flow_between, matched
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError

_SAME = 0.8
"""Overlap of boxes from which on what was carried along is an object that the frame has already."""
_THERE, _ELSEWHERE = 0.5, 0.1
"""Overlap of the place that an object has gone to with a box, from which on it is there, and of
boxes up to which one is alone."""
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
    here; None of one that is new. carried: how the box lies of what flow has carried here."""

    frame: int
    image: int
    box: Box
    instance: int | None = None
    track: int | None = None
    proposal: Proposal | None = None
    before: "SeenObject | None" = None
    flow: FlowField | None = None
    carried: "CarriedBox | None" = None


@dataclass(frozen=True, eq=False)
class CarriedBox:
    """variance: of where its centre is, along an axis, in squared pixels. off: (2,) where the
    centre lies from the mean of the landmarks, in pixels, as it did where it was drawn or found."""

    variance: float
    off: Floats


@dataclass(frozen=True)
class FrameToSee:
    """image: the record; objects: those that the project has in it."""

    image: ImageRecord
    objects: Sequence[SeenObject]


@dataclass
class Looks:
    """How frames are looked at. find: the boxes of all objects of a frame without any, where
    something can look for them. carry: whether objects of the frame before are carried into it.
    unreadable: one sentence for each frame that could not be read."""

    proposer: Proposer
    find: Callable[[Pixels], list[Box]] | None = None
    carry: bool = True
    unreadable: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Step:
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


def look_through(frames: Iterable[FrameToSee], looks: Looks) -> Iterator[list[SeenObject]]:
    """The objects of each frame, matched with those of the frame before. Slow; reads no store."""
    before: list[SeenObject] = []
    earlier: Pixels | None = None
    for frame in frames:
        try:
            pixels = pixels_of(frame.image)
        except ImageError as error:
            looks.unreadable.append(error.happened)
            yield []
            continue
        objects = list(frame.objects)
        if not objects and looks.find is not None:
            objects = [_new(frame, box) for box in looks.find(pixels)]
        _propose(objects, looks.proposer, pixels)
        if earlier is not None:
            step = _Step(earlier, pixels)
            _match(before, objects, step)
            if looks.carry:
                objects += _carried(frame, before, objects, step, looks.proposer)
        yield objects
        before, earlier = objects, pixels


def _new(frame: FrameToSee, box: Box) -> SeenObject:
    return SeenObject(frame.image.frame or 0, frame.image.id, box)


def _carried(
    frame: FrameToSee,
    before: Sequence[SeenObject],
    there: Sequence[SeenObject],
    step: _Step,
    proposer: Proposer,
) -> list[SeenObject]:
    """What the frame before has and this one has not, where flow takes its landmarks; matched.

    No more than are missing: where a person has labelled as many as there were, none is, even if
    one of them is not where it was looked for.
    """
    carried: list[SeenObject] = []
    partners = {id(each.before) for each in there}
    rest = [each for each in before if id(each) not in partners]
    for each in rest:
        if len(there) + len(carried) >= len(before):
            break
        box, variance = _moved(each, step.flow(each))
        if _inside(box, step.pixels) and not _taken(box, [*there, *carried]):
            carried.append(replace(_new(frame, box), carried=_further(each, variance)))
    found = [_seen(each, proposer, step.pixels) for each in carried]
    _match_shapes(rest, found, step)
    for each, start in zip(found, carried, strict=True):
        if each.before is None or (each.proposal is not None and each.proposal.unfamiliar):
            others = [other for other in (*there, *found) if other is not each]
            _look_around(each, start, proposer, step.pixels, others)
    _match(rest, found, step, (before, [*there, *found]))
    return found


def _seen(carried: SeenObject, proposer: Proposer, pixels: Pixels) -> SeenObject:
    """With what the frame shows of an object that flow has carried into its box."""
    seen = replace(carried, proposal=proposer.propose(pixels, carried.box))
    _centre(seen)
    return seen


def _look_around(
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
        if not _inside(place, pixels):
            continue
        other = _seen(replace(carried, box=place), proposer, pixels)
        if not _taken(other.box, others) and _novelty(other) < _novelty(known):
            known = other
    seen.box, seen.carried, seen.proposal = known.box, known.carried, known.proposal


def _inside(box: Box, pixels: Pixels) -> bool:
    height, width = pixels.shape[:2]
    return bool(0 <= box.centre_x < width and 0 <= box.centre_y < height)


def _taken(box: Box, others: Sequence[SeenObject]) -> bool:
    return any(box.overlap(other.box) > _SAME for other in others)


def _novelty(seen: SeenObject) -> float:
    """Of what is proposed; that of a model that does not know counts as any other's."""
    found = seen.proposal
    return np.inf if found is None or found.novelty is None else found.novelty


def _propose(objects: Sequence[SeenObject], proposer: Proposer, pixels: Pixels) -> None:
    for each in objects:
        each.proposal = proposer.propose(pixels, each.box)


def _moved(seen: SeenObject, flow: FlowField) -> tuple[Box, float]:
    """The box where its object has gone, and the variance of its centre along an axis, in squared
    pixels."""
    points = seen.box.to_image(_INSIDE)
    if seen.proposal is not None:
        points = seen.proposal.given([]).points
    step, variances = flow.carried(points)
    x, y = np.median(step, axis=0).tolist()
    variance = min(float(np.median(variances)), seen.box.side**2)
    return seen.box.shifted(x, y), variance + (_DRIFT * seen.box.side) ** 2


def _further(before: SeenObject, variance: float) -> CarriedBox:
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


def _match(
    before: Sequence[SeenObject],
    after: Sequence[SeenObject],
    step: _Step,
    among: tuple[Sequence[SeenObject], Sequence[SeenObject]] | None = None,
) -> None:
    """Says of each object which it was, by their shapes; those of one track are one object.

    among: all that is in the two frames, where these are not all.
    """
    _match_shapes(before, after, step)
    for each, other in _left_alone(before, after, among or (before, after), step):
        if each.track is None or other.track is None:
            _follow(each, other)
    for each in after:
        if each.before is not None:
            boxes = (_shown(each.before), _shown(each))
            each.flow = flow_between(step.earlier, step.pixels, boxes)


def _match_shapes(before: Sequence[SeenObject], after: Sequence[SeenObject], step: _Step) -> None:
    """As `_match` by tracks and shapes alone."""
    known = {each.track: each for each in before if each.track is not None}
    for each in after:
        if each.track in known:
            each.before = known[each.track]
    partners = {id(each.before) for each in after if each.before is not None}
    old = [b for b in before if id(b) not in partners and b.proposal is not None]
    new = [a for a in after if a.before is None and a.proposal is not None]
    new = [a for a in new if a.track is None or a.track not in known]
    flows = [step.flow(each) for each in old]
    shapes = [[e.proposal for e in each if e.proposal is not None] for each in (old, new)]
    for each, partner in zip(new, matched(shapes[0], shapes[1], flows), strict=True):
        if partner is None:
            continue
        other = old[partner]
        if each.track is None or other.track is None:
            _follow(each, other)


def _follow(each: SeenObject, other: SeenObject) -> None:
    """It is the same object as the other one, of the frame before."""
    each.before = other
    each.track = other.track if each.track is None else each.track


def _left_alone(
    before: Sequence[SeenObject],
    after: Sequence[SeenObject],
    among: tuple[Sequence[SeenObject], Sequence[SeenObject]],
    step: _Step,
) -> Iterator[tuple[SeenObject, SeenObject]]:
    """What has no partner by its shape, and goes where nobody else was and is: there what is
    proposed is wrong in one of the frames, as where a head is taken for a tail, and the object is
    the same."""
    partners = {id(each.before) for each in after if each.before is not None}
    for other in before:
        if id(other) in partners or other.proposal is None or not _alone(other, among[0]):
            continue
        place, _ = _moved(other, step.flow(other))
        for each in after:
            there = each.before is None and each.box.overlap(place) > _THERE
            if there and _alone(each, among[1]):
                yield each, other
                break


def _alone(seen: SeenObject, there: Sequence[SeenObject]) -> bool:
    return all(each is seen or each.box.overlap(seen.box) < _ELSEWHERE for each in there)


def _shown(seen: SeenObject) -> Box:
    return seen.box if seen.proposal is None else seen.proposal.box
