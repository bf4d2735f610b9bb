"""Frames of a track in which its object was lost altogether, as where two lay on each other: its
lane ended there, and begins anew with a later label."""

from collections.abc import Sequence
from dataclasses import dataclass

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.tracking.carried_objects import (
    SeenObject,
    follow,
    is_one_shape,
    is_taken,
)
from landmark_annotator.annotator.session.tracking.seen_frames import FrameToSee
from landmark_annotator.annotator.session.tracking.steps_back import (
    Read,
    flow_from_before,
    one_back,
)
from landmark_annotator.projects.vocabulary import Progress


@dataclass(frozen=True, eq=False)
class LaneGap:
    """ended: the last object of a track before frames that lack it, later: the first one after
    them. places: of those frames among all that were looked at, from `later` back."""

    ended: SeenObject
    later: SeenObject
    places: range


def lane_gaps(seen: Sequence[Sequence[SeenObject]]) -> list[LaneGap]:
    """seen: the objects of each frame, in order."""
    last: dict[int, tuple[int, SeenObject]] = {}
    found = []
    for place, objects in enumerate(seen):
        for each in objects:
            if each.track is None:
                continue
            if each.before is None and each.track in last:
                at, ended = last[each.track]
                found.append(LaneGap(ended, each, range(place - 1, at, -1)))
            last[each.track] = place, each
    return found


def close(
    gap: LaneGap,
    frames: Sequence[FrameToSee],
    seen: Sequence[list[SeenObject]],
    read: Read,
    proposer: Proposer,
    progress: Progress,
) -> SeenObject | None:
    """Carries its object back into the frames that lack it, as far as they show it: to where
    another one hides it, or where nothing is seen of it any more. seen: the objects of each frame,
    which are added to. Slow; stopped, it keeps the frames that it has come through.

    Returns the object in the first of them, where it has come so far; else None.
    """
    found = _found(gap, frames, seen, read, proposer, progress)
    later = gap.later
    for place, each in zip(gap.places, found, strict=False):
        seen[place].append(each)
        _link(each, later, read)
        later = each
    if len(found) < len(gap.places):
        return None
    _link(gap.ended, later, read)
    return later


def _found(
    gap: LaneGap,
    frames: Sequence[FrameToSee],
    seen: Sequence[Sequence[SeenObject]],
    read: Read,
    proposer: Proposer,
    progress: Progress,
) -> list[SeenObject]:
    """From the later label back."""
    found = list[SeenObject]()
    later = gap.later
    for place in gap.places:
        image, there = frames[place].image, seen[place]
        if progress.cancelled():
            break
        lost = SeenObject(image.frame or 0, image.id, later.box, track=gap.later.track)
        back = one_back(lost, later, there, read, proposer)
        if back is None or is_taken(back.box, there):
            break
        if any(is_one_shape(back, each) for each in there):
            break
        found.append(back)
        later = back
    while found and found[-1].proposal is not None and found[-1].proposal.unfamiliar:
        found.pop()  # before it came into sight, or where it was left behind
    return found


def _link(each: SeenObject, later: SeenObject, read: Read) -> None:
    follow(later, each)
    later.flow = flow_from_before(later, read)
