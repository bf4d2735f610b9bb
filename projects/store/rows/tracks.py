"""The tracks of a project's videos, and which instances are theirs."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, exists, insert, select, update

from landmark_annotator.projects.store.engine.database import inserted_id
from landmark_annotator.projects.store.rows import exclusions
from landmark_annotator.projects.store.rows.instances import RECORD, record
from landmark_annotator.projects.store.rows.records import InstanceRecord, InstanceState
from landmark_annotator.projects.store.schema.tables import (
    FlagTable,
    ImageTable,
    InstanceTable,
    ProposalTable,
    TrackTable,
    VideoTable,
)
from landmark_annotator.projects.vocabulary.errors import ProjectError
from landmark_annotator.projects.vocabulary.track import Track

_CHUNK = 500
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
    wanted, found = list(ids), dict[int, int | None]()
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        columns = InstanceTable.id, InstanceTable.track_id
        rows = connection.execute(select(*columns).where(InstanceTable.id.in_(chunk)))
        found |= {row.id: row.track_id for row in rows}
    return found


def assign(connection: Connection, by_instance: Mapping[int, int | None]) -> None:
    """By the instance's id its track."""
    if by_instance:
        change = update(InstanceTable).where(InstanceTable.id == bindparam("assigned"))
        pairs = [{"assigned": i, "track": track_id} for i, track_id in by_instance.items()]
        connection.execute(change.values(track_id=bindparam("track")), pairs)


def instances_of(
    connection: Connection,
    track_id: int,
    *,
    first: int = 0,
    last: int | None = None,
    excluded: bool = False,
) -> list[tuple[int, InstanceRecord]]:
    """Each with its frame, in the order of the frames; of all frames or of some.

    first, last: frames, both among them. excluded: with those that were left out.
    """
    query = _of_track(track_id, excluded).where(ImageTable.frame >= first).order_by(*_IN_ORDER)
    if last is not None:
        query = query.where(ImageTable.frame <= last)
    return _with_frames(connection, query)


def instances_near(
    connection: Connection, track_id: int, frame: int, most: int
) -> list[tuple[int, InstanceRecord]]:
    """As `instances_of`, of at most so many: those round a frame, as many before it as from it on
    where there are as many."""
    back = tuple(column.desc() for column in _IN_ORDER)
    of_track = _of_track(track_id, excluded=False)
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
        InstanceTable.second_opinion_on.is_(None),
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


def _of_track(track_id: int, excluded: bool) -> Select[*tuple[Any, ...]]:
    """excluded: with those that were left out."""
    query = _WITH_FRAME.where(InstanceTable.track_id == track_id)
    return query if excluded else query.where(exclusions.counts())


def _with_frames(
    connection: Connection, query: Select[*tuple[Any, ...]]
) -> list[tuple[int, InstanceRecord]]:
    return [(int(row[0] or 0), record(row[1:])) for row in connection.execute(query).all()]


class FrameObject(NamedTuple):
    """An object of a frame as a timeline shows it. proposed: whether anything is; flagged: whether
    a flag is open. predicted_error: as of an instance."""

    frame: int
    image_id: int
    instance_id: int
    track_id: int | None
    state: InstanceState
    predicted_error: float | None
    proposed: bool
    flagged: bool


def objects_of(
    connection: Connection, video_id: int, among: Collection[int] | None = None
) -> list[FrameObject]:
    """All that count, in the order of the frames. among: of these instances alone, which are
    few."""
    proposed = exists().where(ProposalTable.instance_id == InstanceTable.id)
    flagged = exists().where(
        FlagTable.instance_id == InstanceTable.id, FlagTable.resolved_by.is_(None)
    )
    query = (
        select(
            ImageTable.frame,
            ImageTable.id,
            InstanceTable.id,
            InstanceTable.track_id,
            InstanceTable.state,
            InstanceTable.predicted_error,
            proposed,
            flagged,
        )
        .select_from(ImageTable)
        .join(InstanceTable, InstanceTable.image_id == ImageTable.id)
        .where(ImageTable.video_id == video_id, exclusions.counts())
        .order_by(ImageTable.frame, InstanceTable.id)
    )
    if among is not None:
        query = query.where(InstanceTable.id.in_(among))
    found = map(FrameObject._make, connection.execute(query).all())
    return [each._replace(state=InstanceState(each.state)) for each in found]


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
        .where(InstanceTable.image_id == image_id, InstanceTable.track_id == track_id)
        .where(InstanceTable.second_opinion_on.is_(None), exclusions.counts())
    )
    if second_opinion_on is None and connection.execute(other.limit(1)).first() is not None:
        raise ProjectError(f"Track {known.name} has another object in this image already.")


def videos_of(connection: Connection, ids: Collection[int]) -> dict[int, int | None]:
    """Of these instances, the video that each one's image is a frame of; None of stills."""
    wanted, found = list(ids), dict[int, int | None]()
    for start in range(0, len(wanted), _CHUNK):
        query = (
            select(InstanceTable.id, ImageTable.video_id)
            .join(ImageTable, InstanceTable.image_id == ImageTable.id)
            .where(InstanceTable.id.in_(wanted[start : start + _CHUNK]))
        )
        found |= {row.id: row.video_id for row in connection.execute(query)}
    return found


def doubled(connection: Connection, ids: Collection[int]) -> list[int]:
    """Frames in which one of these tracks has more than one object, in their order.

    A second opinion is of the same object, and what was left out does not count.
    """
    query = (
        select(InstanceTable.track_id, ImageTable.frame)
        .join(ImageTable, InstanceTable.image_id == ImageTable.id)
        .where(InstanceTable.track_id.in_(ids), InstanceTable.second_opinion_on.is_(None))
        .where(exclusions.counts())
    )
    seen, twice = set[tuple[int | None, int]](), set[int]()
    for track_id, frame in connection.execute(query).all():
        place = track_id, int(frame or 0)
        if place in seen:
            twice.add(place[1])
        seen.add(place)
    return sorted(twice)
