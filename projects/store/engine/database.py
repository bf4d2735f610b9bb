"""One connection to a project's database, and its transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, CursorResult, ExceptionContext, NullPool, create_engine, event
from sqlalchemy import Engine as SqlEngine

from landmark_annotator.projects.store.engine import failures
from landmark_annotator.projects.store.engine.engine import Migration
from landmark_annotator.projects.store.engine.log_files import log_of
from landmark_annotator.projects.vocabulary.errors import ProjectError, ProjectLocked

BUSY_SECONDS = 3.0
"""How long a write waits for another program's before ProjectLocked."""


_SMALL = 16_000_000
"""Bytes that are looked through in some hundredths of a second: a thousand shapes. Larger ones
are when they are backed up, and by `check`."""

_QUESTIONS = 1000
"""That are remembered; the program asks some hundreds of different ones."""

_File = tuple[int, int]
"""Device and number: the same file under any name."""


class _Opening(NamedTuple):
    address: str
    path: Path
    new: bool
    """Whether it is to be made, where there is none."""


_OPENING = ContextVar[_Opening]("the database that is being opened")


@cache
def _engine() -> SqlEngine:
    """One for all databases of the process: what SQLAlchemy has made of a question once, it need
    not make again for another connection, in whatever thread."""
    engine = create_engine(
        "sqlite+pysqlite://", creator=_opened, poolclass=NullPool, query_cache_size=_QUESTIONS
    )
    event.listen(engine, "handle_error", _translated)
    return engine


def _opened() -> sqlite3.Connection:
    """Only while a `Database` is made: nothing opens one again by itself."""
    return sqlite3.connect(_OPENING.get().address, uri=True, timeout=BUSY_SECONDS)


def _translated(context: ExceptionContext) -> BaseException | None:
    error, connection = context.original_exception, context.connection
    if isinstance(error, ProjectError):
        return copy(error)  # what a column does not take; it is raised from the one that came
    known = None if connection is None else connection.get_execution_options().get("opening")
    opening: _Opening = known or _OPENING.get()
    folder = opening.path.parent
    if failures.is_about_the_disk(error) and not opening.new and not opening.path.exists():
        return failures.no_more(folder)
    return failures.translated(error, folder)


class Database:
    """For use from one thread. SQLite's own errors leave it as those of `failures`.

    mode: SQLite's "rwc" (create), "rw" or "ro"; immutable: nobody writes, so take no locks.
    read_only_reason: why nothing can be written, None where it can; read_only_remedy: what to do
    about it, where that is not making the folder writable.
    """

    def __init__(
        self,
        path: Path,
        *,
        mode: str = "rw",
        immutable: bool = False,
        read_only_reason: str | None = None,
        read_only_remedy: str | None = None,
    ) -> None:
        self.path = path
        self._remedy = read_only_remedy
        self.read_only_reason = read_only_reason
        self.migration: Migration | None = None
        self._depth = 0
        self._files: dict[Path, _File | None] = {}
        address = f"{path.absolute().as_uri()}?mode={mode}{'&immutable=1' if immutable else ''}"
        opening = _Opening(address, path, new=mode == "rwc")
        token = _OPENING.set(opening)
        try:
            connection = _engine().connect()
        finally:
            _OPENING.reset(token)
        # The driver begins no transactions of its own: `writing` does, and reads need none.
        self.connection: Connection = connection.execution_options(
            isolation_level="AUTOCOMMIT", opening=opening
        )
        try:
            self._set_up()
        except BaseException:
            self.close()
            raise

    def _set_up(self) -> None:
        self._files[self.path] = _file(self.path)
        run = self.connection.exec_driver_sql
        run("PRAGMA foreign_keys = ON")
        if self.read_only_reason is not None:
            run("PRAGMA query_only = ON")
            return
        # A commit has reached the disk when it returns, also on macOS.
        run("PRAGMA synchronous = FULL")
        run("PRAGMA fullfsync = ON")

    def close(self) -> None:
        self.connection.close()

    @property
    def place(self) -> str:
        return str(self.path.parent)

    @contextmanager
    def writing(self, *, beside: bool = False, instance: int | None = None) -> Iterator[Connection]:
        """See `Engine`. SQLite lets one write at a time, whatever it is."""
        if self.read_only_reason is not None:
            raise failures.read_only(self.path.parent, self.read_only_reason, self._remedy)
        outermost = self._depth == 0
        begin, commit, *rollback = (
            ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
            if outermost
            else ("SAVEPOINT part", "RELEASE part", "ROLLBACK TO part", "RELEASE part")
        )
        if outermost and not self._in_place():
            raise failures.gone(self.path.parent, before=True)
        run = self.connection.exec_driver_sql
        run(begin)
        self._depth += 1
        try:
            yield self.connection
            run(commit)
        except BaseException:
            # SQLite has already rolled back by itself after some failures.
            if self._in_transaction:
                for statement in rollback:
                    run(statement)
            raise
        finally:
            self._depth -= 1
        if outermost and not self._in_place():
            raise failures.gone(self.path.parent, before=False)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See `Engine`."""
        if self._in_transaction:
            yield
            return
        run = self.connection.exec_driver_sql
        run("BEGIN")
        try:
            yield
        finally:
            if self._in_transaction:
                run("ROLLBACK")

    def versions(self) -> tuple[int, str]:
        """See `Engine`."""
        asked = "SELECT scheme_id, version_num FROM project, alembic_version"
        scheme_id, revision = self.connection.exec_driver_sql(asked).one()
        return int(scheme_id), str(revision)

    def _in_place(self) -> bool:
        """Whether the files that are open still have their names.

        Where they have not, SQLite goes on writing, into what nobody finds again.
        """
        for path in (self.path, log_of(self.path)):
            now = _file(path)
            # The log begins with the first transaction, and stays until the last user leaves.
            known = self._files.get(path) or now
            if known != now:
                return False
            self._files[path] = known
        return self._files[self.path] is not None

    def look_through(self) -> None:
        """All pages, where that takes no time. Raises ProjectError where one is damaged, NoProject
        where the file was moved or deleted since it was opened."""
        try:
            size = self.path.stat().st_size
        except FileNotFoundError as error:
            raise failures.no_more(self.path.parent) from error
        if size > _SMALL:
            return
        found = self.connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise failures.damaged(self.path.parent, str(found).splitlines()[-1])

    @property
    def outermost(self) -> bool:
        """See `Engine`."""
        return self._depth == 1

    def probe_writing(self) -> None:
        """Raises where SQLite cannot write; that another program is writing is no obstacle."""
        run = self.connection.exec_driver_sql
        run("PRAGMA busy_timeout = 0")
        try:
            run("BEGIN IMMEDIATE")
            run("ROLLBACK")
        except ProjectLocked:
            pass
        run(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")

    @property
    def _in_transaction(self) -> bool:
        driver = self._driver
        return driver is not None and driver.in_transaction

    @property
    def _driver(self) -> sqlite3.Connection | None:
        driver = self.connection.connection.dbapi_connection
        return driver if isinstance(driver, sqlite3.Connection) else None


def _file(path: Path) -> _File | None:
    """What a name stands for; None where for nothing."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def inserted_id(result: CursorResult[Any]) -> int:
    """The id that the database gave to the one row just inserted."""
    key = result.inserted_primary_key
    assert key is not None  # only where the statement was no insert of one row
    return int(key[0])
