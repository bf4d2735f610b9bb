"""The track of an open instance, looked at frame by frame from it outwards while people label."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.tracking.held_out_frames import FrameJudges, LabelledKeys
from landmark_annotator.annotator.session.tracking.open_clip import (
    ClipFrame,
    Labels,
    OpenClip,
    labels_of,
)
from landmark_annotator.annotator.session.tracking.seen_frames import SeenObject
from landmark_annotator.backends.tracking import FlowField, TimeTrust, flow_between
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord, Project
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import ImageError

MOST = 1000
"""Frames of a track that are looked at, nearest to the open one."""
_FARTHEST = 5
"""Frames that flow is followed over."""
_FIRST, _GROWTH = 8, 4
"""Frames after which all are smoothed for the first time, and how many times more each time."""


@dataclass(frozen=True)
class Member:
    """An instance of the track in one frame."""

    frame: int
    instance: int
    box: Box | None
    image: int


@dataclass(frozen=True, eq=False)
class Looked:
    """What was seen of a member. flow: from the earlier to the later of it and the frame beside it
    that was seen before; ahead: whether it is the later one itself."""

    place: int
    seen: SeenObject
    pixels: Pixels | None = None
    flow: FlowField | None = None
    ahead: bool = True


@dataclass(eq=False)
class GrowingClip:
    """members: in the order of their frames; start: the place of the open one. project: used from
    one thread, where the clip is asked and told."""

    project: Project
    members: Sequence[Member]
    start: int
    _found: dict[int, Looked] = field(default_factory=dict)
    _flows: dict[int, FlowField | None] = field(default_factory=dict)
    """From the member at each place to the next."""
    _due: int = _FIRST

    @classmethod
    def of(cls, project: Project, track: int, instance: int) -> "GrowingClip | None":
        """Of the frames that the project has of a track, around one of its instances; None where
        somebody has taken the instance out of the track meanwhile."""
        members = [
            Member(frame, record.id, record.box, record.image_id)
            for frame, record in project.instances_of_track(track)
            if record.second_opinion_on is None
        ]
        own = next((n for n, each in enumerate(members) if each.instance == instance), None)
        if own is None:
            return None
        first = min(max(own - MOST // 2, 0), max(len(members) - MOST, 0))
        return cls(project, members[first : first + MOST], own - first)

    @property
    def begun(self) -> bool:
        """Whether anything was seen."""
        return bool(self._found)

    @property
    def seen(self) -> int:
        """How many members were."""
        return len(self._found)

    @property
    def complete(self) -> bool:
        return len(self._found) == len(self.members)

    def lacks(self, instance: int) -> bool:
        return all(each.instance != instance for each in self.members)

    @property
    def due(self) -> bool:
        """Whether so much more was seen that all of it should be smoothed anew."""
        return len(self._found) >= min(self._due, len(self.members))

    def wait_for(self, frames: int) -> None:
        """Nothing is due before so many were seen."""
        self._due = max(self._due, frames)

    def look(self) -> Callable[[Proposer], Looked] | None:
        """Looks at the next member, slowly and in any thread; None where all were seen."""
        if self.complete:
            return None
        if not self._found:
            return self._look_at(self.start, None, True)
        low, high = min(self._found), max(self._found)
        frame = self.members[self.start].frame
        ahead = high + 1 < len(self.members) and (
            low == 0 or self.members[high + 1].frame - frame <= frame - self.members[low - 1].frame
        )
        place, beside = (high + 1, high) if ahead else (low - 1, low)
        return self._look_at(place, self._found[beside], ahead)

    def _look_at(
        self, place: int, beside: Looked | None, ahead: bool
    ) -> Callable[[Proposer], Looked]:
        member = self.members[place]
        image = self.project.image(member.image)
        return partial(_looked, place, member, image, beside, ahead)

    def take(self, looked: Looked) -> None:
        self._found[looked.place] = looked
        self._flows[looked.place - looked.ahead] = looked.flow
        edges = min(self._found), max(self._found)
        for place, each in self._found.items():
            if place not in edges and each.pixels is not None:  # photographs are large
                self._found[place] = replace(each, pixels=None)

    def smooth(
        self, folder: Path, proposer: Proposer, trust: TimeTrust | None
    ) -> Callable[[], tuple[OpenClip, TimeTrust | None]]:
        """Makes a clip of what was seen so far, slowly and in any thread. trust: as was judged
        before; where it is None it is judged, and told with the clip."""
        self._due = max(len(self._found) * _GROWTH, self._due)
        places = sorted(self._found)
        before = [None, *(self._flows[place] for place in places[:-1])]
        path = [replace(self._found[n].seen, flow=f) for n, f in zip(places, before, strict=True)]
        return partial(_smoothed, folder, path, proposer, trust)


def _looked(
    place: int,
    member: Member,
    image: ImageRecord,
    beside: Looked | None,
    ahead: bool,
    proposer: Proposer,
) -> Looked:
    whole = Box(image.width / 2, image.height / 2, image.width, image.height)
    own = SeenObject(member.frame, image.id, member.box or whole, member.instance)
    if member.box is None:
        return Looked(place, own, ahead=ahead)
    try:
        pixels = pixels_of(image)
    except ImageError:
        return Looked(place, own, ahead=ahead)
    own.proposal = proposer.propose(pixels, member.box)
    flow = None
    if beside is not None and beside.pixels is not None:
        near = abs(beside.seen.frame - member.frame) <= _FARTHEST
        pair = (beside.pixels, pixels) if ahead else (pixels, beside.pixels)
        boxes = (beside.seen.box, own.box) if ahead else (own.box, beside.seen.box)
        flow = flow_between(*pair, boxes) if near else None
    return Looked(place, own, pixels, flow, ahead)


def _smoothed(
    folder: Path, path: Sequence[SeenObject], proposer: Proposer, trust: TimeTrust | None
) -> tuple[OpenClip, TimeTrust | None]:
    known = [each.instance for each in path if each.instance is not None]
    # A project of its own: the window's is used from the window's thread only.
    with Project.open(folder, read_only=True) as project:
        size = len(project.scheme)
        labels: Mapping[int, Labels] = labels_of(project, known)
        keys = LabelledKeys.of(project) if trust is None else None
    if keys is not None:
        trust = FrameJudges(proposer, keys, labels).judged([path], SILENT).trust
    frames = [
        ClipFrame(each.frame, each.instance, each.proposal, after.flow if after else None)
        for each, after in zip(path, [*path[1:], None], strict=True)
    ]
    return OpenClip.of(frames, labels, size, trust), trust
