"""The tracks of a project's videos, and which instances are theirs."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    cast,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import aliased

from landmark_annotator.projects.store.engine.database import inserted_id
from landmark_annotator.projects.store.engine.many_rows import is_one_of
from landmark_annotator.projects.store.rows import exclusions
from landmark_annotator.projects.store.rows.first_opinions import is_first_opinion
from landmark_annotator.projects.store.rows.instances import RECORD, record
from landmark_annotator.projects.store.rows.one_text import in_one_text, numbers
from landmark_annotator.projects.store.rows.records import ActionKind, InstanceRecord, InstanceState
from landmark_annotator.projects.store.rows.standing_track import TRACK_IN_LANES, in_track
from landmark_annotator.projects.store.schema.tables import (
    ImageTable,
    InstanceTable,
    JournalTable,
    ProposalTable,
    TrackTable,
    VideoTable,
)
from landmark_annotator.projects.vocabulary.errors import ProjectError
from landmark_annotator.projects.vocabulary.track import Track

_LONG = 4
"""A track that has so many times the objects that are asked for is in most frames of its video."""
_PLACING = tuple(
    kind.value
    for kind in (ActionKind.CLICK, ActionKind.CONFIRM, ActionKind.RESHAPE, ActionKind.IMPORT)
)
_IN_ORDER = ImageTable.frame, InstanceTable.id
_WITH_FRAME = (
    select(ImageTable.frame, *RECORD)
    .select_from(ImageTable)
    .join(InstanceTable, InstanceTable.image_id == ImageTable.id)
)
_COLUMNS = (TrackTable.id, TrackTable.video_id, TrackTable.name)


def tracks(connection: Connection, video_id: int | None = None) -> list[Track]:
    """Of one video or all, in the order in which they came in."""
    query = select(*_COLUMNS).where(TrackTable.name.is_not(None)).order_by(TrackTable.id)
    if video_id is not None:
        query = query.where(TrackTable.video_id == video_id)
    return [Track(row.id, row.video_id, row.name or "") for row in connection.execute(query)]


def track(connection: Connection, track_id: int) -> Track:
    """Raises ProjectError where there is none, or no longer."""
    query = select(*_COLUMNS).where(TrackTable.id == track_id, TrackTable.name.is_not(None))
    row = connection.execute(query).first()
    if row is None:
        raise ProjectError(f"The project has no track {track_id}.")
    return Track(row.id, row.video_id, row.name or "")


def insert_track(connection: Connection, video_id: int, name: str | None) -> int:
    """Returns the id. name: None of one that is still to be named."""
    if connection.execute(select(VideoTable.id).where(VideoTable.id == video_id)).first() is None:
        raise ProjectError(f"The project has no video {video_id}.")
    new = insert(TrackTable).values(video_id=video_id, name=name)
    return inserted_id(connection.execute(new))


def names(connection: Connection, ids: Collection[int]) -> dict[int, str | None]:
    """None of tracks that are no more."""
    query = select(TrackTable.id, TrackTable.name).where(TrackTable.id.in_(ids))
    return {row.id: row.name for row in connection.execute(query)}


def set_names(connection: Connection, by_id: Mapping[int, str | None]) -> None:
    for track_id, name in by_id.items():
        connection.execute(update(TrackTable).where(TrackTable.id == track_id).values(name=name))


def assigned(connection: Connection, ids: Collection[int]) -> dict[int, int | None]:
    """The track of each of these instances; those that do not exist are not told."""
    text = (
        cast(InstanceTable.id, String)
        + ","
        + cast(func.coalesce(InstanceTable.track_id, 0), String)
    )
    these = is_one_of(connection, InstanceTable.id, ids)
    query = select(in_one_text(text)).where(these)
    told = numbers(connection.scalar(query), np.int64).reshape(-1, 2).tolist() if ids else []
    return {instance_id: track_id or None for instance_id, track_id in told}


def gave_way(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """By those of these instances that stand as second opinions: the first one of each."""
    first = aliased(InstanceTable)
    query = (
        select(InstanceTable.id, first.id)
        .join(first, first.id == InstanceTable.second_opinion_on)
        .where(first.excluded_why.is_not(None), is_one_of(connection, InstanceTable.id, ids))
    )
    return dict(connection.execute(query).all()) if ids else {}


def assign(connection: Connection, by_instance: Mapping[int, int | None]) -> None:
    """By the instance's id its track."""
    by_track: defaultdict[int | None, list[int]] = defaultdict(list)
    for instance_id, track_id in by_instance.items():
        by_track[track_id].append(instance_id)
    for track_id, ids in by_track.items():
        these = is_one_of(connection, InstanceTable.id, ids)
        connection.execute(update(InstanceTable).where(these).values(track_id=track_id))


def ids_of(
    connection: Connection, track_id: int, first: int = 0, last: int | None = None
) -> list[int]:
    """Its instances, also those that were left out, in the order of the frames; of all frames or of
    some: from first to last, both among them."""
    query = (
        select(InstanceTable.id)
        .join(ImageTable, InstanceTable.image_id == ImageTable.id)
        .where(InstanceTable.track_id == track_id, ImageTable.frame >= first)
        .order_by(*_IN_ORDER)
    )
    if last is not None:
        query = query.where(ImageTable.frame <= last)
    row = query.subquery().c.id
    found: list[int] = numbers(
        connection.scalar(select(in_one_text(cast(row, String)))), np.int64
    ).tolist()
    return found


def instances_of(
    connection: Connection, track_id: int, *, excluded: bool = False
) -> list[tuple[int, InstanceRecord]]:
    """Each with its frame, in the order of the frames. excluded: with those that were left out."""
    return _with_frames(connection, _of_track(track_id, excluded).order_by(*_IN_ORDER))


def instances_near(
    connection: Connection, track_id: int, frame: int, most: int
) -> list[tuple[int, InstanceRecord]]:
    """As `instances_of`, of at most so many: those round a frame, as many before it as from it on
    where there are as many."""
    back = tuple(column.desc() for column in _IN_ORDER)
    of_track = _of_track(track_id, excluded=False)
    count = select(func.count()).where(InstanceTable.track_id == track_id)
    if connection.execute(count).scalar_one() > _LONG * most:
        # Along the frames of its video: else all of the track is read and put into order.
        video = select(TrackTable.video_id).where(TrackTable.id == track_id).scalar_subquery()
        of_track = of_track.where(ImageTable.video_id == video)
    earlier = of_track.where(ImageTable.frame < frame).order_by(*back)
    later = of_track.where(ImageTable.frame >= frame).order_by(*_IN_ORDER)
    half = most // 2
    before = _with_frames(connection, earlier.limit(half))
    after = _with_frames(connection, later.limit(most - len(before)))
    if len(before) == half and len(after) < most - half:
        before = _with_frames(connection, earlier.limit(most - len(after)))
    return [*reversed(before), *after]


def objects_beside(
    connection: Connection, video_id: int, frame: int, within: int
) -> list[tuple[int, InstanceRecord]]:
    """Those that count, have a box and are begun, of other frames at most so many away."""
    query = _WITH_FRAME.where(
        ImageTable.video_id == video_id,
        ImageTable.frame.between(frame - within, frame + within),
        ImageTable.frame != frame,
        InstanceTable.state != InstanceState.UNTOUCHED.value,
        InstanceTable.width.is_not(None),
        is_first_opinion(),
        exclusions.counts(),
    )
    return _with_frames(connection, query.order_by(*_IN_ORDER))


def proposed_by(connection: Connection, model: str) -> list[Track]:
    """Those of which the program's own proposal for some object is this model's."""
    theirs = select(InstanceTable.track_id).join(
        ProposalTable, ProposalTable.instance_id == InstanceTable.id
    )
    theirs = theirs.where(ProposalTable.own.is_(True), ProposalTable.model == model)
    found = set(connection.scalars(theirs.distinct()))
    return [each for each in tracks(connection) if each.id in found]


def last_placement(connection: Connection, track_ids: Collection[int]) -> datetime | None:
    """When somebody last placed a landmark of these, or a file did; None where nobody has."""
    query = (
        select(JournalTable.at)
        .join(InstanceTable, InstanceTable.id == JournalTable.instance_id)
        .where(JournalTable.kind.in_(_PLACING), InstanceTable.track_id.in_(track_ids))
    )
    return connection.scalars(query.order_by(JournalTable.id.desc()).limit(1)).first()


def _of_track(track_id: int, excluded: bool) -> Select[*tuple[Any, ...]]:
    """excluded: with those that were left out."""
    query = _WITH_FRAME.where(in_track(track_id))
    return query if excluded else query.where(exclusions.counts())


def _with_frames(
    connection: Connection, query: Select[*tuple[Any, ...]]
) -> list[tuple[int, InstanceRecord]]:
    return [(int(row[0] or 0), record(row[1:])) for row in connection.execute(query).all()]


def refuse_misplaced(
    connection: Connection, image_id: int, track_id: int, second_opinion_on: int | None
) -> None:
    """Raises ProjectError where a new instance of the image cannot be of the track."""
    known = track(connection, track_id)
    of_video = select(ImageTable.video_id).where(ImageTable.id == image_id)
    if connection.execute(of_video).scalar() != known.video_id:
        raise ProjectError(f"Track {known.name} is of another video than this image.")
    other = (
        select(InstanceTable.id)
        .join(ImageTable, InstanceTable.image_id == ImageTable.id)
        .where(InstanceTable.image_id == image_id, TRACK_IN_LANES.in_([track_id]))
        .where(exclusions.counts())
    )
    if second_opinion_on is None and connection.execute(other.limit(1)).first() is not None:
        raise ProjectError(f"Track {known.name} has another object in this image already.")


def videos_of(connection: Connection, ids: Collection[int]) -> dict[int, int | None]:
    """Of these instances, the video that each one's image is a frame of; None of stills."""
    query = (
        select(InstanceTable.id, ImageTable.video_id)
        .join(ImageTable, InstanceTable.image_id == ImageTable.id)
        .where(is_one_of(connection, InstanceTable.id, ids))
    )
    return dict(connection.execute(query).all()) if ids else {}


def doubled(connection: Connection, ids: Collection[int]) -> list[int]:
    """Frames in which one of these tracks has more than one object, in their order.

    A second opinion is of the same object, and what was left out does not count.
    """
    return _doubled(connection, in_track(*ids))


def doubled_in(connection: Connection, image_ids: Collection[int]) -> list[int]:
    """As `doubled`, of these images, whichever track it is."""
    return _doubled(connection, is_one_of(connection, InstanceTable.image_id, image_ids))


def _doubled(connection: Connection, which: ColumnElement[bool]) -> list[int]:
    lanes = (
        select(InstanceTable.image_id, TRACK_IN_LANES.label("track"))
        .where(which, exclusions.instance_counts())
        .subquery()
    )
    several = (
        select(lanes.c.image_id)
        .where(lanes.c.track.is_not(None))
        .group_by(lanes.c.track, lanes.c.image_id)
        .having(func.count() > 1)
    )
    query = select(ImageTable.frame).where(ImageTable.id.in_(several)).order_by(ImageTable.frame)
    return [frame or 0 for frame in connection.scalars(query)]
