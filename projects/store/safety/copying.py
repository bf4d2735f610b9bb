"""A project with its whole history in another place: in a database on a server, or in a folder.

Row by row with their ids, in one look at the one and one transaction in the other, whichever kinds
of database they are. Who has which image in hands is not copied.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from landmark_annotator.projects.folder_sync import make_folder, taken_back
from landmark_annotator.projects.store import opening
from landmark_annotator.projects.store.engine import server_databases
from landmark_annotator.projects.store.engine.address import (
    checked,
    shown,
    write_address,
)
from landmark_annotator.projects.store.engine.backup import back_up
from landmark_annotator.projects.store.engine.database import Database
from landmark_annotator.projects.store.engine.engine import Engine, Migration
from landmark_annotator.projects.store.engine.failures import disk_error, is_about_writing
from landmark_annotator.projects.store.engine.many_rows import insert_rows
from landmark_annotator.projects.store.engine.postgres import PostgresDatabase, hold_scheme
from landmark_annotator.projects.store.people import server_rights
from landmark_annotator.projects.store.rows.stored_scheme import seal
from landmark_annotator.projects.store.safety.restoring import OLDER, from_anywhere, refuse_there
from landmark_annotator.projects.store.safety.restoring_shared import give_rights
from landmark_annotator.projects.store.schema import revisions
from landmark_annotator.projects.store.schema.base import Base
from landmark_annotator.projects.store.schema.newest import make_newest
from landmark_annotator.projects.store.schema.people_tables import LeaseTable
from landmark_annotator.projects.store.schema.tables import ImageTable, VideoTable
from landmark_annotator.projects.vocabulary import SILENT, Progress
from landmark_annotator.projects.vocabulary.errors import Cancelled, OlderProject, ProjectError

_AT_ONCE = 2000
_OF_FILES = (ImageTable.__tablename__, VideoTable.__tablename__)
_KEPT = "The project is as before, and no half copy is left."


@dataclass(frozen=True)
class Copied:
    """place: the folder, or the address of the database without what nobody else needs. rows: in
    all tables. inside: images and videos that lie in the first project's folder, where the copy
    finds them. without_rights: why others than this login can do nothing in the copy yet. older:
    the schema of the project, "" where that is the newest, which the copy has. migration: where
    the project on its server had to be brought to the newest one."""

    place: str
    rows: int
    inside: int
    without_rights: str | None = None
    older: str = ""
    migration: Migration | None = None


def copy_project(
    source: Path, target: Path, store: str | None = None, progress: Progress = SILENT
) -> Copied:
    """A project in the folder `target`, which is new or empty, with all that the one of `source`
    has but trained models. People may go on working in `source`; what they do after the copy has
    begun is not in it. The copy has the newest schema; the database of a folder stays as it is,
    also where that is older or cannot be written.

    store: the address of an empty database, which the copy is then in. Raises ProjectError where
    the target or that database holds anything, or this login may not read all of the project;
    Cancelled; ServerAway; MissingPackage. Then there is no copy.
    """
    refuse_there(target, "a project is copied")
    if store is not None:
        server_databases.refuse_full(checked(store))
    source = source.resolve()
    with _new_folder(target), _as_of_now(source, target) as (opened, older):
        opening.read_project(opened)
        _refuse_parts(opened)
        if store is not None:
            copied = _to_server(opened, source, target, checked(store), progress)
        else:
            with opening.new_file(target) as database:
                rows, inside = _copy(opened, database, source, progress)
            copied = Copied(str(target), rows, inside)
        return replace(copied, older=older, migration=opened.migration)


@contextmanager
def _as_of_now(source: Path, target: Path) -> Iterator[tuple[Engine, str]]:
    """The project's database with the newest schema, or a copy of it in `target` that has been
    brought to it; and which schema the project has, "" where that is the newest."""
    on_server = opening.database_file(source).name != opening.DATABASE_NAME
    older = ""
    with ExitStack() as stack:
        try:
            opened = (
                opening.open_to_read(source)
                if on_server
                else opening.open_database(source, read_only=True)
            )
        except OlderProject:
            if on_server:
                raise
            with _on_the_disk(target):
                scratch = Path(stack.enter_context(TemporaryDirectory(prefix=OLDER, dir=target)))
            older = _brought_up_to_date(source, scratch)
            opened = opening.open_database(scratch, read_only=True)
        stack.callback(opened.close)
        yield opened, older


def _brought_up_to_date(source: Path, scratch: Path) -> str:
    """Which schema it had."""
    path, copy = source / opening.DATABASE_NAME, scratch / opening.DATABASE_NAME
    try:
        back_up(path, copy)
    except ProjectError as error:
        # Where nobody can write SQLite may find no place for what readers keep beside a database.
        if not is_about_writing(error.__cause__) or opening.holds_log(path):
            raise
        with _on_the_disk(scratch):
            shutil.copyfile(path, copy)
    database = Database(copy)
    try:
        older = revisions.revision_of(database)
    finally:
        database.close()
    revisions.bring_up_to_date(copy)
    return older


def _refuse_parts(opened: Engine) -> None:
    connection = opened.connection
    if connection.dialect.name != "sqlite" and not server_rights.is_makers(connection):
        raise ProjectError(
            f"Your login may not read all of {opened.place}.",
            kept="Nothing was changed.",
            remedy="Whoever made the project can copy it.",
        )


def _to_server(
    opened: Engine, source: Path, target: Path, address: str, progress: Progress
) -> Copied:
    database = PostgresDatabase(address)
    try:
        rows, inside = _copy(opened, database, source, progress)
    finally:
        database.close()
    write_address(target, address)
    return Copied(shown(address), rows, inside, give_rights(target))


@contextmanager
def _new_folder(target: Path) -> Iterator[None]:
    with taken_back(target):
        with _on_the_disk(target):
            make_folder(target)
        yield


@contextmanager
def _on_the_disk(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise disk_error(folder, error) from error


def _copy(opened: Engine, database: Engine, source: Path, progress: Progress) -> tuple[int, int]:
    """How many rows, and how many of the files lie in the folder `source`."""
    kinds = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    tables = [each for each in Base.metadata.sorted_tables if each is not LeaseTable.__table__]
    done = inside = 0
    with opened.snapshot(), database.writing() as connection:
        hold_scheme(connection)
        make_newest(connection)
        counts = {
            each.name: opened.connection.execute(
                select(func.count()).select_from(each)
            ).scalar_one()
            for each in tables
        }
        progress.start("Copying", sum(counts.values()))
        for table in tables:
            for rows in _rows(opened.connection, table):
                if progress.cancelled():
                    raise Cancelled("The copy was stopped.", kept=_KEPT)
                if table.name in _OF_FILES:
                    inside += sum(_anywhere(row, source) for row in rows)
                insert_rows(connection, kinds[table], rows)
                done += len(rows)
                progress.advance(len(rows))
            _go_on_counting(connection, table)
        seal(connection)
    return done, inside


def _rows(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """In the order of their keys: what a row refers to of its own table came before it."""
    found = connection.execution_options(yield_per=_AT_ONCE).execute(
        select(table).order_by(*table.primary_key)
    )
    for some in found.mappings().partitions():
        yield [dict(row) for row in some]


def _anywhere(row: dict[str, Any], source: Path) -> bool:
    """Whether the file lies in the folder; its path is then one that leads there from anywhere."""
    before, row["path"] = row["path"], from_anywhere(row["path"], source)
    return bool(row["path"] != before)


def _go_on_counting(connection: Connection, table: Table) -> None:
    """A server gives ids by counters of its own, which know of no rows that brought theirs."""
    column = table.autoincrement_column
    if connection.dialect.name == "sqlite" or column is None:
        return
    last = connection.execute(select(func.max(column))).scalar()
    if last:
        query = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
        named = {"table": table.name, "column": column.name, "last": last}
        connection.execute(query, named)
