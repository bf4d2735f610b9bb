"""The lanes of a video's timeline: its tracks, and what has been done in which frame."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from landmark_annotator.annotator.gui.pages.label.panels.timeline import Lane, Mark
from landmark_annotator.projects.store import FrameObject, InstanceState, Project

_NO_TRACK = "no track"


@dataclass(frozen=True)
class TrackLanes:
    """objects: of the video by their frames. bare: the ids of instances that have no mark before
    something is proposed for them."""

    lanes: Sequence[Lane]
    objects: Mapping[int, list[FrameObject]]
    bare: frozenset[int]


def track_lanes(project: Project, video_id: int) -> TrackLanes:
    """As the project has them now."""
    bare, by_frame = set(), defaultdict[int, list[FrameObject]](list)
    marks = defaultdict[int | None, list[Mark]](list)
    for each in project.objects_of_video(video_id):
        by_frame[each.frame].append(each)
        kind = "proposed" if each.state is InstanceState.UNTOUCHED else each.state.value
        if kind != "proposed" or each.proposed or each.flagged:
            marks[each.track_id].append(Mark(each.frame, kind, each.flagged))
        else:
            bare.add(each.instance_id)
    lanes = [Lane(track.id, track.name, marks[track.id]) for track in project.tracks(video_id)]
    if marks[None] or not lanes:
        lanes.append(Lane(None, _NO_TRACK, marks[None]))
    return TrackLanes(lanes, by_frame, frozenset(bare))
