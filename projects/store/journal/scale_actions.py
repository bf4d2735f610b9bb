"""What a pixel measures, as people say it: journalled, and a step for undo. Inside the caller's
transaction."""

import json
from collections.abc import Collection
from pathlib import PurePosixPath

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.journal import entries
from landmark_annotator.projects.store.people import leases, rights
from landmark_annotator.projects.store.people.roles import Role, role_of
from landmark_annotator.projects.store.rows import pixel_sizes
from landmark_annotator.projects.store.rows.pixel_sizes import Said
from landmark_annotator.projects.store.rows.records import ActionKind, Entry
from landmark_annotator.projects.store.schema.tables import ImageTable, JournalTable
from landmark_annotator.projects.vocabulary.errors import NotAllowed, ProjectError
from landmark_annotator.projects.vocabulary.wording import counted

_KEY = "pixel_size"
_Change = tuple[Said | None, Said | None]
"""Before and after."""


def say(
    connection: Connection,
    mm_per_pixel: float | None,
    image_ids: Collection[int | None],
    who: str,
) -> list[Entry]:
    """Of these images, with None among them of all others that have none of their own; None takes
    back what was said. Nothing where it is so already."""
    pixel_sizes.refuse_impossible(mm_per_pixel)
    after = None if mm_per_pixel is None else Said(mm_per_pixel, who)
    each = {i: pixel_sizes.said_of(connection, i) for i in dict.fromkeys(image_ids)}
    changed = {i: before for i, before in each.items() if _size(before) != mm_per_pixel}
    at, title = clock.now(connection), _title(connection, list(changed))
    found = []
    for image_id, before in changed.items():
        rights.refuse_scale(connection, who, image_id, before)
        _refuse_in_other_hands(connection, who, image_id)
        pixel_sizes.store_pixel_size(connection, mm_per_pixel, image_id, who)
        entry = entries.append(
            connection,
            who=who,
            kind=ActionKind.SCALE,
            title=title,
            instance_id=None,
            image_id=image_id,
            scales=json.dumps({_KEY: (before, after)}),
            at=at,
        )
        found.append(entry)
    return found


def turn(connection: Connection, about: Entry, who: str, *, undo: bool) -> None:
    """Back, or again. Raises ProjectError where somebody has said something else since."""
    before, after = _change_of(connection, about.id)
    if undo:
        before, after = after, before
    now = pixel_sizes.said_of(connection, about.image_id)
    if now != before:
        raise ProjectError(
            f"The {about.title} cannot be {'undone' if undo else 'redone'}: {_since(now)}.",
            kept="What a pixel measures stays as it is now.",
            remedy="Measure it again.",
        )
    rights.refuse_scale(connection, who, about.image_id, now)
    size, said_by = (None, who) if after is None else after
    pixel_sizes.store_pixel_size(connection, size, about.image_id, said_by)


def _refuse_in_other_hands(connection: Connection, who: str, image_id: int | None) -> None:
    """Of an image that somebody else labels now a lead says it, and that person."""
    role = role_of(connection, who)
    if image_id is None or role is None or role.includes(Role.LEAD):
        return
    for lease in leases.leases(connection, [image_id]):
        if lease.who != who:
            raise NotAllowed(
                f"{lease.who} has this image in hands.",
                kept="What a pixel measures stays as it is.",
                remedy=f"Measure it once {lease.who} has gone on to another image.",
            )


def _since(now: Said | None) -> str:
    if now is None:
        return "it was taken back since"
    return f"{now.who} has said since that it measures {now.mm_per_pixel:.4g} mm"


def _size(said: Said | None) -> float | None:
    return None if said is None else said.mm_per_pixel


def _change_of(connection: Connection, entry_id: int) -> _Change:
    query = select(JournalTable.changes).where(JournalTable.id == entry_id)
    before, after = json.loads(connection.execute(query).scalar_one() or "")[_KEY]
    return before and Said(*before), after and Said(*after)


def _title(connection: Connection, image_ids: Collection[int | None]) -> str:
    if None in image_ids:
        return "size of a pixel of all images"
    if len(image_ids) != 1:
        return f"size of a pixel of {counted(len(image_ids), 'image')}"
    query = select(ImageTable.path, ImageTable.frame).where(ImageTable.id.in_(image_ids))
    row = connection.execute(query).first()
    if row is None:
        raise ProjectError("The project has no such image.", kept="Nothing was changed.")
    name = PurePosixPath(row.path).name
    return f"size of a pixel of {name if row.frame is None else f'frame {row.frame} of {name}'}"
