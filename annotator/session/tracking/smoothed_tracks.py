"""Tracks of objects that were looked at: smoothed, and stored as proposals."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from landmark_annotator.annotator.session.models.batch_proposals import store_expectation
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.models.smoothed_proposal import all_smoothed
from landmark_annotator.annotator.session.tracking.carried_objects import CARRIED_BEFORE, SeenObject
from landmark_annotator.annotator.session.tracking.held_out_frames import (
    FrameJudges,
    LabelledKeys,
    TimeJudged,
)
from landmark_annotator.annotator.session.tracking.open_clip import (
    ClipFrame,
    Labels,
    OpenClip,
    labels_of,
)
from landmark_annotator.annotator.session.tracking.seen_frames import FrameToSee
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project, VideoRecord
from landmark_annotator.projects.store.same_objects import given_way
from landmark_annotator.projects.vocabulary import Progress

_STORED_AT_ONCE = 32
"""Frames: each transaction waits for the disk, and as long as one lasts others wait for it."""


@dataclass(frozen=True)
class SmoothedTracks:
    """proposed: instances whose proposal was stored. judged: how far time was believed."""

    proposed: int
    judged: TimeJudged


def frames_to_see(
    project: Project,
    video: VideoRecord,
    first: int = 0,
    last: int | None = None,
    tracks: Collection[int] | None = None,
    anew: bool = False,
) -> list[FrameToSee]:
    """The frames that the project has of a video, from first to last, both among them, with what is
    in each at one moment: of all objects, or of these tracks alone and in no other frames. anew:
    whether boxes that a model found and nobody has begun with may be elsewhere now."""
    with project.snapshot():
        found = project.found_boxes() if anew else frozenset()
        given = project.given_over() if anew else {}
        images = [i for i in project.images() if i.video_id == video.id and i.frame is not None]
        wanted = {
            i.id: i
            for i in sorted(images, key=lambda i: i.frame or 0)
            if first <= (i.frame or 0) and (last is None or (i.frame or 0) <= last)
        }
        objects: defaultdict[int, list[SeenObject]] = defaultdict(list)
        records: list[InstanceRecord] = []
        # A second person's label that stands is the object's, and of the first one's track.
        gone = {record.id for record in given_way(project)}
        for record in project.instances():
            image, beside = wanted.get(record.image_id), record.second_opinion_on
            if image is None or record.box is None or not (beside is None or beside in gone):
                continue
            if tracks is not None and record.track_id not in tracks:
                continue
            place = image.frame or 0, image.id
            own = SeenObject(*place, record.box, record.id, record.track_id)
            if record.id in found and record.state is InstanceState.UNTOUCHED:
                own.carried = CARRIED_BEFORE
            objects[image.id].append(own)
            records.append(record)
        lays = {record.id: before.points for record, before in all_smoothed(project, records)}
    for own in chain.from_iterable(objects.values()):
        own.lay = lays.get(own.instance or 0)
    frames = [
        FrameToSee(image, objects[image.id])
        for image in wanted.values()
        if tracks is None or objects[image.id]
    ]
    _mark_said(frames, given)
    return frames


def _mark_said(frames: Sequence[FrameToSee], given: Mapping[int, int]) -> None:
    """Objects with which a stretch of a track begins, or ends, that somebody gave to it. given: by
    instance the step by which that was done."""
    last: dict[int, int] = {}
    for own in (each for frame in frames for each in frame.objects if each.track is not None):
        step = given.get(own.instance or 0, 0)
        own.said = last.get(own.track or 0, step) != step
        last[own.track or 0] = step


def paths_of(seen: Sequence[SeenObject]) -> list[list[SeenObject]]:
    """The objects in chains, each from frame to frame; where tracks are known, by these."""
    paths: dict[int, list[SeenObject]] = {}
    of: dict[int, list[SeenObject]] = {}
    for each in seen:
        path = None if each.before is None else of.get(id(each.before))
        if path is None and each.track is not None:
            path = paths.get(each.track)
        if path is None:
            path = []
        if not path:
            paths[each.track if each.track is not None else -id(each)] = path
        path.append(each)
        of[id(each)] = path
    return list(paths.values())


def smooth_tracks(
    project: Project,
    tracks: Sequence[Sequence[SeenObject]],
    proposer: Proposer,
    progress: Progress,
) -> SmoothedTracks:
    """tracks: the objects of each, frame by frame. Stores what is expected of all that is not
    accepted."""
    known = [e.instance for objects in tracks for e in objects if e.instance is not None]
    labels = labels_of(project, known, but_for=project.blind_instances())
    judged = FrameJudges(proposer, LabelledKeys.of(project), labels).judged(tracks, progress)
    count = sum(_propose(project, objects, labels, judged, proposer) for objects in tracks)
    return SmoothedTracks(count, judged)


def _propose(
    project: Project,
    objects: Sequence[SeenObject],
    labels: Mapping[int, Labels],
    judged: TimeJudged,
    proposer: Proposer,
) -> int:
    """Smooths a track and stores what is expected of what is not accepted; how many that were."""
    frames = [
        ClipFrame(each.frame, each.instance, each.proposal, after.flow if after else None)
        for each, after in zip(objects, [*objects[1:], None], strict=True)
    ]
    clip = OpenClip.of(frames, labels, len(project.scheme), judged.trust)
    places, count = iter(range(len(frames))), 0
    while some := list(islice(places, _STORED_AT_ONCE)):
        made = []
        for place in some:
            instance = frames[place].instance
            record = None if instance is None else project.instance(instance)
            if record is not None and record.state is not InstanceState.ACCEPTED:
                proposal = clip.proposal(place)
                made.append((record, proposal, proposal.given([])))
        with project.transaction():
            for record, proposal, prior in made:
                store_expectation(project, record.id, proposal, prior, proposer, record)
        count += len(made)
    return count
