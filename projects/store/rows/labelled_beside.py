"""What people have accepted of the same object in the frames of its video around one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased

from landmark_annotator.projects.store.rows import exclusions
from landmark_annotator.projects.store.rows.records import (
    ImageRecord,
    InstanceRecord,
    InstanceState,
)
from landmark_annotator.projects.store.rows.shapes import read_shapes
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.store.schema.tables import ImageTable, InstanceTable, VideoTable
from landmark_annotator.projects.vocabulary import Shape

_FIRST = aliased(InstanceTable)
"""What another instance is a second opinion on."""


@dataclass(frozen=True, eq=False)
class LabelBeside:
    """Of the nearest labelled frame to one side. frames: how many lie between, and one; seconds:
    the same, None where nobody knows how fast the video is."""

    frames: int
    seconds: float | None
    shape: Shape


def labels_beside(
    connection: Connection,
    scheme: StoredScheme,
    objects: Iterable[tuple[InstanceRecord, ImageRecord]],
) -> dict[int, tuple[LabelBeside, ...]]:
    """By instance, of those that are not accepted yet: the nearest label of its track before it,
    and the nearest after it. Where no track is known, of the only object in its frame, and in
    theirs. Two questions for each track, however many they are, and one for each object without."""
    by_track: defaultdict[tuple[int, int | None], list[tuple[int, int]]] = defaultdict(list)
    for record, image in objects:
        video, frame, track = image.video_id, image.frame, record.track_id
        waits = record.state is not InstanceState.ACCEPTED and record.second_opinion_on is None
        if not waits or video is None or frame is None:
            continue
        if track is not None or _is_alone(connection, image.id):
            by_track[video, track].append((frame, record.id))
    found: dict[int, tuple[LabelBeside, ...]] = {}
    for (video, track), asked in by_track.items():
        one_of = _of_track(track) if track is not None else _untracked()
        found |= _beside(connection, scheme, video, one_of, asked)
    return found


def _of_track(track: int) -> ColumnElement[bool]:
    """A second opinion has no track of its own: where it stands, it is what the first one was."""
    gone = _gone().where(_FIRST.track_id == track)
    return or_(InstanceTable.track_id == track, InstanceTable.second_opinion_on.in_(gone))


def _gone() -> Select[int]:
    """What has a second opinion, and counts no more itself."""
    return select(_FIRST.id).where(_FIRST.excluded_why.is_not(None))


def _is_alone(connection: Connection, image_id: int) -> bool:
    objects = select(func.count()).where(
        InstanceTable.image_id == image_id,
        InstanceTable.excluded_why.is_(None),
        InstanceTable.second_opinion_on.is_(None),
    )
    return connection.scalar(objects) == 1


def _untracked() -> ColumnElement[bool]:
    """Those without a track that are alone in their frame."""
    other = aliased(InstanceTable)
    beside = exists().where(other.image_id == InstanceTable.image_id, other.id != InstanceTable.id)
    beside = beside.where(other.excluded_why.is_(None), other.second_opinion_on.is_(None))
    return InstanceTable.track_id.is_(None) & ~beside


def _beside(
    connection: Connection,
    scheme: StoredScheme,
    video: int,
    one_of: ColumnElement[bool],
    asked: Sequence[tuple[int, int]],
) -> dict[int, tuple[LabelBeside, ...]]:
    """asked: frames and instances."""
    frame = ImageTable.frame
    first, last = min(asked)[0], max(asked)[0]
    labelled = (
        select(frame.label("frame"), InstanceTable.id.label("id"), VideoTable.frame_rate)
        .select_from(ImageTable)
        .join(InstanceTable, InstanceTable.image_id == ImageTable.id)
        .join(VideoTable, VideoTable.id == ImageTable.video_id)
        .where(ImageTable.video_id == video, one_of, exclusions.counts())
        .where(InstanceTable.state == InstanceState.ACCEPTED.value)
        .where(
            or_(
                InstanceTable.second_opinion_on.is_(None),
                InstanceTable.second_opinion_on.in_(_gone()),
            )
        )
    )
    before = labelled.where(frame < first).order_by(frame.desc()).limit(1).subquery()
    after = labelled.where(frame > last).order_by(frame).limit(1).subquery()
    among = labelled.where(frame.between(first, last)).subquery()
    parts = (before, among, after) if first < last else (before, after)
    rows = connection.execute(union_all(*map(select, parts))).all()
    if not rows:
        return {}
    labels = sorted((int(at), int(instance)) for at, instance, _ in rows)
    rate: float | None = rows[0][2]
    chosen = {instance: _around(labels, at) for at, instance in asked}
    wanted = sorted({label for around in chosen.values() for _, label in around})
    shapes = dict(zip(wanted, read_shapes(connection, scheme, wanted), strict=True))
    return {
        instance: tuple(
            LabelBeside(apart, apart / rate if rate else None, shapes[label])
            for apart, label in around
        )
        for instance, around in chosen.items()
    }


def _around(labels: Sequence[tuple[int, int]], frame: int) -> list[tuple[int, int]]:
    """labels: frames and instances, in order. The nearest to each side, and how far it is away."""
    place = bisect_left(labels, (frame, 0))
    earlier = labels[place - 1 : place] if place else []
    later = [each for each in labels[place : place + 2] if each[0] > frame][:1]
    return [(abs(at - frame), label) for at, label in (*earlier, *later)]
