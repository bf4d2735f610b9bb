"""Many new instances by a few statements, as imports have them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, insert, literal, select

from landmark_annotator.projects.store.engine.many_rows import AT_ONCE, is_among, is_one_of
from landmark_annotator.projects.store.rows import predicted_errors
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.instance_sources import known_source
from landmark_annotator.projects.store.rows.instances import box_columns, landmark_rows
from landmark_annotator.projects.store.rows.records import InstanceState
from landmark_annotator.projects.store.schema.tables import ImageTable, InstanceTable, LandmarkTable
from landmark_annotator.projects.vocabulary.errors import ProjectError


def add_instances(
    connection: Connection, new: Sequence[tuple[int, str, StoredInstance]]
) -> list[int]:
    """Of each its image's id, its source and what is stored, without masks; returns the ids in
    their order. Raises as `add_instance` does."""
    drawn = {image for image, _, stored in new if predicted_errors.has_own_box(stored)}
    if drawn:
        among = is_one_of(connection, ImageTable.id, drawn)
        predicted_errors.convert_unless_drawn(connection, to_objects=True, among=among)
    images, sources = {image for image, _, _ in new}, {source for _, source, _ in new}
    positions, known = dict[int, int](), set[tuple[int, str | None]]()
    for some in _portions(sorted(images)):
        places = select(ImageTable.id, ImageTable.position).where(ImageTable.id.in_(some))
        positions |= {row.id: row.position for row in connection.execute(places)}
        for named in _portions(sorted(sources)):
            there = select(InstanceTable.image_id, InstanceTable.source).where(
                InstanceTable.image_id.in_(some), InstanceTable.source.in_(named)
            )
            known |= {(row.image_id, row.source) for row in connection.execute(there)}
    rows = []
    for image_id, source, stored in new:
        if image_id not in positions:
            raise ProjectError(f"The project has no image {image_id}.")
        if (image_id, source) in known:
            raise known_source(image_id, source)
        known.add((image_id, source))
        rows.append(
            {"image_id": image_id, "state": stored.state.value, "source": source}
            | {"position": positions[image_id], **box_columns(stored.box)}
        )
    if not rows:
        return []
    put = insert(InstanceTable).returning(InstanceTable.id, sort_by_parameter_order=True)
    ids = [int(number) for number in connection.execute(put, rows).scalars()]
    landmarks = [
        row
        for number, (_, _, stored) in zip(ids, new, strict=True)
        for row in landmark_rows(number, stored.landmarks)
    ]
    if landmarks:
        connection.execute(insert(LandmarkTable), landmarks)
    return ids


def add_second_opinions(connection: Connection, about: Sequence[int]) -> list[int]:
    """An empty instance with the same box for each of these, which are first opinions and have no
    second one; returns the ids."""
    copied = ("image_id", "position", "centre_x", "centre_y", "width", "height", "angle")
    columns = [getattr(InstanceTable, name) for name in copied]
    state = literal(InstanceState.UNTOUCHED.value)
    added = list[int]()
    for some in _portions(about):
        these = is_among(connection, InstanceTable.id, some)
        rows = select(state, InstanceTable.id, *columns).where(these).order_by(InstanceTable.id)
        put = insert(InstanceTable).from_select(["state", "second_opinion_on", *copied], rows)
        ids = connection.execute(put.returning(InstanceTable.id)).scalars()
        added += sorted(int(number) for number in ids)
    return added


def _portions(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
