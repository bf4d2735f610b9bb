"""A shared project made again from a backup: always in a new database, never over the only copy.

The people of the project get their roles in it again, where this login may give them. Nothing is
dropped but what was made here and did not come to an end.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text

from landmark_annotator.projects.store.engine import dump, server_databases
from landmark_annotator.projects.store.engine.address import (
    ADDRESS_NAME,
    checked,
    read_address,
    shown,
    write_address,
)
from landmark_annotator.projects.store.engine.rotation import OF_SERVER
from landmark_annotator.projects.store.opening import refuse_two
from landmark_annotator.projects.store.people import server_rights
from landmark_annotator.projects.store.people.roles import people
from landmark_annotator.projects.store.project import Project
from landmark_annotator.projects.store.safety.restoring import (
    from_anywhere,
    refuse_damaged,
    refuse_there,
)
from landmark_annotator.projects.vocabulary.errors import ProjectError


@dataclass(frozen=True)
class Restored:
    """place: the address of the database with the backup, or the name of the one with what was
    there before. without_rights: why others than this login can do nothing in the project yet.
    no_longer: people who had a role, and are not in the restored list."""

    place: str
    without_rights: str | None
    no_longer: Sequence[str] = ()


def is_shared(folder: Path) -> bool:
    """Raises ProjectError where it is not known which of two projects is meant."""
    refuse_two(folder)
    return read_address(folder) is not None


def restore(backup: Path, original: Path, target: Path, store: str | None = None) -> Restored:
    """A project in the folder `target`, which is new or empty, from a backup of `original`.

    store: the address of an empty database; by default one is made on the original's server. Images
    that lie in the original's folder are found there. Raises ProjectError where the target or that
    database holds anything, the backup is damaged, or this login may not do it; MissingPackage.
    """
    refuse_there(target)
    refuse_damaged(backup, OF_SERVER)
    address = _brought_back(backup, original, None if store is None else checked(store))
    try:
        write_address(target, address)
        with Project.open(target) as project, project.transaction() as connection:
            for table in ("images", "videos"):
                _find_from_anywhere(connection, table, original.resolve())
    except BaseException:
        _take_away(address, target, made=store is None)
        raise
    return Restored(shown(address), *_rights(target))


def restore_in_place(backup: Path, folder: Path) -> Restored:
    """The backup becomes the project's database, under its name for everybody; what was there is
    kept in a database of another name.

    Raises as `restore` does, and where somebody has the project open.
    """
    refuse_damaged(backup, OF_SERVER)
    old = _address(folder)
    server_databases.refuse_used(old)
    new = _brought_back(backup, folder, None)
    try:
        name = server_databases.name_of(old)
        aside = server_databases.shortened(name, f"_before_restoring_{_stamp()}")
        aside = server_databases.put_in_place(new, old, aside)
    except BaseException:
        server_databases.drop(new)
        raise
    return Restored(aside, *_rights(folder))


def _brought_back(backup: Path, original: Path, store: str | None) -> str:
    """The address of the database that has it."""
    if store is not None:
        server_databases.refuse_full(store)
        dump.bring_back(backup, store)
        return store
    old = _address(original)
    name = server_databases.shortened(server_databases.name_of(old), f"_restored_{_stamp()}")
    new = server_databases.make(old, name)
    try:
        dump.bring_back(backup, new)
    except BaseException:
        server_databases.drop(new)
        raise
    return new


def _address(folder: Path) -> str:
    address = read_address(folder)
    if address is None:
        raise ProjectError(
            f"{folder} is no shared project, and this is a backup of one.",
            kept="Nothing was changed.",
            remedy="Name the shared project's folder, or an empty database: --store ADDRESS.",
        )
    return address


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%d_%H%M%S")


def _find_from_anywhere(connection: Connection, table: str, images_of: Path) -> None:
    rows = connection.execute(text(f"SELECT id, path FROM {table}")).all()  # noqa: S608
    found = [{"id": row.id, "path": from_anywhere(row.path, images_of)} for row in rows]
    if found:
        connection.execute(text(f"UPDATE {table} SET path = :path WHERE id = :id"), found)  # noqa: S608


def give_rights(folder: Path) -> str | None:
    """Gives the people of the list what it says, and takes it from everybody else: a backup has no
    logins. Why it did not, if so."""
    return _rights(folder)[0]


def _rights(folder: Path) -> tuple[str | None, Sequence[str]]:
    """The same, and who has no role any more."""
    try:
        with Project.open(folder) as project, project.transaction() as connection:
            return None, server_rights.give_to_these_alone(connection, people(connection))
    except ProjectError as error:
        return error.happened, ()


def _take_away(address: str, target: Path, *, made: bool) -> None:
    (target / ADDRESS_NAME).unlink(missing_ok=True)
    with suppress(OSError):
        target.rmdir()
    if made:
        server_databases.drop(address)
