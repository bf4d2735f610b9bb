"""Where the objects of a video have left the picture: what lies between keyframes in other
programs."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary.arrays import Ints

_ACCEPTED = tuple(InstanceState).index(InstanceState.ACCEPTED)


@dataclass(frozen=True)
class _Frames:
    """Of a video, each ascending. labelled: frames in which something is accepted. tracks: by
    track, those in which its object is, whatever is known of it."""

    labelled: Ints
    tracks: dict[int, Ints]


class LeftFrames:
    """Read once for each video, when it is first asked about."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._of_video = cache(self._read)

    def after(self, frame: int, video_id: int, track_id: int | None) -> int | None:
        """The first frame after this one that has labels and no object of the track, before the
        next one with such an object; None where there is none."""
        told = self._of_video(video_id)
        if track_id not in told.tracks:
            return None
        later = told.labelled[np.searchsorted(told.labelled, frame, side="right") :]
        own = told.tracks[track_id]
        there = own[np.searchsorted(own, frame, side="right") :]
        gone = len(later) and (not len(there) or later[0] < there[0])
        return int(later[0]) if gone else None

    def _read(self, video_id: int) -> _Frames:
        objects = self._project.video_objects(video_id)
        tracks = {
            int(track): np.unique(objects.frames[objects.tracks == track])
            for track in np.unique(objects.tracks[objects.tracks > 0])
        }
        return _Frames(np.unique(objects.frames[objects.states == _ACCEPTED]), tracks)
