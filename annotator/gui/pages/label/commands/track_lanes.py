"""The lanes of a video's timeline: its tracks, and what has been done in which frame."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from landmark_annotator.annotator.gui.pages.label.panels.lanes import Lane, Mark
from landmark_annotator.projects.store import FrameObject, InstanceState, Project

_NO_TRACK = "no track"
_MOST = 200
"""Objects that are looked for one by one."""


@dataclass(frozen=True)
class TrackLanes:
    """objects: of the video by their frames. bare: the ids of instances that have no mark before
    something is proposed for them."""

    lanes: Sequence[Lane] = ()
    objects: Mapping[int, Sequence[FrameObject]] = field(default_factory=dict)
    bare: frozenset[int] = frozenset()
    frames: Mapping[int, int] = field(default_factory=dict)
    """Of the objects, by their instances' ids."""

    def with_present(
        self, project: Project, video_id: int, instances: Collection[int]
    ) -> "TrackLanes | None":
        """With these as the project has them now: long videos have a hundred thousand. None where
        all are to be read, since they are many, or some came, went or are of other tracks."""
        if len(instances) > _MOST:
            return None
        now = {each.instance_id: each for each in project.objects_of_video(video_id, instances)}
        frames = {self.frames[i] for i in instances if i in self.frames}
        before = [each for n in frames for each in self.objects[n] if each.instance_id in instances]
        if set(map(_place, now.values())) != set(map(_place, before)):
            return None
        bare = {i for i, each in now.items() if _mark(each) is None}
        tracks = {each.track_id for each in now.values()}
        marked = {each.track_id for i, each in now.items() if i not in bare}
        if not marked <= {lane.track_id for lane in self.lanes}:
            return None
        objects = dict(self.objects)
        for n in frames:
            objects[n] = [now.get(each.instance_id, each) for each in objects[n]]
        lanes = [
            _with_marks(lane, frames, objects) if lane.track_id in tracks else lane
            for lane in self.lanes
        ]
        return replace(self, lanes=lanes, objects=objects, bare=(self.bare - now.keys()) | bare)


def track_lanes(
    project: Project,
    video_id: int,
    before: TrackLanes,
    changed: Collection[int] | None,
) -> TrackLanes:
    """As the project has them now. before: as they were before these instances changed, by their
    ids; None: nobody knows which."""
    present = None if changed is None else before.with_present(project, video_id, changed)
    return _all_lanes(project, video_id) if present is None else present


def _all_lanes(project: Project, video_id: int) -> TrackLanes:
    bare, frames = set(), dict[int, int]()
    by_frame = defaultdict[int, list[FrameObject]](list)
    marks = defaultdict[int | None, list[Mark]](list)
    for each in project.objects_of_video(video_id):
        by_frame[each.frame].append(each)
        frames[each.instance_id] = each.frame
        mark = _mark(each)
        if mark is None:
            bare.add(each.instance_id)
        else:
            marks[each.track_id].append(mark)
    lanes = [Lane(track.id, track.name, marks[track.id]) for track in project.tracks(video_id)]
    if marks[None] or not lanes:
        lanes.append(Lane(None, _NO_TRACK, marks[None]))
    return TrackLanes(lanes, dict(by_frame), frozenset(bare), frames)


def _place(each: FrameObject) -> tuple[int, int, int | None]:
    return each.instance_id, each.frame, each.track_id


def _mark(each: FrameObject) -> Mark | None:
    """None of what has none before something is proposed for it."""
    kind = "proposed" if each.state is InstanceState.UNTOUCHED else each.state.value
    if kind != "proposed" or each.proposed or each.flagged:
        return Mark(each.frame, kind, each.flagged)
    return None


def _with_marks(
    lane: Lane, frames: Collection[int], objects: Mapping[int, Sequence[FrameObject]]
) -> Lane:
    """Those of these frames are as the objects say."""
    rest = [mark for mark in lane.marks if mark.frame not in frames]
    found = [_mark(each) for n in frames for each in objects[n] if each.track_id == lane.track_id]
    marks = sorted([*rest, *filter(None, found)], key=lambda mark: mark.frame)
    return replace(lane, marks=marks)
