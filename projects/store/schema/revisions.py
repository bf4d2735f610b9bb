"""The schema's revisions: which one a database has, and how it gets to the newest.

Alembic is imported only where there is something to run, so that opening a project is quick.
"""

import shlex
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect

from landmark_annotator.projects.folder_sync import discard
from landmark_annotator.projects.store.engine.backup import back_up
from landmark_annotator.projects.store.engine.database import Database
from landmark_annotator.projects.store.engine.engine import Engine
from landmark_annotator.projects.store.engine.failures import damaged
from landmark_annotator.projects.vocabulary.errors import DiskFull, NewerProject, ProjectError

MIGRATIONS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = threading.Lock()
"""Alembic knows one migration at a time in a process, whichever threads ask for more."""


def revisions() -> list[str]:
    """All that this version knows, oldest first, from the names of the migrations' files."""
    return list(_revisions_in(MIGRATIONS))


@cache
def _revisions_in(migrations: Path) -> tuple[str, ...]:
    """Looked up once: every reading beside the window opens the project anew."""
    files = (migrations / "versions").glob("schema_*.py")
    return tuple(sorted(file.stem.removeprefix("schema_") for file in files))


def revision_of(database: Engine) -> str:
    """Raises ProjectError where the database is not a project's."""
    if not has_tables(database):
        raise ProjectError(
            f"What is at {database.place} is not the database of a project.",
            kept="Nothing was changed.",
            remedy="Give the folder of a project, or make one: annotator new FOLDER.",
        )
    stored = database.connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if stored is None:
        raise damaged(database.place, "it does not say which schema it has")
    return str(stored)


def has_tables(database: Engine) -> bool:
    """Whether anything was ever made in it."""
    return inspect(database.connection).has_table("alembic_version")


def is_current(database: Engine) -> bool:
    """Whether the schema is the newest one.

    Raises NewerProject where a newer version of this program made it.
    """
    stored, known = revision_of(database), revisions()
    if stored not in known:
        raise NewerProject(
            f"The project {database.place} was made by a newer version of this program "
            f"(schema {stored}; this version knows up to {known[-1]}).",
            kept="Nothing was changed.",
            remedy="Update this program: pip install --upgrade landmark-annotator.",
        )
    return stored == known[-1]


def run_migrations(connection: Connection) -> None:
    """To the newest schema, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")


def migrate(path: Path, refuse: Callable[[], None]) -> Path | None:
    """Bring the database to the newest schema, after a verified copy of the old one beside it. Its
    path is returned; None where another program has brought it there meanwhile.

    refuse: raises where it must not be, at the moment before.
    All or nothing: where it fails, the project is as it was. Raises ProjectLocked where another
    program writes, and DiskFull, which says what the room is for: whoever only wanted to look has
    asked for no change.
    """
    try:
        # From before the copy on: two that begin at the same moment would each delete the other's.
        with _alone(path) as database:
            if is_current(database):
                return None
            refuse()
            copy = path.with_name(f"project.schema_{revision_of(database)}.backup.db")
            back_up(path, copy)
            try:
                _bring_up_to_date(database)
            except DiskFull:
                # The project is as the copy is, and whoever has no room has none for both.
                discard(copy)
                raise
    except DiskFull as error:
        named = shlex.quote(str(path.parent))
        raise DiskFull(
            f"There is no room left on the disk of the project {path.parent} to bring it to the "
            "newest schema.",
            kept="The project is as it was, with its older schema.",
            remedy="Free some space, up to twice the size of its database, and open it again; "
            f"or go on in a copy on another disk: annotator copy {named} NEW_FOLDER.",
        ) from error
    return copy


def bring_up_to_date(path: Path) -> None:
    """As `migrate`, without a copy."""
    with _alone(path) as database:
        _bring_up_to_date(database)


@contextmanager
def _alone(path: Path) -> Iterator[Database]:
    """One transaction, for changes of tables; nobody else writes meanwhile."""
    database = Database(path)
    try:
        # Tables are changed by copying them; rows must not vanish with the old ones.
        database.connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        with database.writing():
            yield database
    finally:
        database.close()


def _bring_up_to_date(database: Database) -> None:
    run_migrations(database.connection)
    # The checksum is of the schemes as they were; who opens the project makes a new one.
    database.connection.exec_driver_sql("PRAGMA user_version = 0")
    broken = database.connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise damaged(database.place, f"a row of {broken[0]} refers to one that is missing")
