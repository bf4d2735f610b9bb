"""The objects of a video through its frames, as a timeline shows them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    case,
    cast,
    exists,
    func,
    literal_column,
    select,
)

from landmark_annotator.projects.store.rows import exclusions
from landmark_annotator.projects.store.rows.one_text import in_one_text, numbers
from landmark_annotator.projects.store.rows.records import STATE_BY_VALUE, InstanceState
from landmark_annotator.projects.store.rows.standing_track import TRACK_IN_LANES
from landmark_annotator.projects.store.schema.tables import (
    FlagTable,
    ImageTable,
    InstanceTable,
    ProposalTable,
)

_STATES = tuple(InstanceState)
_PLACE = (ImageTable.frame, ImageTable.id, InstanceTable.id, TRACK_IN_LANES)
_SEEN = (
    InstanceTable.width.is_not(None)  # what undo took the box of has its proposal still
    & exists().where(ProposalTable.instance_id == InstanceTable.id),
    exists().where(FlagTable.instance_id == InstanceTable.id, FlagTable.resolved_by.is_(None)),
)
_PROPOSED, _FLAGGED = 4, 8
"""Beside the place of the state in `_STATES`, in one number."""


class FrameObject(NamedTuple):
    """proposed: whether anything is; flagged: whether a flag is open."""

    frame: int
    image_id: int
    instance_id: int
    track_id: int | None
    state: InstanceState
    proposed: bool
    flagged: bool


def objects_of(
    connection: Connection,
    video_id: int,
    among: Collection[int] | None = None,
    first: int = 0,
    last: int | None = None,
) -> list[FrameObject]:
    """All that count, in the order of the frames. among: of these instances alone, which are few.
    first, last: frames, both among them."""
    query = (
        select(*_PLACE, InstanceTable.state, *_SEEN)
        .select_from(ImageTable)
        .join(InstanceTable, InstanceTable.image_id == ImageTable.id)
        .where(ImageTable.video_id == video_id, ImageTable.frame >= first, exclusions.counts())
        .order_by(ImageTable.frame, InstanceTable.id)
    )
    if last is not None:
        query = query.where(ImageTable.frame <= last)
    if among is not None:
        query = query.where(InstanceTable.id.in_(among))
    return [
        FrameObject(frame or 0, image, instance, track_id, STATE_BY_VALUE[state], *rest)
        for frame, image, instance, track_id, state, *rest in connection.execute(query).all()
    ]


def nearest_object(
    connection: Connection, video_id: int, frame: int, track_id: int | None
) -> FrameObject | None:
    """Of the nearest other frame with objects, of two the earlier: that of the track, else the
    first. None where there is none."""
    beside = (
        select(ImageTable.frame)
        .join(InstanceTable, InstanceTable.image_id == ImageTable.id)
        .where(ImageTable.video_id == video_id, exclusions.counts())
        .limit(1)
    )
    sides = (
        beside.where(ImageTable.frame < frame).order_by(ImageTable.frame.desc()),
        beside.where(ImageTable.frame > frame).order_by(ImageTable.frame),
    )
    frames = [at for side in sides if (at := connection.scalar(side)) is not None]
    if not frames:
        return None
    nearest = min(frames, key=lambda at: abs(at - frame))
    there = objects_of(connection, video_id, None, nearest, nearest)
    return next((each for each in there if each.track_id == track_id), there[0])


@dataclass(frozen=True, eq=False)
class VideoObjects:
    """N objects, in the order of the frames: (N,) each. tracks: 0 of no track."""

    frames: NDArray[np.int64]
    images: NDArray[np.int64]
    instances: NDArray[np.int64]
    tracks: NDArray[np.int64]
    kinds: NDArray[np.int64]
    """What is known of them."""

    @classmethod
    def none(cls) -> "VideoObjects":
        return cls(*np.empty((5, 0), dtype=np.int64))

    @property
    def states(self) -> NDArray[np.int64]:
        """(N,) the place of each in `InstanceState`."""
        return self.kinds % _PROPOSED

    @cached_property
    def bare(self) -> NDArray[np.bool_]:
        """(N,) whether nothing is stored of it, nothing proposed, and no flag open."""
        return np.asarray(self.kinds == 0)

    @property
    def flagged(self) -> NDArray[np.bool_]:
        return self.kinds >= _FLAGGED

    def at(self, frame: int) -> list[FrameObject]:
        first, end = np.searchsorted(self.frames, [frame, frame + 1]).tolist()
        return list(self._objects(slice(first, end)))

    def of(self, instances: Collection[int]) -> list[FrameObject]:
        """Those that are among these, by their ids, in the order of the frames."""
        return list(self._objects(self._places(instances)))

    def with_present(self, now: Sequence[FrameObject]) -> "VideoObjects":
        """now: some of them, in their order, as they are seen from now on."""
        kinds = self.kinds.copy()
        kinds[self._places([each.instance_id for each in now])] = [_kind(each) for each in now]
        return replace(self, kinds=kinds)

    def has_bare(self, instances: Collection[int]) -> bool:
        """Whether nothing is known of one of these."""
        return bool(self.bare[self._places(instances)].any())

    def apart(self, frame: int) -> dict[int, int]:
        """By track how many frames the nearest of its objects is away."""
        tracks, places = np.unique(self.tracks, return_inverse=True)
        away = np.full(len(tracks), np.iinfo(np.int64).max)
        np.minimum.at(away, places, np.abs(self.frames - frame))
        return dict(zip(tracks.tolist(), away.tolist(), strict=True))

    def _places(self, instances: Collection[int]) -> NDArray[np.int64]:
        return np.flatnonzero(np.isin(self.instances, list(instances)))

    def _objects(self, places: slice | NDArray[np.int64]) -> Iterator[FrameObject]:
        columns = (self.frames, self.images, self.instances, self.tracks, self.kinds)
        rows = zip(*(column[places].tolist() for column in columns), strict=True)
        for frame, image, instance, track, kind in rows:
            state = _STATES[kind % _PROPOSED]
            seen = bool(kind & _PROPOSED), bool(kind & _FLAGGED)
            yield FrameObject(frame, image, instance, track or None, state, *seen)


def _kind(each: FrameObject) -> int:
    seen = _PROPOSED * each.proposed + _FLAGGED * each.flagged
    return _STATES.index(each.state) + seen


def video_objects(connection: Connection, video_id: int) -> VideoObjects:
    """All that count."""
    states = {state.value: n for n, state in enumerate(_STATES)}
    kind: ColumnElement[int] = case(states, value=InstanceTable.state)
    for seen, number in zip(_SEEN, (_PROPOSED, _FLAGGED), strict=True):
        kind = kind + case((seen, literal_column(str(number))), else_=literal_column("0"))
    *place, track = _PLACE
    columns = [*place, func.coalesce(track, 0), kind]
    text: ColumnElement[str] = cast(columns[0], String)
    for column in columns[1:]:
        text = text + "," + cast(column, String)
    rows = (
        select(text.label("row"))
        .select_from(ImageTable)
        .join(InstanceTable, InstanceTable.image_id == ImageTable.id)
        .where(ImageTable.video_id == video_id, exclusions.counts())
        .order_by(ImageTable.frame, InstanceTable.id)
        .subquery()
    )
    found = numbers(connection.scalar(select(in_one_text(rows.c.row))), np.int64)
    return VideoObjects(*found.reshape(-1, 5).T.copy())
