"""The track of an open instance, looked at frame by frame from it outwards while people label."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.models.smoothed_proposal import all_smoothed
from landmark_annotator.annotator.session.tracking.carried_objects import SeenObject
from landmark_annotator.annotator.session.tracking.held_out_frames import FrameJudges, LabelledKeys
from landmark_annotator.annotator.session.tracking.open_clip import (
    ClipFrame,
    Labels,
    OpenClip,
    labels_of,
)
from landmark_annotator.annotator.session.tracking.seen_instances import SeenInstances
from landmark_annotator.backends.tracking import FlowField, TimeTrust, flow_or_leap
from landmark_annotator.backends.tracking.going import Going
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord, Project
from landmark_annotator.projects.vocabulary import SILENT
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import FileMissing, ImageError

MOST = 1000
"""Frames of a track that are looked at, nearest to the open one."""
_FARTHEST = 5
"""Frames that flow is followed over."""
_AROUND = 16
"""Frames before and after one that is asked about, of which the project tells with it: a question
to a far server takes as long as a look."""
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
    that was seen before; ahead: whether it is the later one itself. away: whether its file is, as
    on a drive that is not there: nothing is known of it then, where a damaged frame shows
    nothing."""

    place: int
    seen: SeenObject
    pixels: Pixels | None = None
    flow: FlowField | None = None
    ahead: bool = True
    away: bool = False


@dataclass(eq=False)
class GrowingClip:
    """members: in the order of their frames; start: the place of the open one. known: what was seen
    by the same model before, which is not looked at again. project: used from one thread, where
    the clip is asked and told. away: whether the file of a member is: no more is looked at, until
    the track is taken up `again`."""

    project: Project
    members: Sequence[Member]
    start: int
    known: SeenInstances = field(default_factory=SeenInstances)
    away: bool = False
    _found: dict[int, Looked] = field(default_factory=dict)
    """By place, with none left out between the first and the last of them."""
    _flows: dict[int, FlowField | None] = field(default_factory=dict)
    """From the member at each place to the next."""
    _told: dict[int, tuple[ImageRecord, Floats | None]] = field(default_factory=dict)
    """See `_asked`."""
    _due: int = _FIRST

    def __post_init__(self) -> None:
        self._low = self._high = self.start
        """The first and the last place that was seen, where any was."""

    @classmethod
    def of(
        cls, project: Project, track: int, instance: int, known: SeenInstances | None = None
    ) -> "GrowingClip | None":
        """Of the frames that the project has of a track, around one of its instances; None where
        somebody has taken the instance out of the track meanwhile."""
        frame = project.image(project.instance(instance).image_id).frame
        members = _members(project, track, frame or 0)
        own = next((n for n, each in enumerate(members) if each.instance == instance), None)
        if own is None:
            return None
        clip = cls(project, members, own, known or SeenInstances())
        clip._take_known()
        return clip

    def again(self, track: int, instance: int) -> "GrowingClip | None":
        """As `of`, by what the project says of its track now: what was seen in boxes that are as
        they were is not looked at again."""
        places = [n for n, looked in self._found.items() if looked.seen.proposal is not None]
        objects = {self.members[n].instance: self._found[n].seen for n in places}
        flows = {
            (self.members[n].instance, self.members[n + 1].instance): self._flows[n]
            for n in places
            if n + 1 in self._found
        }
        known = SeenInstances(self.known.model, self.known.trust, objects, flows)
        return self.of(self.project, track, instance, self.known.joined(known))

    def moved(self, track: int, instances: Collection[int] = ()) -> frozenset[int]:
        """Which of these instances are of another track than this one by now, or have another box
        than they were seen in."""
        before = {each.instance: each.box for each in self.members}
        now = self.project.some_instances(sorted(before.keys() & set(instances)))
        return frozenset(r.id for r in now if r.track_id != track or r.box != before[r.id])

    def moved_of_all(self, track: int) -> frozenset[int] | None:
        """As `moved`, of all its instances, which may be none where others have come into the
        track; None where the track is as it was."""
        frame = self.members[self.start].frame
        before = {(each.instance, each.box) for each in self.members}
        now = {(each.instance, each.box) for each in _members(self.project, track, frame)}
        return None if now == before else frozenset(instance for instance, _ in before - now)

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
        """Looks at the next member, slowly and in any thread; None where all were seen, or their
        file is away."""
        if self.complete or self.away:
            return None
        place, beside, ahead = self._next
        image, lay = self._asked(place)
        seen = None if beside is None else self._found[beside]
        where = None if beside is None else self._asked(beside)[0]
        known = self._seen_before(place)
        return partial(_looked, place, self.members[place], image, seen, where, ahead, known, lay)

    def _asked(self, place: int) -> tuple[ImageRecord, Floats | None]:
        """Of the member at this place, its image and how it lay when it was smoothed; with it the
        project tells of those around it."""
        if place not in self._told:
            around = range(max(place - _AROUND, 0), min(place + _AROUND + 1, len(self.members)))
            asked = {n: self.members[n] for n in around if n not in self._told}
            images = self.project.some_images({each.image for each in asked.values()})
            records = self.project.some_instances([each.instance for each in asked.values()])
            lay = {record.id: own.points for record, own in all_smoothed(self.project, records)}
            for n, each in asked.items():
                if each.image in images:
                    self._told[n] = images[each.image], lay.get(each.instance)
        told = self._told.get(place)
        # Of one that is gone the project says so.
        return told or (self.project.image(self.members[place].image), None)

    @property
    def _next(self) -> tuple[int, int | None, bool]:
        """The place that is looked at next, of those that are left; the one beside it that was seen
        before, and whether it is the later of them."""
        if not self._found:
            return self.start, None, True
        low, high = self._low, self._high
        frame = self.members[self.start].frame
        ahead = high + 1 < len(self.members) and (
            low == 0 or self.members[high + 1].frame - frame <= frame - self.members[low - 1].frame
        )
        return (high + 1, high, True) if ahead else (low - 1, low, False)

    def take(self, looked: Looked) -> None:
        if looked.away:
            self.away = True
            return
        self._put(looked)
        self._take_known()

    def _put(self, looked: Looked) -> None:
        self._found[looked.place] = looked
        self._flows[looked.place - looked.ahead] = looked.flow
        self._low, self._high = min(self._low, looked.place), max(self._high, looked.place)
        beside = looked.place - 1 if looked.ahead else looked.place + 1
        if self._low < beside < self._high:  # photographs are large
            self._found[beside] = replace(self._found[beside], pixels=None)

    def _seen_before(self, place: int) -> SeenObject | None:
        member = self.members[place]
        return self.known.object(member.instance, member.box)

    def _take_known(self) -> None:
        """All that comes next of which nothing more can be seen."""
        while not self.complete:
            place, beside, ahead = self._next
            known = self._seen_before(place)
            if known is None:
                return
            flow = None
            if beside is not None:
                pair = sorted((place, beside))
                one, other = (self.members[n].instance for n in pair)
                # Flow is looked for around both boxes.
                if (one, other) not in self.known.flows or self._seen_before(beside) is None:
                    return
                flow = self.known.flows[one, other]
            self._put(Looked(place, known, flow=flow, ahead=ahead))

    def smooth(
        self, folder: Path, proposer: Proposer, trust: TimeTrust | None
    ) -> Callable[[], tuple[OpenClip, TimeTrust | None]]:
        """Makes a clip of what was seen so far, slowly and in any thread. trust: as was judged
        before; where it is None it is judged, and told with the clip."""
        self._due = max(len(self._found) * _GROWTH, self._due)
        places = sorted(self._found)
        before = [None, *(self._flows[place] for place in places[:-1])]
        path = [replace(self._found[n].seen, flow=f) for n, f in zip(places, before, strict=True)]
        span = self.members[-1].frame - self.members[0].frame
        return partial(_smoothed, folder, path, proposer, trust, span)


def _members(project: Project, track: int, frame: int) -> list[Member]:
    """Those round this frame, one a frame: a second opinion where it stands alone. Not the whole
    track, which may be hours long: it is asked in the window's thread."""
    near = project.instances_near(track, frame, MOST)
    firsts = {frame for frame, record in near if record.second_opinion_on is None}
    return [
        Member(frame, record.id, record.box, record.image_id)
        for frame, record in near
        if record.second_opinion_on is None or frame not in firsts
    ]


def _looked(
    place: int,
    member: Member,
    image: ImageRecord,
    beside: Looked | None,
    image_beside: ImageRecord | None,
    ahead: bool,
    known: SeenObject | None,
    lay: Floats | None,
    proposer: Proposer,
) -> Looked:
    whole = Box.whole_image(image.width, image.height)
    own = known or SeenObject(member.frame, image.id, member.box or whole, member.instance, lay=lay)
    if member.box is None:
        return Looked(place, own, ahead=ahead)
    try:
        pixels = pixels_of(image)
    except FileMissing:
        return Looked(place, own, ahead=ahead, away=True)
    except ImageError:
        return Looked(place, own, ahead=ahead)
    if known is None:
        own.look(proposer, pixels)
    flow = None
    if beside is not None and abs(beside.seen.frame - member.frame) <= _FARTHEST:
        before = _pixels_beside(beside, image_beside)
        if before is not None:
            pair = (before, pixels) if ahead else (pixels, before)
            boxes = (beside.seen.box, own.box) if ahead else (own.box, beside.seen.box)
            flow = flow_or_leap(*pair, boxes, Going.of(boxes))
    return Looked(place, own, pixels, flow, ahead)


def _pixels_beside(beside: Looked, image: ImageRecord | None) -> Pixels | None:
    """Read anew where it was seen elsewhere, which kept none; None where it has none to see."""
    if beside.pixels is not None or image is None or beside.seen.proposal is None:
        return beside.pixels
    try:
        return pixels_of(image)
    except ImageError:
        return None


def _smoothed(
    folder: Path,
    path: Sequence[SeenObject],
    proposer: Proposer,
    trust: TimeTrust | None,
    span: int,
) -> tuple[OpenClip, TimeTrust | None]:
    known = [each.instance for each in path if each.instance is not None]
    # A project of its own: the window's is used from the window's thread only.
    with Project.open(folder, read_only=True) as project:
        size = len(project.scheme)
        labels: Mapping[int, Labels] = labels_of(project, known, but_for=project.blind_instances())
        keys = LabelledKeys.of(project) if trust is None else None
        rates = {video.id: video.frame_rate for video in project.videos()}
        rate = rates.get(project.image(path[0].image).video_id or 0)
    if keys is not None:
        trust = FrameJudges(proposer, keys, labels).judged([path], SILENT).trust
    frames = [
        ClipFrame(each.frame, each.instance, each.proposal, after.flow if after else None)
        for each, after in zip(path, [*path[1:], None], strict=True)
    ]
    return OpenClip.of(frames, labels, size, trust, span, rate), trust
