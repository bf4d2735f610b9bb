"""The lanes of a video's timeline: its tracks, and what has been done in which frame."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from landmark_annotator.annotator.gui.pages.label.panels.lanes import Lane
from landmark_annotator.projects.store import FrameObject, Project, VideoObjects

_NO_TRACK = "no track"
_MOST = 200
"""Objects that are looked for one by one."""


@dataclass(frozen=True)
class TrackLanes:
    """objects: of the video. Those of which nothing is known have no mark."""

    lanes: Sequence[Lane] = ()
    objects: VideoObjects = field(default_factory=VideoObjects.none)

    def with_present(
        self, project: Project, video_id: int, instances: Collection[int]
    ) -> "TrackLanes | None":
        """With these as the project has them now: long videos have a hundred thousand. None where
        all are to be read, since they are many, or some came, went or are of other tracks."""
        if len(instances) > _MOST:
            return None
        now = project.objects_of_video(video_id, instances)
        if list(map(_place, now)) != list(map(_place, self.objects.of(instances))):
            return None
        objects = self.objects.with_present(now)
        marked = {each.track_id for each in now if not objects.has_bare([each.instance_id])}
        if not marked <= {lane.track_id for lane in self.lanes}:
            return None
        tracks = {each.track_id for each in now}
        lanes = [
            _lane(objects, lane.track_id, lane.name) if lane.track_id in tracks else lane
            for lane in self.lanes
        ]
        return replace(self, lanes=lanes, objects=objects)


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
    objects = project.video_objects(video_id)
    lanes = [_lane(objects, track.id, track.name) for track in project.tracks(video_id)]
    loose = _lane(objects, None, _NO_TRACK)
    if len(loose.frames) or not lanes:
        lanes.append(loose)
    return TrackLanes(lanes, objects)


def _place(each: FrameObject) -> tuple[int, int, int | None]:
    return each.instance_id, each.frame, each.track_id


def _lane(objects: VideoObjects, track_id: int | None, name: str) -> Lane:
    own = (objects.tracks == (track_id or 0)) & ~objects.bare
    return Lane(track_id, name, objects.frames[own], objects.states[own], objects.flagged[own])
