"""How the database of a project folder comes into being, and how it is opened."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from sqlalchemy import select

from landmark_annotator.projects.file_rights import may_write, owner_of
from landmark_annotator.projects.folder_sync import discard, make_folder, sync_folder, taken_back
from landmark_annotator.projects.store import shared_opening
from landmark_annotator.projects.store.engine import failures
from landmark_annotator.projects.store.engine.address import (
    ADDRESS_NAME,
    default_name,
    read_address,
)
from landmark_annotator.projects.store.engine.database import Database
from landmark_annotator.projects.store.engine.engine import Engine, Migration
from landmark_annotator.projects.store.engine.log_files import leave_to_others, log_files, log_of
from landmark_annotator.projects.store.engine.rotation import backups
from landmark_annotator.projects.store.new_database import fill_new
from landmark_annotator.projects.store.presence import visitors
from landmark_annotator.projects.store.rows.records import ActionKind
from landmark_annotator.projects.store.rows.stored_scheme import (
    StoredScheme,
    is_sealed,
    is_sealed_as_stored,
    read_scheme,
    seal,
)
from landmark_annotator.projects.store.schema import METADATA, revisions
from landmark_annotator.projects.store.schema.tables import (
    JournalTable,
    LandmarkTable,
    ProjectTable,
    SchemeTable,
)
from landmark_annotator.projects.vocabulary import Provenance, Scheme
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    DiskFull,
    NewerProject,
    NoProject,
    OlderProject,
    ProjectError,
    ProjectLocked,
    SchemeError,
    ServerAway,
    closest,
)
from landmark_annotator.projects.vocabulary.scheme import built_in_names

DATABASE_NAME = "project.db"
EMPTIED = "its file is empty"
_FULL = "there is no room left on its disk"
_AS_IT_IS = "; what others change from now on is seen when it is opened again"


def is_project(folder: Path) -> bool:
    """Or of a shared one, which may be away."""
    return (folder / DATABASE_NAME).is_file() or (folder / ADDRESS_NAME).is_file()


def database_file(folder: Path) -> Path:
    """The project's database, or of a shared one the file that says where it is."""
    path = folder / DATABASE_NAME
    address = folder / ADDRESS_NAME
    return address if address.is_file() and not path.exists() else path


def refuse_two(folder: Path) -> None:
    """Raises ProjectError where the folder has a database and the address of another one: what is
    stored in the one that is not meant is seen by nobody who works in the other."""
    if (folder / DATABASE_NAME).exists() and (folder / ADDRESS_NAME).is_file():
        raise ProjectError(
            f"{folder} holds two projects: one of its own, {DATABASE_NAME}, and the address of one "
            f"on a server, {ADDRESS_NAME}.",
            kept="Nothing was changed.",
            remedy=f"Move the one that is not meant out of the folder: {ADDRESS_NAME}, or all "
            f"files whose names begin with {DATABASE_NAME}. Then open it again.",
        )


def create(folder: Path, scheme: Scheme | str, name: str | None) -> None:
    """Make the folder where needed, and in it a database without images; or where the folder has
    an address of a database, in that one.

    scheme: a built-in one by its name too. name: what it is called, by default `default_name`.

    It appears under its name only when it is whole. Raises ProjectError where the folder already
    is a project or cannot be written, SchemeError for what is no scheme; nothing is left then.
    """
    scheme = _scheme_of(scheme)
    refuse_two(folder)
    address = read_address(folder)
    name = name or default_name(folder)
    if address is not None:
        shared_opening.create(address, scheme, name)
        return
    path = folder / DATABASE_NAME
    if path.exists():
        raise ProjectError(
            f"{folder} already is a project.",
            kept="Nothing was changed.",
            remedy="Open it, or choose another folder.",
        )
    with taken_back(folder):
        try:
            make_folder(folder)
            _unfinished(path).unlink(missing_ok=True)
        except OSError as error:
            raise ProjectError(
                f"The project folder {folder} cannot be made: {error.strerror}.",
                remedy="Choose a folder that you may write to.",
            ) from error
        with new_file(folder) as database, database.writing() as connection:
            fill_new(connection, scheme, name)


def _scheme_of(given: object) -> Scheme:
    if isinstance(given, Scheme):
        given.check_names()
        return given
    known = built_in_names()
    if given in known:
        return Scheme.named(str(given))
    raise SchemeError(
        f"A project needs a scheme, not {given!a:.60}.{closest(str(given), known)}",
        kept="No folder was made.",
        remedy=f"Built-in ones go by name too: {', '.join(known)}. Others: Scheme.load(FILE), or "
        "Scheme(NAME, LANDMARKS).",
    )


@contextmanager
def new_file(folder: Path) -> Iterator[Database]:
    """An empty database for the folder, which has none: what is written into it meanwhile appears
    under its name when it is whole."""
    path = folder / DATABASE_NAME
    partial = _unfinished(path)
    try:
        # Made by SQLite, only who made it may write it, whatever the person lets their group do.
        partial.touch()
    except OSError as error:
        raise failures.disk_error(folder, error) from error
    database = Database(partial, mode="rwc")
    try:
        yield database
        database.connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        database.close()
        partial.replace(path)
    finally:
        database.close()
        discard(partial)
    sync_folder(folder)


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".partial")


def open_database(folder: Path, read_only: bool) -> Engine:
    """With the newest schema: an older one is migrated after a verified copy.

    What cannot be written is opened for reading, with the reason, and so is what a newer version
    made. Raises ProjectError where the folder is no project, or two, or where an older program has
    it open; NewerProject where this version would misread it, OlderProject where it would have to
    be migrated but cannot be written.
    """
    path = folder / DATABASE_NAME
    refuse_two(folder)
    address = None if path.exists() else read_address(folder)
    if address is not None:
        return shared_opening.open_shared(address, folder, read_only)
    if not is_project(folder):
        raise NoProject(
            f"{folder} is not a project: it holds no {DATABASE_NAME}.",
            remedy="Give the folder of a project, or make one: annotator new FOLDER.",
        )
    if is_emptied(path):
        raise failures.damaged(folder, EMPTIED)
    database = _for_reading(path, "it was opened so") if read_only else _for_writing(path)
    try:
        database.look_through()
        if revisions.is_current(database):
            _seal(database)
            return database
        if database.read_only_reason is not None:
            full = database.read_only_reason == _FULL
            write = (
                "Free some space and open it again"
                if full
                else "Open it once where it can be written"
            )
            raise OlderProject(
                f"The project {folder} has an older schema and cannot be brought up to date: "
                f"{database.read_only_reason.removesuffix(_AS_IT_IS)}.",
                kept="Nothing was changed.",
                remedy=f"{write}, or go on in a copy with the newest schema: annotator copy "
                f"{shlex.quote(str(folder))} NEW_FOLDER.",
            )
    except NewerProject as newer:
        database.close()
        return _to_look_at(path, newer)
    except BaseException:
        database.close()
        raise
    database.close()
    copy = revisions.migrate(path, partial(_refuse_open_elsewhere, folder))
    database = _for_writing(path)
    database.migration = None if copy is None else Migration(copy)
    _seal(database)
    return database


def _refuse_open_elsewhere(folder: Path) -> None:
    """Whoever has an older schema open does so by an older program, which would not notice that it
    goes on in a newer one."""
    others = [f"{one.who or 'somebody'} on {one.machine}" for one in visitors(folder)]
    if others:
        raise ProjectError(
            f"The project {folder} has an older schema, and an older version of this program has "
            f"it open: {', '.join(others)}.",
            kept="Nothing was changed.",
            remedy="Close it there, then open it again; or go on in a copy with the newest schema: "
            f"annotator copy {shlex.quote(str(folder))} NEW_FOLDER.",
        )


def open_to_read(folder: Path) -> Engine:
    """With the newest schema: an older one is migrated first, see its `migration`. Raises as
    `open_database` does."""
    try:
        return open_database(folder, read_only=True)
    except OlderProject:
        migrated = open_database(folder, read_only=False)
    migrated.close()
    opened = open_database(folder, read_only=True)
    opened.migration = migrated.migration
    return opened


def _seal(database: Database) -> None:
    """What is new, was migrated, or was made before there were checksums gets one."""
    if database.read_only_reason is None and not is_sealed(database.connection):
        with suppress(ProjectError), database.writing() as connection:
            seal(connection)


def _to_look_at(path: Path, newer: NewerProject) -> Database:
    """What a newer version made, where all that this one reads is there and means what it knows.

    Raises NewerProject where it is not.
    """
    reason = newer.happened.rstrip(".")
    database = _for_reading(path, f"{reason[0].lower()}{reason[1:]}", newer.remedy)
    try:
        run = database.connection.execute
        for table in METADATA.sorted_tables:
            run(select(*table.columns).limit(1)).all()
        kinds = set(run(select(JournalTable.kind).distinct()).scalars())
        sources = set(run(select(LandmarkTable.provenance).distinct()).scalars())
        if kinds - set(ActionKind) or sources - {None, *Provenance}:
            raise newer
    except BaseException as error:
        database.close()
        raise newer from error
    return database


def _for_writing(path: Path) -> Database:
    """Or for reading, where SQLite finds that it cannot write."""
    if path.exists() and not may_write(path):  # which SQLite tells with the first change alone
        return _for_reading(path, *_not_to_be_written(path))
    database: Database | None = None
    try:
        database = Database(path)
        database.probe_writing()
        _keep_log(database)
        return database
    except ProjectError as error:
        if database is not None:
            database.close()
        if not _cannot_write(error):
            raise
        full = failures.no_room_beside(error.__cause__)
        return _for_reading(path, *((_FULL, None) if full else _not_to_be_written(path)))


def _not_to_be_written(path: Path) -> tuple[str, str | None]:
    """What of the database cannot be written, whose that is, and what to do, where the system tells
    of more than a project that nobody here may write."""
    for one in (path, *log_files(path), path.parent):
        if one.exists() and not may_write(one):
            what = "its folder" if one == path.parent else f"its file {one.name}"
            owner = owner_of(one)
            if not owner:
                return f"{what} cannot be written", None
            return (
                f"{what} belongs to {owner} and cannot be written from this account",
                f"{failures.let_others(owner, path.parent)} Or copy the project and go on there: "
                f"annotator copy {shlex.quote(str(path.parent))} NEW_FOLDER.",
            )
    return "its folder or database cannot be written", None


def _cannot_write(error: ProjectError) -> bool:
    """Whether it may still be read. One that is gone may not, whatever SQLite says of it."""
    return not isinstance(error, NoProject) and failures.is_about_writing(error.__cause__)


def _keep_log(database: Database) -> None:
    """A backup put in place by hand is without a log: then readers would stop who writes."""
    with suppress(ProjectLocked):
        database.connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _for_reading(path: Path, reason: str, remedy: str | None = None) -> Database:
    """As much like other programs' access as the disk allows.

    To read beside a program that writes, SQLite itself needs to write a file beside the database,
    or to find one. Where it can do neither, nobody is writing, and the database is read as it is,
    provided that its log holds nothing.
    """
    try:
        return _probed(Database(path, read_only_reason=reason, read_only_remedy=remedy))
    except ProjectError as error:
        if not _cannot_write(error) or holds_log(path):
            raise
        told = reason if reason == _FULL else f"{reason}{_AS_IT_IS}"
        return _probed(
            Database(
                path, mode="ro", immutable=True, read_only_reason=told, read_only_remedy=remedy
            )
        )


def is_emptied(path: Path) -> bool:
    """Whether nothing is left of a database of which there are backups, as disks that were full or
    lost power leave files. SQLite takes that for a new one."""
    return path.stat().st_size == 0 and not holds_log(path) and bool(backups(path.parent))


def holds_log(path: Path) -> bool:
    """Whether beside a database lies what it does not hold yet."""
    log = log_of(path)
    return log.exists() and log.stat().st_size > 0


def _probed(database: Database) -> Database:
    try:
        database.connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").all()
    except BaseException:
        database.close()
        raise
    leave_to_others(database.path)
    return database


def read_project(database: Engine) -> tuple[str, StoredScheme]:
    """The project's name and scheme. Raises ProjectError where they cannot be read."""
    # In one look: somebody may be changing the scheme at this moment.
    with database.snapshot():
        return _read_project(database)


_PROJECT = select(ProjectTable.name, ProjectTable.scheme_id).join_from(ProjectTable, SchemeTable)


def _read_project(database: Engine) -> tuple[str, StoredScheme]:
    row = database.connection.execute(_PROJECT).first()
    if row is None:
        raise failures.damaged(database.place, "the row of the project is missing")
    try:
        if not is_sealed_as_stored(database.connection):
            raise ValueError("it is not as it was written")
        return row.name, read_scheme(database.connection, row.scheme_id)
    except (ServerAway, ProjectLocked, DiskFull):
        # It may be whole: nobody is to take a backup for want of a network.
        raise
    except (ValueError, TypeError, AttributeError, ActionableError) as error:
        raise failures.damaged(database.place, f"its scheme: {error}") from error
