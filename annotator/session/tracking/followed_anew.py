"""Tracks that were smoothed before, as what proposes now sees their frames.

A new model's answer for one frame is evidence for all frames of its track: stored by itself it
would put one frame's word in the place of what all of them say together.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from landmark_annotator.annotator.session.models.proposers import Proposer, proposer_recipe
from landmark_annotator.annotator.session.tracking.carried_objects import SeenObject
from landmark_annotator.annotator.session.tracking.seen_frames import (
    FrameToSee,
    Looks,
    look_through,
)
from landmark_annotator.annotator.session.tracking.smoothed_tracks import (
    frames_to_see,
    paths_of,
    smooth_tracks,
)
from landmark_annotator.backends.tracking import TRACKING
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.wording import counted


@dataclass
class FollowedAnew:
    """tracks: that were smoothed anew, proposed: instances whose proposal was stored. time: how far
    time was believed. unreadable: one sentence for each frame that could not be read; missing: for
    each video that is not there, whose tracks keep what was proposed before."""

    tracks: int = 0
    proposed: int = 0
    time: str = ""
    unreadable: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """Nothing where no object was followed."""
        if not self.tracks:
            return ""
        frames = f"all frames of {counted(self.tracks, 'track')} together"
        return (
            f"Proposed for {counted(self.proposed, 'followed instance')} by {frames}. {self.time}"
        )


def propose_followed(project: Project, progress: Progress, device: str = "cpu") -> FollowedAnew:
    """Proposes for all that is not accepted in the tracks that were smoothed before; boxes and
    tracks stay as they are. device: that the model runs on.

    Stopped, tracks of videos that it has not come to the end of keep what was proposed before.
    """
    done = FollowedAnew()
    tracks: defaultdict[int, set[int]] = defaultdict(set)
    for track in project.tracks_proposed_by(TRACKING):
        tracks[track.video_id].add(track.id)
    if not tracks or progress.cancelled():
        return done
    proposer = proposer_recipe(project, device=device).make()
    if proposer.model is None:
        return done
    for video in (each for each in project.videos() if each.id in tracks):
        frames = frames_to_see(project, video, tracks=tracks[video.id])
        seen = _seen(frames, proposer, progress, done)
        if progress.cancelled():
            break
        if seen is None:
            continue
        paths = paths_of(seen)
        smoothed = smooth_tracks(project, paths, proposer, progress)
        done.tracks += len(paths)
        done.proposed += smoothed.proposed
        done.time = smoothed.judged.sentence if paths else done.time
    return done


def _seen(
    frames: list[FrameToSee], proposer: Proposer, progress: Progress, done: FollowedAnew
) -> list[SeenObject] | None:
    """None where the video is not there, or goes away meanwhile: half of its frames do not say what
    all of them do."""
    looks, seen = Looks(proposer, carry=False), list[SeenObject]()
    progress.start("looking at frames", len(frames))
    for objects in look_through(frames, looks):
        if looks.away is not None:
            done.missing.append(looks.away.happened)
            return None
        seen += objects
        progress.advance()
        if progress.cancelled():
            break
    done.unreadable += looks.unreadable
    return seen
