"""Why what was done cannot be undone or redone: somebody has changed the same since."""

from pathlib import PurePosixPath

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.rows.records import ActionKind, Entry
from landmark_annotator.projects.store.schema.tables import ImageTable, InstanceTable, JournalTable
from landmark_annotator.projects.vocabulary.errors import ProjectError


class ChangedSince(ProjectError):
    """Of one instance or image: it is not as the entry left it."""


def tracks_changed_since(connection: Connection, kind: ActionKind, about: Entry) -> ProjectError:
    query = (
        select(JournalTable.who, JournalTable.title)
        .where(JournalTable.id > about.id, JournalTable.who != about.who)
        .where(JournalTable.kind == ActionKind.TRACK.value)
        .order_by(JournalTable.id.desc())
    )
    other = connection.execute(query).first()
    by = f"{other.who} has changed tracks ({other.title})" if other else "the tracks have changed"
    return ProjectError(
        f"The {about.title} cannot be {kind.value}ne: {by} since.",
        kept="All tracks stay as they are now.",
        remedy="Correct them by hand.",
    )


def changed_since(connection: Connection, kind: ActionKind, about: Entry) -> ChangedSince:
    same = JournalTable.instance_id == about.instance_id
    image = select(ImageTable.path, ImageTable.frame)
    if about.image_id is not None:
        same = JournalTable.image_id == about.image_id
        image = image.where(ImageTable.id == about.image_id)
    else:
        image = image.join(InstanceTable, InstanceTable.image_id == ImageTable.id)
        image = image.where(InstanceTable.id == about.instance_id)
    query = (
        select(JournalTable.who, JournalTable.title)
        .where(same, JournalTable.who != about.who)
        .order_by(JournalTable.id.desc())
    )
    other = connection.execute(query).first()
    path, frame = connection.execute(image).one()
    name = PurePosixPath(path).name
    name = name if frame is None else f"frame {frame} of {name}"
    shape = f"the same {'shape on' if about.image_id is None else 'image,'} {name}"
    by = f"{other.who} has changed {shape} since ({other.title})" if other else f"{shape} changed"
    return ChangedSince(
        f"The {about.title} cannot be {kind.value}ne: {by}.",
        kept="All shapes stay as they are now.",
        remedy=f"Open {name} and correct it by hand.",
    )
