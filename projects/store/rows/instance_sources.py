"""Where instances came from: of one source an image has one instance, so that what comes in once
more is known again."""

from sqlalchemy import Connection, bindparam, select, update

from landmark_annotator.projects.store.rows.records import InstanceState
from landmark_annotator.projects.store.schema.tables import InstanceTable
from landmark_annotator.projects.vocabulary.errors import ProjectError


def set_source(connection: Connection, instance_id: int, source: str | None) -> None:
    """Of an instance that is there. One of the image of which nothing is known any more, as what it
    came with was taken back, loses it to this one. Raises ProjectError where any other has it."""
    of_image = select(InstanceTable.image_id).where(InstanceTable.id == instance_id)
    image_id = connection.execute(of_image).scalar_one()
    if source is not None:
        connection.execute(
            update(InstanceTable)
            .where(InstanceTable.image_id == image_id, InstanceTable.source == source)
            .where(InstanceTable.state == InstanceState.UNTOUCHED.value)
            .where(InstanceTable.centre_x.is_(None), InstanceTable.id != instance_id)
            .values(source=None)
        )
    refuse_known(connection, image_id, source, instance_id)
    connection.execute(
        update(InstanceTable).where(InstanceTable.id == instance_id).values(source=source)
    )


def refuse_known(
    connection: Connection, image_id: int, source: str | None, but_for: int | None
) -> None:
    """Raises ProjectError where an instance of the image has it, but for this one."""
    if source is None:
        return
    known = connection.execute(_OF_SOURCE, {"image": image_id, "from_there": source}).scalar()
    if known not in (None, but_for):
        raise known_source(image_id, source)


_OF_SOURCE = select(InstanceTable.id).where(
    InstanceTable.image_id == bindparam("image"), InstanceTable.source == bindparam("from_there")
)


def known_source(image_id: int, source: str) -> ProjectError:
    return ProjectError(
        f"Image {image_id} already has an instance from {source}.", kept="It stays as it is."
    )
