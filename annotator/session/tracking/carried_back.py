"""Objects carried back from the frames that say where they are to those before.

Flow carries them ahead, so one that is lost stays so until a frame says anew where it is, and
before the first frame that has it there is nothing; of the frames before both say where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.tracking.carried_objects import (
    CARRIED_BEFORE,
    THERE,
    SeenObject,
    follow,
    novelty,
)
from landmark_annotator.annotator.session.tracking.lane_gaps import close, lane_gaps
from landmark_annotator.annotator.session.tracking.seen_frames import (
    FrameToSee,
    Looks,
    look_through,
)
from landmark_annotator.annotator.session.tracking.steps_back import (
    Read,
    flow_from_before,
    one_back,
)
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.vocabulary import Progress


@dataclass(frozen=True, eq=False)
class _Found:
    """lost: an object as it was carried ahead; back: the same as it was carried back. earlier: what
    it was in the frame before."""

    lost: SeenObject
    back: SeenObject
    earlier: SeenObject | None


def carry_back(
    frames: Sequence[FrameToSee],
    seen: Sequence[list[SeenObject]],
    proposer: Proposer,
    progress: Progress,
) -> None:
    """Of each object that was carried from one frame that has it to another one, and lost on the
    way: the frames from the second one back in which that shows more of what the model knows. Where
    its lane had ended on the way, it comes into the frames that lack it.

    seen: the objects of each frame, in order, which are changed and added to. An object that the
    next frame does not know again was lost where it is the only one. Stopped, it leaves the rest as
    it is.
    """
    read = _reader(frames)
    gaps = lane_gaps(seen)
    progress.start("carrying objects back to where they were lost", len(gaps))
    begun: list[SeenObject] = []
    for gap in gaps:
        if (first := close(gap, frames, seen, read, proposer, progress)) is not None:
            begun.append(first)
        progress.advance()
    there = [objects for objects in seen if objects]
    said = [
        (t, key)
        for t, objects in enumerate(there)
        for key in objects
        if key.carried is None or key in begun
    ]
    progress.start("carrying objects back", len(said))
    for place, key in said:
        _correct(key, _back(key, place, there, read, proposer, progress), read)
        progress.advance()
        if progress.cancelled():
            return


def carry_to_the_beginning(
    frames: Sequence[FrameToSee],
    seen: Sequence[list[SeenObject]],
    proposer: Proposer,
    progress: Progress,
) -> None:
    """What the first frame with objects has, into those before it. seen: the objects of each frame,
    in order, which are added to. Stopped, it goes no further back."""
    begun = next((t for t, objects in enumerate(seen) if objects), 0)
    if begun == 0:
        return
    backwards = [replace(frames[begun], objects=seen[begun]), *frames[:begun][::-1]]
    progress.start("carrying objects back to the beginning", begun)
    looked = look_through(backwards, Looks(proposer))
    next(looked)
    for place, objects in zip(range(begun)[::-1], looked, strict=False):
        for each in objects:
            later, each.before, each.flow = each.before, None, None
            if later is not None:
                follow(later, each)
        seen[place].extend(objects)
        progress.advance()
        if progress.cancelled():
            break
    read = _reader(frames)
    for later in (each for objects in seen[1 : begun + 1] for each in objects):
        later.flow = flow_from_before(later, read)


def _back(
    key: SeenObject,
    place: int,
    frames: Sequence[Sequence[SeenObject]],
    read: Read,
    proposer: Proposer,
    progress: Progress,
) -> list[_Found]:
    """From the frame before on, until it is where it was carried ahead to."""
    found: list[_Found] = []
    later, lost = key, _earlier(key, place, frames)
    while lost is not None and lost.carried is not None and not lost.said:
        if progress.cancelled():
            break
        place -= 1
        others = [each for each in frames[place] if each is not lost]
        back = one_back(lost, later, others, read, proposer)
        # Carried no further back, or where it was carried ahead to.
        if back is None or back.box.overlap(lost.box) > THERE:
            break
        earlier = _earlier(lost, place, frames)
        found.append(_Found(lost, back, earlier))
        later, lost = back, earlier
    return found


def _earlier(
    each: SeenObject, place: int, frames: Sequence[Sequence[SeenObject]]
) -> SeenObject | None:
    """What it was in the frame before; where nothing was known again, the only one there."""
    if each.before is not None or place == 0:
        return each.before
    known = {id(other.before) for other in frames[place]}
    left = [other for other in frames[place - 1] if id(other) not in known]
    new = [other for other in frames[place] if other.before is None]
    if len(left) != 1 or len(new) != 1 or None not in (each.track, left[0].track):
        return None
    return left[0]


def _correct(key: SeenObject, found: Sequence[_Found], read: Read) -> None:
    """The frames next to the key up to where most of the others show more of what the model knows
    where the object was carried ahead."""
    better = [_is_better(each) for each in found]
    count = int(np.argmax(np.cumsum([0.0, *better])))
    changed = found[:count]
    for each in changed:
        each.lost.is_as(each.back)
        if each.lost.before is None and each.earlier is not None:
            follow(each.lost, each.earlier)
    if changed and key.before is None:
        follow(key, changed[0].lost)
    for one in (key, *(each.lost for each in changed)) if changed else ():
        one.flow = flow_from_before(one, read)


def _is_better(found: _Found) -> float:
    """1 where the object that was carried back shows more of what the model knows than as it was
    carried ahead, -1 where less; of a model that does not know, what flow is surer of."""
    ahead, back = novelty(found.lost), novelty(found.back)
    if np.isfinite([ahead, back]).any():
        return float(np.sign(ahead - back))
    one, other = found.lost.carried, found.back.carried
    if one is None or other is None or one is CARRIED_BEFORE:
        return 0.0
    return float(np.sign(one.variance - other.variance))


def _reader(frames: Sequence[FrameToSee]) -> Read:
    """Of images by id; it keeps two, for a frame is in the step to it and in the one from it."""
    images = {frame.image.id: frame.image for frame in frames}
    return lru_cache(maxsize=2)(lambda image: pixels_of(images[image]))
