"""Whether a project's database is whole: its pages, its references, and its journal."""

import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.engine.failures import (
    damaged,
    disk_error,
    is_about_writing,
    read_only,
)
from landmark_annotator.projects.store.engine.log_files import leave_to_others
from landmark_annotator.projects.store.journal import change_json, track_replay
from landmark_annotator.projects.store.journal.replay import UNREADABLE, differences
from landmark_annotator.projects.store.opening import (
    DATABASE_NAME,
    EMPTIED,
    database_file,
    holds_log,
    is_emptied,
    refuse_two,
)
from landmark_annotator.projects.store.people import server_rights
from landmark_annotator.projects.store.project import Project
from landmark_annotator.projects.store.rows import exclusions, instances
from landmark_annotator.projects.store.rows.many_stored import save
from landmark_annotator.projects.store.rows.records import ActionKind, Exclusion
from landmark_annotator.projects.store.safety.keeping_aside import keep_aside
from landmark_annotator.projects.store.schema.tables import ImageTable, JournalTable
from landmark_annotator.projects.vocabulary.errors import ProjectError

_MOST_TOLD = 20


class Part(StrEnum):
    PAGES = "pages"
    """What SQLite itself finds: the file is damaged."""
    INDEX = "index"
    """Only what can be made anew from the rest."""
    REFERENCES = "references"
    JOURNAL = "journal"
    """What is stored is not what the journal says."""


@dataclass(frozen=True)
class Finding:
    """what: in words. repairable: whether `repair` mends it."""

    part: Part
    what: str
    repairable: bool = False
    instance_id: int | None = None


def check(folder: Path) -> list[Finding]:
    """Reads all of the database, also of one that can no longer be opened; changes nothing.

    Raises ProjectError where it is not known which database is meant.
    """
    refuse_two(folder)
    found = _pages(folder)
    if any(finding.part is Part.PAGES for finding in found):
        return found
    with Project.open(folder, read_only=True) as project:
        return [*found, *content_findings(project)]


def refuse_damaged(project: Project) -> None:
    """Before anything leaves the project: nothing wrong may leave it unnoticed.

    Raises ProjectError that says what is damaged.
    """
    found = [*_pages(project.folder), *content_findings(project)]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise damaged(project.folder, f"{found[0].what}{more}")


def content_findings(project: Project) -> Iterator[Finding]:
    connection = project._reading
    # A server refuses such rows from whoever writes them.
    look = "PRAGMA foreign_key_check"
    lost = [] if project.shared else connection.exec_driver_sql(look).all()
    for table, row, parent, _ in lost:
        yield Finding(
            Part.REFERENCES, f"row {row} of {table} refers to one of {parent} that is gone"
        )
    unseen = server_rights.unseen(connection) if project.shared else frozenset()
    for one in differences(connection):
        if one.instance_id in unseen:
            continue
        mends = one.told is not None
        yield Finding(
            Part.JOURNAL, f"instance {one.instance_id}: {one.what}", mends, one.instance_id
        )
    yield from _images(connection)
    for what in track_replay.differences(connection):
        yield Finding(Part.JOURNAL, what)


def _images(connection: Connection) -> Iterator[Finding]:
    """Whether images are left out as their last entry says."""
    entries = (
        select(JournalTable.image_id, JournalTable.kind, JournalTable.changes, JournalTable.target)
        .add_columns(JournalTable.id)
        .where(JournalTable.image_id.is_not(None))
        .order_by(JournalTable.id)
    )
    told: dict[int | None, Exclusion | None] = {}
    changes = {}
    scales = set[int]()
    for image_id, kind, text, target, entry_id in connection.execute(entries).all():
        if kind == ActionKind.SCALE:
            scales.add(entry_id)
        if (entry_id if target is None else target) in scales:
            continue  # about what its pixels measure
        try:
            if target is None:
                changes[entry_id] = change_json.image_from_json(text)
            before, after = changes[entry_id if target is None else target]
        except UNREADABLE as error:
            yield Finding(Part.JOURNAL, f"entry {entry_id} of the journal cannot be read: {error}")
            continue
        told[image_id] = before if kind == ActionKind.UNDO else after
    rows = connection.execute(select(ImageTable.id, *exclusions.OF_IMAGE)).all()
    for image_id, why, who, at in rows:
        if exclusions.exclusion(why, who, at) != told.get(image_id):
            yield Finding(Part.JOURNAL, f"image {image_id} is not left out as its journal says")


def _pages(folder: Path) -> list[Finding]:
    """Of a file of the project's own; a server looks after its own."""
    database = database_file(folder)
    if database.name != DATABASE_NAME or not database.exists():
        return []  # opening says that there is none
    if is_emptied(database):
        return [Finding(Part.PAGES, EMPTIED)]
    try:
        texts = _told_of_pages(database)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return [Finding(Part.PAGES, str(error))]
    if texts == ["ok"]:
        return []
    mends = all("index" in text for text in texts)
    return [Finding(Part.INDEX if mends else Part.PAGES, text, mends) for text in texts]


def _told_of_pages(database: Path) -> list[str]:
    """Also where nothing can be written, and then nobody writes: see `opening`."""
    try:
        return _integrity(database)
    except sqlite3.Error as error:
        if not is_about_writing(error):
            raise
        if holds_log(database):
            raise read_only(database.parent, "its log cannot be read") from error
    return _integrity(database, "&immutable=1")


def _integrity(database: Path, how: str = "") -> list[str]:
    uri = f"{database.absolute().as_uri()}?mode=ro{how}"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        rows = connection.execute(f"PRAGMA integrity_check({_MOST_TOLD})").fetchall()
        leave_to_others(database)
    return [str(text) for (text,) in rows]


def repair(folder: Path, findings: list[Finding]) -> Path:
    """Mends what can be mended and returns where the files as they were are kept.

    Indices are made anew; instances become what their journal says. Raises ProjectError where
    there is nothing that can be mended.
    """
    if not any(finding.repairable for finding in findings):
        raise ProjectError(
            "None of this can be mended from the rest of the project.",
            kept="Nothing was changed.",
            remedy=f"Restore a backup: annotator restore {shlex.quote(str(folder))}.",
        )
    aside = _kept_aside(folder)
    with Project.open(folder) as project, project.transaction() as connection:
        if any(finding.part is Part.INDEX for finding in findings):
            connection.exec_driver_sql("REINDEX")
        for one in differences(connection):
            if one.told is not None:
                stored = instances.load(connection, one.instance_id)
                save(connection, one.instance_id, stored, one.told)
    return aside


def _kept_aside(folder: Path) -> Path:
    if database_file(folder).name != DATABASE_NAME:
        with Project.open(folder) as project:
            return project.back_up_now("repair").path
    try:
        return keep_aside(sorted(folder.glob("project.db*")), folder, "repair")
    except OSError as error:
        raise disk_error(folder, error) from error


def compact(folder: Path) -> tuple[int, int]:
    """Give back the room that deleted rows left; bytes before and after.

    Raises ProjectLocked where somebody is writing, DiskFull where there is no room for a copy,
    ProjectError of a shared project.
    """
    database = database_file(folder)
    if database.name != DATABASE_NAME:
        raise ProjectError(
            f"The database of {folder} is on a server, which gives back room by itself.",
            kept="Nothing was changed.",
            remedy="Whoever keeps the server can have it done at once: vacuumdb --full DATABASE.",
        )
    with Project.open(folder) as project:
        project.refuse_read_only()
        before = database.stat().st_size
        run = project._reading.exec_driver_sql
        run("PRAGMA wal_checkpoint(TRUNCATE)")
        run("VACUUM")
        run("PRAGMA wal_checkpoint(TRUNCATE)")
        return before, database.stat().st_size
