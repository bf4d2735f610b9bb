"""The objects of the frames of a video: what is proposed for each, and the flow between frames."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.tracking.carried_objects import (
    SAME,
    THERE,
    SeenObject,
    Step,
    carried_from,
    flow_to,
    follow,
    gone_on,
    is_inside,
    is_one_shape,
    is_taken,
    look_around,
    looked_for,
    moved,
    novelty,
    off_flow,
    seen_at,
)
from landmark_annotator.backends.tracking import matched
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import FileMissing, ImageError

_ELSEWHERE = 0.1
"""Overlap of boxes up to which one is alone."""


@dataclass(frozen=True)
class FrameToSee:
    """image: the record; objects: those that the project has in it."""

    image: ImageRecord
    objects: Sequence[SeenObject]


@dataclass
class Looks:
    """How frames are looked at. find: the boxes of all objects of a frame without any, where
    something can look for them. carry: whether objects of the frame before are carried into it.
    unreadable: one sentence for each frame that could not be read; away: why, of the first whose
    file was not there. left: objects, in the last frame
    that has them, which flow has carried out of the picture from there."""

    proposer: Proposer
    find: Callable[[Pixels], list[Box]] | None = None
    carry: bool = True
    unreadable: list[str] = field(default_factory=list)
    away: FileMissing | None = None
    left: list[SeenObject] = field(default_factory=list)


def look_through(frames: Iterable[FrameToSee], looks: Looks) -> Iterator[list[SeenObject]]:
    """The objects of each frame, matched with those of the frame before. Slow; reads no store."""
    before: list[SeenObject] = []
    earlier: Pixels | None = None
    for frame in frames:
        try:
            pixels = pixels_of(frame.image)
        except ImageError as error:
            looks.unreadable.append(error.happened)
            if isinstance(error, FileMissing):
                looks.away = looks.away or error
            yield []
            continue
        objects = list(frame.objects)
        if not objects and looks.find is not None:
            objects = [_new(frame, box) for box in looks.find(pixels)]
        _propose(objects, looks.proposer, pixels)
        if earlier is not None:
            step = Step(earlier, pixels)
            _match(before, objects, step)
            if looks.carry:
                _carry_anew(objects, step, looks.proposer)
                objects += _carried(frame, before, objects, step, looks)
        yield objects
        before, earlier = objects, pixels


def _new(frame: FrameToSee, box: Box) -> SeenObject:
    return SeenObject(frame.image.frame or 0, frame.image.id, box)


def _carried(
    frame: FrameToSee,
    before: Sequence[SeenObject],
    there: Sequence[SeenObject],
    step: Step,
    looks: Looks,
) -> list[SeenObject]:
    """What the frame before has and this one has not, where flow takes its landmarks; matched.

    No more than are missing: where a person has labelled as many as there were, none is, even if
    one of them is not where it was looked for.
    """
    carried: list[tuple[SeenObject, SeenObject]] = []  # as it was, and where flow takes it
    proposer = looks.proposer
    partners = {id(each.before) for each in there}
    rest = [each for each in before if id(each) not in partners]
    for each in rest:
        if len(there) + len(carried) >= len(before):
            break
        box, lies = moved(each, step.flow(each))
        if not is_inside(box, step.pixels):
            looks.left.append(each)
        elif not is_taken(box, there):
            carried.append((each, replace(_new(frame, box), carried=lies)))
    found = [seen_at(start, proposer, step.pixels) for _, start in carried]
    _match_shapes(rest, found, step)
    for each, (was, start) in zip(found, carried, strict=True):
        others = [other for other in (*there, *found) if other is not each]
        if each.before is None or _unfamiliar(each):
            look_around(each, start, proposer, step.pixels, others)
        own = each.before or was  # two may have changed places
        went_on = not _alone(each, others) and _go_on(each, start, own, step, proposer)
        if went_on and all(other.before is not own for other in found):
            follow(each, own)
    _match(rest, found, step, (before, [*there, *found]))
    return _told_apart(found, there)


def _go_on(
    each: SeenObject, start: SeenObject, was: SeenObject, step: Step, proposer: Proposer
) -> bool:
    """Of what meets another one flow may say how that one goes: it is where it is if it goes on as
    it did, if that shows more of what the model knows, or neither shows anything of it. Says
    whether it is."""
    place = gone_on(start, was, step.pixels)
    if place is None or place.box.overlap(each.box) > SAME:
        return False
    other = seen_at(place, proposer, step.pixels)
    there = _unfamiliar(each) or novelty(other) < novelty(each)
    if there:
        each.is_as(other)
    return there


def _unfamiliar(seen: SeenObject) -> bool:
    return seen.proposal is not None and seen.proposal.unfamiliar


def _told_apart(found: Sequence[SeenObject], there: Sequence[SeenObject]) -> list[SeenObject]:
    """But for what is seen where another one is: which cross have one box for a moment, and two
    shapes, each where its own was carried. One shape is of the one that it lies nearer to."""
    kept = list[SeenObject]()
    for each in sorted(found, key=off_flow):
        others = [*there, *kept]
        alone = each.before is not None or not is_taken(each.box, others)
        if alone and not any(is_one_shape(each, other) for other in others):
            kept.append(each)
    return [each for each in found if each in kept]


def _carry_anew(objects: Sequence[SeenObject], step: Step, proposer: Proposer) -> None:
    """What was carried here before, and is elsewhere by where it is now in the frame before: there,
    where that shows more of what the model knows. Not where somebody has said which one it is: flow
    has led to the other one of those that look alike, and would again."""
    for each in objects:
        if each.said or each.carried is None or each.before is None:
            continue
        start = carried_from(each, each.before, step)
        if start is None or start.box.overlap(each.box) > THERE:
            continue
        others = [other for other in objects if other is not each]
        now = looked_for(start, proposer, step.pixels, others)
        if novelty(now) < novelty(each):
            each.is_as(now)
            each.flow = flow_to(each, step)


def _propose(objects: Sequence[SeenObject], proposer: Proposer, pixels: Pixels) -> None:
    for each in objects:
        each.look(proposer, pixels)


def _match(
    before: Sequence[SeenObject],
    after: Sequence[SeenObject],
    step: Step,
    among: tuple[Sequence[SeenObject], Sequence[SeenObject]] | None = None,
) -> None:
    """Says of each object which it was, by their shapes; those of one track are one object.

    among: all that is in the two frames, where these are not all.
    """
    _match_shapes(before, after, step)
    for each, other in _left_alone(before, after, among or (before, after), step):
        if each.track is None or other.track is None:
            follow(each, other)
    for each in after:
        each.flow = flow_to(each, step)


def _match_shapes(before: Sequence[SeenObject], after: Sequence[SeenObject], step: Step) -> None:
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
            follow(each, other)


def _left_alone(
    before: Sequence[SeenObject],
    after: Sequence[SeenObject],
    among: tuple[Sequence[SeenObject], Sequence[SeenObject]],
    step: Step,
) -> Iterator[tuple[SeenObject, SeenObject]]:
    """What has no partner by its shape, and goes where nobody else was and is: there what is
    proposed is wrong in one of the frames, as where a head is taken for a tail, and the object is
    the same."""
    partners = {id(each.before) for each in after if each.before is not None}
    for other in before:
        if id(other) in partners or other.proposal is None or not _alone(other, among[0]):
            continue
        place, _ = moved(other, step.flow(other))
        for each in after:
            there = each.before is None and each.box.overlap(place) > THERE
            if there and _alone(each, among[1]):
                yield each, other
                break


def _alone(seen: SeenObject, there: Sequence[SeenObject]) -> bool:
    return all(each is seen or each.box.overlap(seen.box) < _ELSEWHERE for each in there)
