"""What people have accepted of the same object in the frames of its video around one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    and_,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from landmark_annotator.projects.store.rows import exclusions
from landmark_annotator.projects.store.rows.first_opinions import is_first_opinion
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
    """Of the nearest labelled frame to one side. instance: whose label it is, by its id. frames:
    how many lie between, and one; seconds: the same, None where nobody knows how fast the video
    is."""

    instance: int
    frames: int
    seconds: float | None
    shape: Shape


class _Asked(NamedTuple):
    """position: of its image."""

    frame: int
    position: int
    instance: int


def labels_beside(
    connection: Connection,
    scheme: StoredScheme,
    objects: Iterable[tuple[InstanceRecord, ImageRecord]],
) -> dict[int, tuple[LabelBeside, ...]]:
    """By instance, of those that are not accepted yet: the nearest label of its track before it,
    and the nearest after it. Where no track is known, of the only object in its frame, and in
    theirs. Two questions for each track, however many they are, and one for each object without."""
    by_track: defaultdict[tuple[int, int | None], list[_Asked]] = defaultdict(list)
    for record, image in objects:
        video, frame, track = image.video_id, image.frame, record.track_id
        waits = record.state is not InstanceState.ACCEPTED and record.second_opinion_on is None
        if not waits or video is None or frame is None:
            continue
        if track is not None or _is_alone(connection, image.id):
            by_track[video, track].append(_Asked(frame, image.position, record.id))
    found: dict[int, tuple[LabelBeside, ...]] = {}
    for (video, track), asked in by_track.items():
        one_of = _of_track(track) if track is not None else _untracked()
        found |= _beside(connection, scheme, video, one_of, asked)
    return found


def _is_alone(connection: Connection, image_id: int) -> bool:
    objects = select(func.count()).where(
        InstanceTable.image_id == image_id,
        InstanceTable.excluded_why.is_(None),
        is_first_opinion(),
    )
    return connection.scalar(objects) == 1


def _of_track(track: int) -> ColumnElement[bool]:
    """A second opinion has no track of its own: where it stands, it is what the first one was."""
    return or_(_plainly(InstanceTable.track_id) == track, _stands(_FIRST.track_id == track))


def _stands(*first: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether it is a second opinion on one that counts no more. first: what that one is."""
    on = _FIRST.id == InstanceTable.second_opinion_on
    return exists().where(on, _FIRST.excluded_why.is_not(None), *first)


def _untracked() -> ColumnElement[bool]:
    """Those without a track that are alone in their frame."""
    other = aliased(InstanceTable)
    beside = exists().where(other.image_id == InstanceTable.image_id, other.id != InstanceTable.id)
    beside = beside.where(other.excluded_why.is_(None), is_first_opinion(other.second_opinion_on))
    return and_(_plainly(InstanceTable.track_id) == 0, ~beside)


def _plainly(column: InstrumentedAttribute[int | None]) -> ColumnElement[int]:
    """Not by an index of the column, by which all of a track or video would be read and put into
    order. 0 is no id: none is."""
    return func.coalesce(column, 0)


def _beside(
    connection: Connection,
    scheme: StoredScheme,
    video: int,
    one_of: ColumnElement[bool],
    asked: Sequence[_Asked],
) -> dict[int, tuple[LabelBeside, ...]]:
    """A video's frames stand together in the order of all images, and so do their objects in the
    index of what is listed: along that nothing is read of those on the way but their states."""
    place, frame = InstanceTable.position, ImageTable.frame
    first, last = min(each.position for each in asked), max(each.position for each in asked)
    rate = select(VideoTable.frame_rate).where(VideoTable.id == video).scalar_subquery()
    labelled = (
        select(frame.label("frame"), InstanceTable.id.label("id"), rate.label("frame_rate"))
        .select_from(InstanceTable)
        .join(ImageTable, InstanceTable.image_id == ImageTable.id)
        .where(_plainly(ImageTable.video_id) == video, one_of, exclusions.counts())
        .where(InstanceTable.state == InstanceState.ACCEPTED.value)
        .where(or_(is_first_opinion(), _stands()))
    )
    begin, end = _place_of(video, frame), _place_of(video, frame.desc())
    before = labelled.where(place >= begin, place < first).order_by(place.desc()).limit(1)
    after = labelled.where(place > last, place <= end).order_by(place).limit(1)
    among = labelled.where(place.between(first, last))
    parts = (before, among, after) if first < last else (before, after)
    rows = connection.execute(union_all(*(select(part.subquery()) for part in parts))).all()
    if not rows:
        return {}
    labels = sorted((int(at), int(instance)) for at, instance, _ in rows)
    fps: float | None = rows[0][2]
    chosen = {each.instance: _around(labels, each.frame) for each in asked}
    wanted = sorted({label for around in chosen.values() for _, label in around})
    shapes = dict(zip(wanted, read_shapes(connection, scheme, wanted), strict=True))
    return {
        instance: tuple(
            LabelBeside(label, apart, apart / fps if fps else None, shapes[label])
            for apart, label in around
        )
        for instance, around in chosen.items()
    }


def _place_of(
    video: int, order: ColumnElement[Any] | InstrumentedAttribute[Any]
) -> ScalarSelect[int]:
    """Of the video's first frame in this order, among all images."""
    of_video = select(ImageTable.position).where(ImageTable.video_id == video)
    return of_video.order_by(order).limit(1).scalar_subquery()


def _around(labels: Sequence[tuple[int, int]], frame: int) -> list[tuple[int, int]]:
    """labels: frames and instances, in order. The nearest to each side, and how far it is away."""
    place = bisect_left(labels, (frame, 0))
    earlier = labels[place - 1 : place] if place else []
    later = [each for each in labels[place : place + 2] if each[0] > frame][:1]
    return [(abs(at - frame), label) for at, label in (*earlier, *later)]
