"""What is stored of many instances, some hundred at a time: on a server to read each of them is
three ways there and back, and to write it as many. Inside the caller's transaction."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from landmark_annotator.projects.store.engine.many_rows import insert_rows, is_among
from landmark_annotator.projects.store.engine.postgres import holds_rows
from landmark_annotator.projects.store.rows import masks, predicted_errors
from landmark_annotator.projects.store.rows.changes import Change, LandmarkRow, StoredInstance
from landmark_annotator.projects.store.rows.flags_and_reviews import (
    WITH_REMARKS,
    save_flags,
    save_reviews,
)
from landmark_annotator.projects.store.rows.instances import (
    LANDMARK,
    WHOLE,
    columns_changed,
    has_masks,
    landmark,
    landmark_rows,
    put_together,
)
from landmark_annotator.projects.store.schema.tables import ImageTable, InstanceTable, LandmarkTable


def hold_many(connection: Connection, ids: Iterable[int]) -> None:
    """As `instances.hold_rows`, of at most `AT_ONCE`; those that are not there are passed over.
    In the order of their ids, so that two who hold the same ones do not wait for each other."""
    if holds_rows(connection):
        these = is_among(connection, InstanceTable.id, sorted(ids))
        held = select(InstanceTable.id).where(these).order_by(InstanceTable.id)
        connection.execute(held.with_for_update(key_share=True)).all()


def load_many(connection: Connection, ids: Sequence[int]) -> dict[int, StoredInstance]:
    """As `instances.load`, of those of at most `AT_ONCE` that are there. They are not held."""
    these = is_among(connection, InstanceTable.id, ids)
    query = select(InstanceTable.id, *WHOLE).select_from(WITH_REMARKS).where(these)
    return stored_many(connection, {row[0]: row[1:] for row in connection.execute(query)})


def stored_many(
    connection: Connection, whole: Mapping[int, Sequence[Any]]
) -> dict[int, StoredInstance]:
    """whole: by instance, of at most `AT_ONCE`, the columns `WHOLE`."""
    rows: dict[int, dict[int, LandmarkRow]] = {instance_id: {} for instance_id in whole}
    owners = (LandmarkTable.instance_id, LandmarkTable.landmark)
    of_these = is_among(connection, LandmarkTable.instance_id, list(whole))
    for owner, number, *values in connection.execute(select(*owners, *LANDMARK).where(of_these)):
        rows[owner][number] = landmark(values)
    masked = [i for i, columns in whole.items() if has_masks(columns)]
    drawn = masks.rows(connection, masked) if masked else {}
    return {i: put_together(columns, rows[i], drawn.get(i, {})) for i, columns in whole.items()}


def save(
    connection: Connection, instance_id: int, before: StoredInstance, after: StoredInstance
) -> Change:
    """Write what differs between the two, and return it."""
    return save_many(connection, {instance_id: (before, after)})[instance_id]


def save_many(
    connection: Connection, pairs: Mapping[int, tuple[StoredInstance, StoredInstance]]
) -> dict[int, Change]:
    """As `save`, of each instance what is there and what is to be. What few actions change of many,
    such as masks, is written one instance after the other."""
    had, has = (
        {i for i, pair in pairs.items() if predicted_errors.has_own_box(pair[k])} for k in (0, 1)
    )
    if has - had:
        among = _images_of(connection, has - had)
        predicted_errors.convert_unless_drawn(connection, to_objects=True, among=among)
    changes = {i: Change.between(*pair) for i, pair in pairs.items()}
    _save_landmarks(connection, changes)
    alike: dict[tuple[tuple[str, object], ...], list[int]] = defaultdict(list)
    for i, (before, after) in pairs.items():
        change = changes[i]
        if change.masks:
            masks.save(connection, i, {region: after.masks.get(region) for region in change.masks})
        alike[tuple(columns_changed(before, after, change).items())].append(i)
    for values, ids in alike.items():
        if values:
            these = is_among(connection, InstanceTable.id, ids)
            connection.execute(update(InstanceTable).where(these).values(dict(values)))
    said = pairs.items()
    save_flags(connection, {i: after.flag for i, (old, after) in said if old.flag != after.flag})
    judged = {i: after.review for i, (old, after) in said if old.review != after.review}
    save_reviews(connection, judged)
    if had - has:
        among = _images_of(connection, had - has)
        predicted_errors.convert_unless_drawn(connection, to_objects=False, among=among)
    return changes


def _images_of(connection: Connection, ids: Collection[int]) -> ColumnElement[bool]:
    these = is_among(connection, InstanceTable.id, list(ids))
    return ImageTable.id.in_(select(InstanceTable.image_id).where(these))


def _save_landmarks(connection: Connection, changes: Mapping[int, Change]) -> None:
    gone: dict[frozenset[int], list[int]] = defaultdict(list)
    new = list[dict[str, Any]]()
    for i, change in changes.items():
        there = frozenset(n for n, (before, _) in change.landmarks.items() if before is not None)
        gone[there].append(i)
        rows = {n: after for n, (_, after) in change.landmarks.items() if after is not None}
        new += landmark_rows(i, rows)
    for numbers, ids in gone.items():
        if numbers:
            these = is_among(connection, LandmarkTable.instance_id, ids)
            which = is_among(connection, LandmarkTable.landmark, sorted(numbers))
            connection.execute(delete(LandmarkTable).where(these, which))
    insert_rows(connection, LandmarkTable, new)
