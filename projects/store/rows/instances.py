"""The instances of a project, and the rows that hold their shapes."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, exists, func, insert, select

from landmark_annotator.projects.store.engine.database import inserted_id
from landmark_annotator.projects.store.engine.many_rows import AT_ONCE
from landmark_annotator.projects.store.engine.postgres import holds_rows, is_held
from landmark_annotator.projects.store.rows import (
    exclusions,
    instance_sources,
    masks,
    predicted_errors,
)
from landmark_annotator.projects.store.rows.changes import (
    LANDMARK_COLUMNS,
    Change,
    LandmarkRow,
    MaskRow,
    StoredInstance,
)
from landmark_annotator.projects.store.rows.flags_and_reviews import (
    FLAG,
    REVIEW,
    WITH_REMARKS,
    flag,
    review,
)
from landmark_annotator.projects.store.rows.records import (
    STATE_BY_VALUE,
    ActionKind,
    InstanceRecord,
    InstanceState,
)
from landmark_annotator.projects.store.rows.standing_track import TRACK
from landmark_annotator.projects.store.schema.tables import (
    ImageTable,
    InstanceTable,
    JournalTable,
    LandmarkTable,
    MaskTable,
    ProposalTable,
)
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import ProjectError

_BOX = (
    InstanceTable.centre_x,
    InstanceTable.centre_y,
    InstanceTable.width,
    InstanceTable.height,
    InstanceTable.angle,
)
RECORD = (
    InstanceTable.id,
    InstanceTable.image_id,
    InstanceTable.state,
    InstanceTable.source,
    InstanceTable.predicted_error,
    InstanceTable.second_opinion_on,
    TRACK,
    *exclusions.OF_INSTANCE,
    *_BOX,
)
LANDMARK = tuple(getattr(LandmarkTable, name) for name in LANDMARK_COLUMNS)
_MASKED = exists().where(MaskTable.instance_id == InstanceTable.id)
WHOLE = (InstanceTable.state, _MASKED, *exclusions.OF_INSTANCE, *FLAG, *REVIEW, *_BOX)
"""All that `stored` reads of an instance beside its landmarks and masks, from `WITH_REMARKS`."""
_RECORDED = select(*RECORD).where(InstanceTable.id == bindparam("instance"))
_PLACE = select(ImageTable.position).where(ImageTable.id == bindparam("image"))
_NEW = insert(InstanceTable)
_LOADED = select(*WHOLE).select_from(WITH_REMARKS).where(InstanceTable.id == bindparam("instance"))
_ROWS = select(LandmarkTable.landmark, *LANDMARK).where(
    LandmarkTable.instance_id == bindparam("instance")
)


def _box(values: tuple[float | None, ...]) -> Box | None:
    x, y, width, height, angle = values
    if x is None or y is None or width is None or height is None or angle is None:
        return None
    return Box(x, y, width, height, angle)


def box_columns(box: Box | None) -> dict[str, float | None]:
    given: object = box
    if not isinstance(given, Box | None):
        raise ProjectError(
            f"A Box is needed, not {type(given).__name__}.",
            kept="Nothing was changed.",
            remedy="Box(centre_x, centre_y, width, height), or Box.from_corner.",
        )
    names = ("centre_x", "centre_y", "width", "height", "angle")
    return {name: None if box is None else float(getattr(box, name)) for name in names}


def record(row: Sequence[Any]) -> InstanceRecord:
    instance_id, image_id, state, source, predicted_error, about, track, why, who, at, *box = row
    return InstanceRecord(
        instance_id,
        image_id,
        _box(tuple(box)),
        STATE_BY_VALUE[state],
        source,
        predicted_error,
        about,
        exclusions.exclusion(why, who, at),
        track,
    )


def unknown_instance(instance_id: int) -> ProjectError:
    return ProjectError(f"The project has no instance {instance_id}.")


def instance(connection: Connection, instance_id: int) -> InstanceRecord:
    row = connection.execute(_RECORDED, {"instance": instance_id}).first()
    if row is None:
        raise unknown_instance(instance_id)
    return record(row)


def instances(
    connection: Connection,
    *,
    image_id: int | None = None,
    state: InstanceState | None = None,
    excluded: bool = False,
    most: int | None = None,
) -> list[InstanceRecord]:
    """In the order of the images; of one image or all, in one state or any.

    excluded: with those that were left out. most: the first so many; None for all.
    """
    if image_id is not None and state is None and most is None:
        query = _ALL_INSIDE if excluded else _INSIDE
        return [record(row) for row in connection.execute(query, {"image": image_id}).all()]
    asked_of = {"of_image": image_id is not None, "in_state": state is not None}
    query = _listed(**asked_of, excluded=excluded, first=most is not None)
    asked = {"image": image_id, "state": state and state.value, "most": most}
    return [record(row) for row in connection.execute(query, asked).all()]


@cache
def _listed(
    *, of_image: bool, in_state: bool, excluded: bool, first: bool
) -> Select[*tuple[Any, ...]]:
    query = (
        select(*RECORD)
        .select_from(ImageTable)
        .join(InstanceTable, InstanceTable.image_id == ImageTable.id)
        .order_by(ImageTable.position, ImageTable.id, InstanceTable.id)
    )
    if of_image:
        query = query.where(ImageTable.id == bindparam("image"))
    if in_state:
        query = query.where(InstanceTable.state == bindparam("state"))
    if first:
        query = query.limit(bindparam("most"))
    return query if excluded else query.where(exclusions.counts())


_ALL_INSIDE = (
    select(*RECORD)
    .join(ImageTable, InstanceTable.image_id == ImageTable.id)
    .where(InstanceTable.image_id == bindparam("image"))
    .order_by(InstanceTable.id)
)
_INSIDE = _ALL_INSIDE.where(exclusions.counts())
_SOME = select(InstanceTable.position, *RECORD).where(
    InstanceTable.id.in_(bindparam("ids", expanding=True))
)
_SOME_COUNTING = _SOME.where(exclusions.instance_counts())
_HOLD = (
    select(InstanceTable.id)
    .where(InstanceTable.id == bindparam("instance"))
    .with_for_update(key_share=True)
)


def some(
    connection: Connection, ids: Sequence[int], excluded: bool = False
) -> list[InstanceRecord]:
    """Those of these that are there, in the order of the images. excluded: with those left out."""
    found: list[tuple[tuple[int, int, int], InstanceRecord]] = []
    query = _SOME if excluded else _SOME_COUNTING
    for start in range(0, len(ids), AT_ONCE):
        these = {"ids": ids[start : start + AT_ONCE]}
        for position, *row in connection.execute(query, these):
            one = record(row)
            found.append(((position, one.image_id, one.id), one))
    return [one for _, one in sorted(found, key=lambda each: each[0])]


def count(connection: Connection, excluded: bool = False) -> int:
    """Of all instances. excluded: with those that were left out."""
    if excluded:
        everything = select(func.count()).select_from(InstanceTable)
        return int(connection.execute(everything).scalar_one())
    query = (
        select(func.count())
        .select_from(InstanceTable)
        .join(ImageTable, InstanceTable.image_id == ImageTable.id)
        .where(exclusions.counts())
    )
    return int(connection.execute(query).scalar_one())


def add_instance(
    connection: Connection,
    image_id: int,
    stored: StoredInstance,
    source: str | None,
    second_opinion_on: int | None,
    track_id: int | None = None,
) -> int:
    """Returns the id. Raises ProjectError where the image already has an instance of the source,
    or where there is a second opinion on that instance already."""
    if predicted_errors.has_own_box(stored):
        in_image = ImageTable.id == image_id
        predicted_errors.convert_unless_drawn(connection, to_objects=True, among=in_image)
    position = connection.execute(_PLACE, {"image": image_id}).scalar()
    if position is None:
        raise ProjectError(f"The project has no image {image_id}.")
    instance_sources.refuse_known(connection, image_id, source, None)
    if second_opinion_on is not None:
        _refuse_third_opinion(connection, second_opinion_on)
    new = {
        "image_id": image_id,
        "state": stored.state.value,
        "source": source,
        "second_opinion_on": second_opinion_on,
        "track_id": track_id,
        "position": position,
        **box_columns(stored.box),
    }
    instance_id = inserted_id(connection.execute(_NEW, new))
    _insert_landmarks(connection, instance_id, stored.landmarks)
    masks.save(connection, instance_id, stored.masks)
    return instance_id


def remove_instance(connection: Connection, instance_id: int) -> None:
    """Raises ProjectError where anything was ever recorded of it: the journal keeps all."""
    instance(connection, instance_id)
    recorded = select(JournalTable.id).where(JournalTable.instance_id == instance_id)
    stored = select(LandmarkTable.landmark).where(LandmarkTable.instance_id == instance_id)
    masked = select(MaskTable.region).where(MaskTable.instance_id == instance_id)
    opinion = select(InstanceTable.id).where(InstanceTable.second_opinion_on == instance_id)
    # Of tracks an entry is about many instances, and names them.
    named = select(JournalTable.changes).where(
        JournalTable.kind == ActionKind.TRACK.value,
        JournalTable.changes.contains(f'"{instance_id}":'),
    )
    tracked = any(
        str(instance_id) in json.loads(text or "{}").get("instances", {})
        for text in connection.execute(named).scalars()
    )
    told = (recorded, stored, masked, opinion)
    if tracked or any(connection.execute(rows.limit(1)).first() for rows in told):
        raise ProjectError(
            "Something was recorded of this instance, so it cannot be removed.",
            kept="It stays as it is.",
            remedy="Exclude it: then it counts no more and no export has it.",
        )
    connection.execute(delete(ProposalTable).where(ProposalTable.instance_id == instance_id))
    masks.forget_proposal(connection, instance_id)
    connection.execute(delete(InstanceTable).where(InstanceTable.id == instance_id))


def _refuse_third_opinion(connection: Connection, instance_id: int) -> None:
    instance(connection, instance_id)
    known = select(InstanceTable.id).where(InstanceTable.second_opinion_on == instance_id)
    if connection.execute(known).first() is not None:
        raise ProjectError(
            f"There is a second opinion on instance {instance_id} already.",
            kept="It stays as it is.",
        )


def _insert_landmarks(
    connection: Connection, instance_id: int, rows: Mapping[int, LandmarkRow]
) -> None:
    if rows:
        connection.execute(insert(LandmarkTable), landmark_rows(instance_id, rows))


def landmark_rows(instance_id: int, rows: Mapping[int, LandmarkRow]) -> list[dict[str, Any]]:
    return [
        {"instance_id": instance_id, "landmark": i}
        | {name: getattr(row, name) for name in LANDMARK_COLUMNS}
        for i, row in rows.items()
    ]


def hold(connection: Connection, instance_id: int) -> None:
    """Until the transaction ends nobody else changes it. Raises ProjectError where it is none."""
    if is_held(connection, instance_id):
        return
    if connection.execute(_HOLD, {"instance": instance_id}).first() is None:
        raise unknown_instance(instance_id)


def hold_rows(connection: Connection, instance_id: int) -> None:
    """As `hold`, before all of it is read: what a statement reads that waits for a row is, but for
    that row, from before. Nothing is to be done where only one person writes at a time."""
    if holds_rows(connection):
        hold(connection, instance_id)


def load(connection: Connection, instance_id: int) -> StoredInstance:
    """To change it: nobody else changes it until the transaction ends.

    Raises ProjectError where there is no such instance.
    """
    hold_rows(connection, instance_id)
    row = connection.execute(_LOADED, {"instance": instance_id}).first()
    if row is None:
        raise unknown_instance(instance_id)
    return stored(connection, instance_id, row)


def stored(connection: Connection, instance_id: int, whole: Sequence[Any]) -> StoredInstance:
    """whole: the columns `WHOLE`; the landmarks are read here."""
    rows = connection.execute(_ROWS, {"instance": instance_id})
    landmarks = {i: landmark(values) for i, *values in rows}
    drawn = masks.rows(connection, [instance_id])[instance_id] if has_masks(whole) else {}
    return put_together(whole, landmarks, drawn)


def has_masks(whole: Sequence[Any]) -> bool:
    """whole: the columns `WHOLE`."""
    return bool(whole[1])


def put_together(
    whole: Sequence[Any], landmarks: Mapping[int, LandmarkRow], drawn: Mapping[int, MaskRow]
) -> StoredInstance:
    """whole: the columns `WHOLE`."""
    state, _, why, who, at, *rest = whole
    of_flag, of_review, box = rest[:4], rest[4:8], rest[8:]
    return StoredInstance(
        _box(tuple(box)),
        state == InstanceState.ACCEPTED,
        landmarks,
        flag(*of_flag),
        review(*of_review),
        exclusions.exclusion(why, who, at),
        drawn,
    )


def landmark(values: Sequence[Any]) -> LandmarkRow:
    return LandmarkRow(**dict(zip(LANDMARK_COLUMNS, values, strict=True)))


def columns_changed(
    before: StoredInstance, after: StoredInstance, change: Change
) -> dict[str, object]:
    """What of the instance's own row becomes what. change: between the two."""
    values: dict[str, object] = {}
    if before.state != after.state:
        values["state"] = after.state.value
    if change.box is not None:
        values |= box_columns(after.box)
        if after.box is None:  # what was expected was of landmarks in it
            values["predicted_error"] = None
    if change.excluded is not None:
        values |= exclusions.columns(after.excluded)
    return values
