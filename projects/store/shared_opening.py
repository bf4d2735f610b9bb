"""How the database of a shared project comes into being on its server, and how it is opened."""

from contextlib import suppress
from pathlib import Path

from landmark_annotator.projects.store.engine import postgres_failures
from landmark_annotator.projects.store.engine.dump import dump
from landmark_annotator.projects.store.engine.engine import Migration
from landmark_annotator.projects.store.engine.postgres import (
    PostgresDatabase,
    hold_scheme,
    without_limit,
)
from landmark_annotator.projects.store.new_database import fill_new
from landmark_annotator.projects.store.people import server_rights
from landmark_annotator.projects.store.people.roles import people
from landmark_annotator.projects.store.schema import revisions
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    OlderProject,
    ProjectError,
    ProjectLocked,
)


def create(address: str, scheme: Scheme, name: str) -> None:
    """In a database that is there and holds no project. All or nothing.

    Raises ProjectError where it holds one already, ServerAway.
    """
    database = PostgresDatabase(address)
    try:
        with database.writing() as connection:
            # Of two who make it at the same time, the second one finds it made.
            hold_scheme(connection)
            if revisions.has_tables(database):
                raise ProjectError(
                    f"There already is a project at {database.place}.",
                    kept="Nothing was changed.",
                    remedy=f"Work on it: annotator join {database.place} FOLDER.",
                )
            fill_new(connection, scheme, name)
    finally:
        database.close()


def open_shared(address: str, folder: Path, read_only: bool) -> PostgresDatabase:
    """With the newest schema: an older one is migrated, by whoever owns its tables, after a copy of
    it in the folder where one can be made.

    What the login may not write is opened for reading, with the reason. Raises ProjectError where
    there is no project, NewerProject where a newer version made it, OlderProject where this login
    cannot migrate it, ServerAway.
    """
    reason = "it was opened so" if read_only else None
    database = PostgresDatabase(address, read_only_reason=reason)
    try:
        if not revisions.has_tables(database):
            raise postgres_failures.none_there(database.place)
        if not revisions.is_current(database):
            _migrate(database, folder)
        if not read_only:
            _renew_rules(database)
        if not read_only and not _may_write(database):
            database.close()
            return PostgresDatabase(address, read_only_reason="your login may only look at it")
    except BaseException:
        database.close()
        raise
    return database


def _renew_rules(database: PostgresDatabase) -> None:
    """By whoever may. Where others are writing and do not end, the next opening does it."""
    if server_rights.are_older(database.connection) and server_rights.is_makers(
        database.connection
    ):
        with suppress(ProjectLocked), database.writing() as connection:
            hold_scheme(connection)
            server_rights.install(connection)


def _may_write(database: PostgresDatabase) -> bool:
    asked = "SELECT has_table_privilege('journal', 'INSERT')"
    return bool(database.connection.exec_driver_sql(asked).scalar())


def _migrate(database: PostgresDatabase, folder: Path) -> None:
    """Nobody else writes meanwhile, and whoever has it open is told by the next change."""
    owner = "SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'alembic_version'"
    owns = database.connection.exec_driver_sql(owner).scalar()
    if owns and database.read_only_reason is not None:
        raise OlderProject(
            f"The project {database.place} has an older schema and cannot be brought up to date: "
            f"{database.read_only_reason}.",
            kept="Nothing was changed.",
            remedy="Open it once so that it can be written.",
        )
    if not owns:
        raise OlderProject(
            f"The project {database.place} has an older schema, and this login cannot bring it up "
            "to date.",
            kept="Nothing was changed.",
            remedy="Ask whoever made the project to open it once with this version.",
        )
    _copy(database, folder)
    with database.writing() as connection, without_limit(connection):
        hold_scheme(connection)
        if not revisions.is_current(database):
            revisions.run_migrations(connection)
            if people(connection):
                server_rights.install(connection)


def _copy(database: PostgresDatabase, folder: Path) -> None:
    """Goes on where none can be made: the server itself changes all of it or nothing, and to keep
    others is for whoever keeps the server."""
    copy = folder / f"project.schema_{revisions.revision_of(database)}.backup.dump"
    try:
        dump(database.address, copy)
    except ActionableError as error:
        database.migration = Migration(None, error.happened)
    else:
        database.migration = Migration(copy)
