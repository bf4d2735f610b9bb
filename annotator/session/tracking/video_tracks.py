"""All frames of a video proposed for: objects found and carried along, told apart, and smoothed."""

import shlex
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

from landmark_annotator.annotator.session.finding.found_objects import images_without_objects
from landmark_annotator.annotator.session.finding.search import Search, search_recipe
from landmark_annotator.annotator.session.models.free_heading import free_heading
from landmark_annotator.annotator.session.models.model_identity import identity_of
from landmark_annotator.annotator.session.models.proposers import Proposer, best_proposer
from landmark_annotator.annotator.session.tracking.carried_back import (
    carry_back,
    carry_to_the_beginning,
)
from landmark_annotator.annotator.session.tracking.carried_objects import THERE, SeenObject
from landmark_annotator.annotator.session.tracking.ended_tracks import Ending, PathParts, told
from landmark_annotator.annotator.session.tracking.seen_frames import Looks, look_through
from landmark_annotator.annotator.session.tracking.seen_instances import SeenInstances
from landmark_annotator.annotator.session.tracking.smoothed_tracks import (
    frames_to_see,
    paths_of,
    smooth_tracks,
)
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.images.source import video_sha256
from landmark_annotator.projects.store import InstanceState, Project, VideoRecord
from landmark_annotator.projects.video import is_numbered, numbered_files, video_at, video_name
from landmark_annotator.projects.vocabulary import Box, Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError, ImageError

_NAMED = 6
"""Doubtful tracks that a sentence names."""
_FEWEST = 2
"""Frames that an object has to be in to be a track."""


@dataclass
class Tracked:
    """frames: looked at. objects: seen in them, added: of these, that the project did not have;
    moved: that had been carried elsewhere before. tracks: by name, the number of frames of each.
    proposed: instances whose proposal was stored. reason: what proposes, and why that. time: how
    far what it proposes is smoothed, and why. stopped_at: the last frame that was looked at, where
    that is not the last one of all; away: why, where the video was no longer there, else "".
    doubtful: the names of tracks without a label in which most frames show nothing that the model
    knows: what was found may be no object."""

    reason: str
    time: str = ""
    frames: int = 0
    objects: int = 0
    added: int = 0
    moved: int = 0
    proposed: int = 0
    tracks: dict[str, int] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    stopped_at: int | None = None
    away: str = ""
    doubtful: list[str] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)

    @property
    def ends(self) -> str:
        """What is said of the ends of tracks, for people; "" where there are none."""
        return told(self.endings, self.doubtful)

    @property
    def doubt(self) -> str:
        """What is said of doubtful tracks, for people; "" where there is none."""
        if not self.doubtful:
            return ""
        named = ", ".join(self.doubtful[:_NAMED])
        more = f" and {len(self.doubtful) - _NAMED:,} more" if len(self.doubtful) > _NAMED else ""
        one = len(self.doubtful) == 1
        return (
            f"{'Track' if one else 'Tracks'} {named}{more}: most frames show nothing there that "
            f"the model knows, so {'it is' if one else 'these are'} perhaps no object. Look at "
            f"{'it' if one else 'them'} first; all was kept."
        )


@dataclass(frozen=True)
class Means:
    """With what objects are followed: what proposes for them, and what looks for them."""

    proposer: Proposer
    search: Search

    @classmethod
    def of(cls, project: Project) -> "Means":
        """Slow: may load networks. Raises ActionableError where nothing is known yet."""
        proposer = best_proposer(project)
        if proposer.model is None:
            raise ActionableError(
                proposer.reason,
                kept="Nothing was changed.",
                remedy="Label one object completely in the window; from then on it can be tracked.",
            )
        return cls(proposer, search_recipe(project).make())

    def refuse_in_vain(self, project: Project, video: Path, first: int, last: int) -> None:
        """Raises ActionableError where `follow_video` would refuse it also with all frames from
        first to last, both among them: they would come into the project for nothing."""
        if self.search.can_look:
            return
        with suppress(ActionableError):  # it is not known yet
            known = known_video(project, video)
            there = project.objects_of_video(known.id, first=first, last=last)
            ids = [each.instance_id for each in there]
            if any(each.box is not None for each in project.some_instances(ids)):
                return
        raise _nothing_to_follow(video)


def _nothing_to_follow(video: Path) -> ActionableError:
    return ActionableError(
        f"No frame of {video_name(video)} in that range has an object to follow.",
        kept="Nothing was changed.",
        remedy="Draw the box of each object in one of them, or label it, and follow again.",
    )


def follow_video(
    project: Project,
    video: VideoRecord,
    progress: Progress,
    *,
    who: str,
    first: int = 0,
    last: int | None = None,
    carry: bool = True,
    means: Means | None = None,
) -> tuple[Tracked, SeenInstances]:
    """Of the frames of the video that the project has, from first to last, both among them; and
    what was seen of the tracks' objects. means: where they were made before.

    Stopped, it keeps what is done: the frames that were looked at are tracked and proposed for.
    Raises ActionableError where the project has no such frame, or nothing is known yet, and
    ImageError where none of them can be read.
    """
    means = means or Means.of(project)
    proposer, search = means.proposer, means.search
    carried = carry and not search.can_look
    frames = frames_to_see(project, video, first, last, anew=carried)
    boxes = {each.instance: each.box for frame in frames for each in frame.objects}
    if not frames:
        raise ActionableError(
            f"The project has no frame of {video_name(video.path)} in that range.",
            kept="Nothing was changed.",
            remedy=_add_some(project, video.path),
        )
    if not (search.can_look or any(frame.objects for frame in frames)):
        raise _nothing_to_follow(video.path)
    looks = Looks(proposer, search.boxes if search.can_look else None, carry)
    done = Tracked(proposer.reason)
    by_frame: list[list[SeenObject]] = []
    progress.start("looking at frames", len(frames))
    for objects in look_through(frames, looks):
        if looks.away is not None:  # what is left is looked at once the video is back
            if not by_frame:
                raise looks.away
            done.away = looks.unreadable.pop()
            break
        by_frame.append(objects)
        progress.advance()
        if progress.cancelled():
            break
    done.frames = len(by_frame)
    if len(looks.unreadable) == len(frames):
        pixels_of(frames[0].image)  # which says what is wrong, and what to do
    if done.frames < len(frames):
        done.stopped_at = frames[done.frames - 1].image.frame
    if carry:
        carry_back(frames, by_frame, proposer, progress)
        carry_to_the_beginning(frames, by_frame, proposer, progress)
    seen = [each for objects in by_frame for each in objects]
    size = len(project.scheme)
    parts = {id(part.kept[0]): part for part in (PathParts.of(p, size) for p in paths_of(seen))}
    kept = {id(each) for part in parts.values() for each in part.kept}
    seen = [each for each in seen if id(each) in kept]
    if project.scheme.heading is None and free_heading(project) is None:
        for each in seen:  # a turned box says that objects have a heading
            each.stand_upright()
    done.objects, done.unreadable = len(seen), looks.unreadable
    elsewhere = {e.instance: e.box for e in seen if e.instance and e.box != boxes[e.instance]}
    step = _Step(f"following through {video_name(video.path)}", who, project.now)
    with project.transaction():
        moved = project.move_found(elsewhere, title=step.title, who=who, at=step.at)
        done.moved, done.added = len(moved), _write_boxes(project, seen, step)
        tracks = _write_tracks(project, video, seen, step)
    smoothed = smooth_tracks(project, list(tracks.values()), proposer, progress)
    done.time, done.proposed = smoothed.judged.sentence, smoothed.proposed
    done.tracks = {
        name: sum(each.instance is not None for each in objects) for name, objects in tracks.items()
    }
    there = project.some_instances([each for each in boxes if each is not None])
    labelled = {each.id for each in there if each.state is not InstanceState.UNTOUCHED}
    done.doubtful = [name for name, path in tracks.items() if _is_doubtful(path, labelled)]
    for name, path in tracks.items():
        done.endings += parts[id(path[0])].endings(name, looks.left)
    return done, SeenInstances.of(identity_of(proposer), smoothed.judged.trust, tracks.values())


def _is_doubtful(path: Sequence[SeenObject], labelled: Collection[int]) -> bool:
    """Whether nobody has labelled any of it, and most of the looks at it show nothing known."""
    if any(each.instance in labelled for each in path):
        return False
    looks = [each.proposal for each in path if each.proposal is not None]
    return sum(look.unfamiliar for look in looks) * 2 > len(looks)


def known_video(project: Project, path: Path) -> VideoRecord:
    """By its path, or by its name where only one is called so and no other file of that name is
    meant; a folder of numbered images is a video too. Raises ActionableError."""
    videos = project.videos()
    named = path
    with suppress(ImageError):
        named = video_at(path)
    found = [v for v in videos if v.path == named.absolute() or v.path == named.resolve()]
    found = found or [
        video
        for video in videos
        if video.path.name == named.name and not _are_two(video.path, named)
    ]
    if not found:
        _refuse_moved(project, named)
    if len(found) != 1:
        raise ActionableError(
            f"The project has no frames of {path.name}.",
            kept="Nothing was changed.",
            remedy=_add_some(project, path),
        )
    return found[0]


def _add_some(project: Project, video: Path) -> str:
    return f"Add some: annotator frames {shlex.join(map(str, (project.folder, video)))} --every 1"


def _refuse_moved(project: Project, named: Path) -> None:
    """Where a video that is away has this content: by another name nobody looks for it here."""
    away = [video for video in project.videos() if not video.path.exists()]
    if not away or not named.is_file():
        return
    content = video_sha256(named)
    for video in away:
        if video.sha256 == content:
            places = shlex.join(map(str, (project.folder, named.absolute().parent)))
            raise ActionableError(
                f"{named.name} is the video that the project knows as {video.path}.",
                kept="Nothing was changed.",
                remedy=f"Say that it is there now: annotator locate {places}",
            )


def _are_two(one: Path, other: Path) -> bool:
    """Whether both are there, and not the same: neither has only been moved."""
    return one.exists() and other.exists() and not one.samefile(other)


def video_to_add_from(project: Project, path: Path) -> Path:
    """Which file has the frames: the named one, whether or not the project knows it, or the known
    one of a name that is no file here. Raises ActionableError."""
    named = video_at(path)
    if named.exists() or (is_numbered(named) and numbered_files(named)):
        return named
    return known_video(project, named).path


@dataclass(frozen=True)
class _Step:
    """What all that is written of one following is called in the journal, so that one undo takes
    it back."""

    title: str
    who: str
    at: datetime


def _write_boxes(project: Project, seen: Sequence[SeenObject], step: _Step) -> int:
    """Objects that the project has not yet; how many that were. Frames in which somebody has begun
    meanwhile are left as they are, and so are places of which somebody has thrown out an object."""
    free = set(images_without_objects(project).tolist())
    busy = {each.image for each in seen if each.instance is not None}
    thrown_out = _thrown_out(project)
    boxes: dict[int, list[Box]] = {}
    new: dict[int, list[SeenObject]] = {}
    for each in seen:
        gone = any(each.box.overlap(box) > THERE for box in thrown_out.get(each.image, ()))
        if each.instance is None and not gone and (each.image in free or each.image in busy):
            boxes.setdefault(each.image, []).append(each.box)
            new.setdefault(each.image, []).append(each)
    if not boxes:
        return 0
    ids = iter(project.add_found(boxes, title=step.title, who=step.who, at=step.at))
    for objects in new.values():
        for each in objects:
            each.instance = next(ids)
    return sum(map(len, boxes.values()))


def _thrown_out(project: Project) -> dict[int, list[Box]]:
    """By image, where objects were that count no more; what undo took back has no box."""
    found: dict[int, list[Box]] = {}
    if not len(project.excluded_ids()):  # as mostly: to look through all of a project takes a while
        return found
    for record in project.instances(excluded=True):
        if record.excluded is not None and record.box is not None:
            found.setdefault(record.image_id, []).append(record.box)
    return found


def _write_tracks(
    project: Project, video: VideoRecord, seen: Sequence[SeenObject], step: _Step
) -> dict[str, list[SeenObject]]:
    """The objects of each track by its name, new tracks among them."""
    paths = [
        path
        for path in paths_of(seen)
        if len(path) >= _FEWEST and any(each.instance is not None for each in path)
    ]
    found: dict[str, list[SeenObject]] = {}
    loose = defaultdict[str, list[int]](list)
    stored = {each.instance_id: each.track_id for each in project.objects_of_video(video.id)}
    names = {track.id: track.name for track in project.tracks(video.id)}
    free = (name for name in map(str, count(1)) if name not in names.values())
    taken: dict[str, set[int]] = {}
    for path in paths:
        # What was followed is of the track of what came before it, as that is by now: somebody may
        # have swapped, joined or deleted tracks since it was looked at.
        tracks = [stored.get(each.instance or 0) for each in path]
        known = next((track for track in tracks if track is not None), None)
        name = own = next(free) if known is None else names[known]
        found[next(free) if name in found else name] = path
        for each, track in zip(path, tracks, strict=True):
            known, own = (known, own) if track is None else (track, names[track])
            if own not in taken:
                there = [] if known is None else project.instances_of_track(known, excluded=True)
                taken[own] = {frame for frame, _ in there}  # also by what was left out
            if each.instance in stored and track is None and each.frame not in taken[own]:
                taken[own].add(each.frame)
                loose[own].append(each.instance)
    if loose:
        project.gather_tracks(video.id, loose, title=step.title, who=step.who, at=step.at)
    return found
