"""Where the objects of a video have left the picture: what lies between keyframes in other
programs."""

from functools import cache

import numpy as np

from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary.arrays import Ints

_ACCEPTED = tuple(InstanceState).index(InstanceState.ACCEPTED)


class LeftFrames:
    """Read once for each video, when it is first asked about."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._of_video = cache(self._read)

    def after(self, frame: int, video_id: int, track_id: int) -> int | None:
        """The first frame after this one that has labels and no object of the track; None where
        there is none."""
        gone = self._of_video(video_id).get(track_id)
        place = 0 if gone is None else int(np.searchsorted(gone, frame, side="right"))
        return None if gone is None or place == len(gone) else int(gone[place])

    def _read(self, video_id: int) -> dict[int, Ints]:
        """By track the frames that have labels and no object of it, ascending."""
        objects = self._project.video_objects(video_id)
        labelled = np.unique(objects.frames[objects.states == _ACCEPTED])
        return {
            int(track): np.setdiff1d(labelled, objects.frames[objects.tracks == track])
            for track in np.unique(objects.tracks[objects.tracks > 0])
        }
