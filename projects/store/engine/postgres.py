"""One connection to a shared project's database on a PostgreSQL server, and its transactions.

Everybody may write at the same time. Actions of the click loop hold the row of their instance;
whatever else changes a project is written one after the other, and beside the clicks. Nobody waits
long for anybody: locks, statements and sleeping transactions have their limits on the server.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC
from functools import cache
from typing import Any

from sqlalchemy import Connection, ExceptionContext, NullPool, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from landmark_annotator.projects.store.engine import failures, postgres_failures
from landmark_annotator.projects.store.engine.address import shown
from landmark_annotator.projects.store.engine.clock import Told, elapsed
from landmark_annotator.projects.store.engine.engine import Migration
from landmark_annotator.projects.store.engine.server_waits import Silent, count_wait, telling
from landmark_annotator.projects.vocabulary.errors import MissingPackage, ProjectError, ServerAway

_SILENT = logging.NullHandler()
LOCK_SECONDS = 3.0
"""How long a change waits for another person's before ProjectLocked."""
ASLEEP_SECONDS = 20.0
"""How long a change may lie open without a word from its program before the server undoes it."""
_STATEMENT_SECONDS = 60.0
_SILENT_SECONDS = _STATEMENT_SECONDS + 5
"""Without a word from a server that gives up a statement before that, it is away."""
_SNAPSHOT_SECONDS = 3600.0
"""A reading keeps nobody from writing."""
_CONNECT_SECONDS = 5
_AGAIN_SECONDS = 1.0
"""A server that was away is not asked again at once: whoever waits for it is a person."""
_AGAIN_TIMES = 3.0
"""Nor before that many times what it took to find it away, where the network says nothing."""
_SCHEME, _CHANGES = 1, 2
"""Numbers of the locks: everybody who writes shares the first, for who changes the scheme to have
alone; the second is of whoever does not write beside others."""

_BEGIN = f"BEGIN; SELECT pg_advisory_xact_lock_shared(0, {_SCHEME})"
_ALONE = f"{_BEGIN}; SELECT pg_advisory_xact_lock(0, {_CHANGES})"
_VERSIONS = (
    "SELECT scheme_id, version_num, (SELECT count(*) FROM scheme) FROM project, alembic_version"
)
_HOLD = "SELECT id FROM instances WHERE id = {} FOR NO KEY UPDATE"
_HELD = "instance that is held"
"""Of a connection's info: its id, until the transaction ends."""
_ONLY_SCHEME = "only scheme"
"""Of a connection's info: the id of the one that there is, while a change holds an instance and no
other can come; None where there are several."""


class PostgresDatabase:
    """For use from one thread. The driver's own errors leave it as those of `postgres_failures`.

    address: as `address.checked` lets through. read_only_reason: why nothing can be written.
    """

    def __init__(self, address: str, *, read_only_reason: str | None = None) -> None:
        self.address, self.read_only_reason = address, read_only_reason
        self.migration: Migration | None = None
        self.place = shown(address)
        self._depth = 0
        self._versions: tuple[int, str] | None = None
        """As the transaction that is open began; None where that was not asked."""
        self._has_scheme = False
        """Whether the database is known to hold a project, as a new one does not."""
        self._away: tuple[float, ServerAway] | None = None
        """Until when it is not asked again, and what was told of it."""
        self._engine = create_engine(
            "postgresql+psycopg://", creator=self._connect, poolclass=NullPool
        )

        @event.listens_for(self._engine, "handle_error")
        def translate(context: ExceptionContext) -> BaseException | None:
            reading = (context.statement or "").startswith("SELECT")
            error = context.original_exception
            return postgres_failures.translated(error, self.place, reading=reading)

        try:
            self._connection = self._opened()
        except BaseException:
            self._engine.dispose()
            raise

    def _connect(self) -> Any:
        psycopg = client()
        try:
            psycopg.conninfo.conninfo_to_dict(self.address)
        except psycopg.ProgrammingError as error:
            detail = str(error).strip().splitlines()[0]
            raise postgres_failures.mistyped(self.place, detail) from error
        connection = _told_connection().connect(
            self.address,
            autocommit=True,
            connect_timeout=_CONNECT_SECONDS,
            application_name="landmark-annotator",
            # Where the other end vanished without a word, both ends notice.
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=20_000,
        )
        settings = {
            "lock_timeout": LOCK_SECONDS,
            "statement_timeout": _STATEMENT_SECONDS,
            "idle_in_transaction_session_timeout": ASLEEP_SECONDS,
        }
        says = [f"SET {name} = '{round(1000 * seconds)}ms'" for name, seconds in settings.items()]
        says += ["SET tcp_keepalives_idle = 10", "SET tcp_keepalives_interval = 5"]
        says += ["SET TimeZone = 'UTC'", "SET synchronous_commit = on"]
        # Questions of a window are small; under row-level security the planner takes them for large
        # ones, and compiled each for more than a second.
        says += ["SET jit = off"]
        if self.read_only_reason is not None:
            says.append("SET default_transaction_read_only = on")
        cursor = connection.execute("; ".join([*says, "SELECT clock_timestamp()"]))
        while cursor.nextset():
            pass
        [said] = cursor.fetchone()
        connection.server_time = said.astimezone(UTC), elapsed()
        return connection

    def _opened(self) -> Connection:
        # The driver begins no transactions of its own: `writing` does, and reads need none.
        return self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    @property
    def connection(self) -> Connection:
        """Another one where the server went and came back. Raises ServerAway."""
        if self._depth == 0 and self._is_lost():
            self._reconnect()
        return self._connection

    def _is_lost(self) -> bool:
        if self._connection.closed or self._connection.invalidated:
            return True
        driver = self._connection.connection.dbapi_connection
        return driver is None or bool(driver.closed)

    def _reconnect(self) -> None:
        began = time.monotonic()
        if self._away is not None and began < self._away[0]:
            raise self._away[1]
        with suppress(SQLAlchemyError, ProjectError):
            self._connection.close()
        try:
            self._connection = self._opened()
            self._away = None
        except ServerAway as error:
            now = time.monotonic()
            self._away = now + max(_AGAIN_SECONDS, _AGAIN_TIMES * (now - began)), error
            raise
        finally:
            count_wait(time.monotonic() - began)

    def close(self) -> None:
        with suppress(SQLAlchemyError, ProjectError):
            self._connection.close()
        self._engine.dispose()

    @contextmanager
    def writing(self, *, beside: bool = False, instance: int | None = None) -> Iterator[Connection]:
        """See `Engine`. Raises ProjectLocked, ServerAway; a connection that was lost between two
        changes is made anew without a word."""
        if self.read_only_reason is not None:
            raise failures.read_only(self.place, self.read_only_reason, _MAY_NOT)
        outermost = self._depth == 0
        try:
            connection = self._begun_to_write(beside, instance)
        except ServerAway as error:
            raise postgres_failures.not_stored(error) from error
        run = connection.exec_driver_sql
        if not outermost:
            run("SAVEPOINT part")
        self._depth += 1
        committing = False
        try:
            yield connection
            committing = outermost
            run("COMMIT" if outermost else "RELEASE part")
        except BaseException as error:
            self._roll_back(outermost)
            # Of changes within one another the outermost says it, which alone is stored.
            if outermost and isinstance(error, ServerAway):
                raise postgres_failures.not_stored(error, committing=committing) from error
            raise
        finally:
            self._depth -= 1
            if outermost:
                self._versions = None
                self._hold(None)

    def _begun_to_write(self, beside: bool, instance: int | None) -> Connection:
        if self._depth:
            return self._connection
        if beside:
            return self._begun_with(_BEGIN, instance)
        return self._begun_with(_ALONE, None) if self._has_scheme else self._begun(_ALONE)[0]

    def versions(self) -> tuple[int, str]:
        """See `Engine`."""
        if self._versions is not None:
            return self._versions
        scheme_id, revision, _ = self._connection.exec_driver_sql(_VERSIONS).one()
        self._has_scheme = True
        return int(scheme_id), str(revision)

    def _begun_with(self, begin: str, instance: int | None) -> Connection:
        """All that a gesture begins with goes to the server together; each statement there sees
        what the one before it has waited for."""
        begin += f"; {_VERSIONS}"
        if instance is not None:
            begin += f"; {_HOLD.format(int(instance))}"
        connection, answers = self._begun(begin)
        held = answers.pop() if instance is not None else []
        [[scheme_id, revision, schemes]] = answers[-1]
        self._versions = scheme_id, revision
        self._hold(instance if held else None, scheme_id if schemes == 1 else None)
        return connection

    def _hold(self, instance: int | None, only_scheme: int | None = None) -> None:
        if not self._is_lost():
            info = self._connection.info
            info[_HELD], info[_ONLY_SCHEME] = instance, instance and only_scheme

    def _begun(self, begin: str) -> tuple[Connection, list[list[Any]]]:
        """With the rows that each of the statements has found."""
        for again in (True, False):
            try:
                connection = self.connection
                return connection, self._asked(connection, begin)
            except ServerAway:
                # Nothing was begun, so nothing is done twice.
                if not again or self._away is not None:
                    raise
            except BaseException:
                self._roll_back(True)
                raise
        raise AssertionError

    def _asked(self, connection: Connection, statements: str) -> list[list[Any]]:
        """SQLAlchemy reads what the first of several statements finds, and no more. They change
        nothing."""
        driver: Any = connection.connection.dbapi_connection
        found: list[list[Any]] = []
        try:
            with driver.cursor() as cursor:
                cursor.execute(statements)
                more = True
                while more:
                    found.append(cursor.fetchall() if cursor.description else [])
                    more = bool(cursor.nextset())
        except client().Error as error:
            told = postgres_failures.translated(error, self.place, reading=True)
            if told is None:
                raise
            raise told from error
        return found

    def _roll_back(self, outermost: bool) -> None:
        """Where there is still something to roll back: the server has done it where it is gone."""
        with suppress(SQLAlchemyError, ProjectError):
            if not self._is_lost():
                back = "ROLLBACK" if outermost else "ROLLBACK TO part; RELEASE part"
                self._connection.exec_driver_sql(back)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        if self._depth:
            yield
            return
        limit = f"SET LOCAL idle_in_transaction_session_timeout = '{round(_SNAPSHOT_SECONDS)}s'"
        self._begun(f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {limit}")
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            self._roll_back(True)

    @property
    def outermost(self) -> bool:
        return self._depth == 1


_MAY_NOT = "Open it with a login that may write; the lead of the project gives the right."


@contextmanager
def without_limit(connection: Connection) -> Iterator[None]:
    """For what may take any time, in a transaction: the server gives up no statement, and so may
    say nothing for long."""
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    driver: Any = connection.connection.dbapi_connection
    driver.most_seconds = None
    try:
        yield
    finally:
        driver.most_seconds = _SILENT_SECONDS


def holds_rows(connection: Connection) -> bool:
    """Whether others may write at the same time, so that what is changed has to be held."""
    return connection.dialect.name == "postgresql"


def is_held(connection: Connection, instance: int) -> bool:
    """Whether the transaction that is open has begun with that."""
    return holds_rows(connection) and connection.info.get(_HELD) == instance


def only_scheme(connection: Connection) -> int | None:
    """The id of the one scheme that the project ever had, where the transaction that is open has
    begun with an instance; None where that is not known."""
    return connection.info.get(_ONLY_SCHEME)


def hold_scheme(connection: Connection) -> None:
    """Before the scheme is changed: until the end of the transaction nobody else writes.

    Raises ProjectLocked where somebody is writing and does not end.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock(0, {_SCHEME})")


@cache
def _told_connection() -> Any:
    """The driver's class of connections, whose waits are told to `server_waits`."""
    psycopg = client()

    class ToldConnection(psycopg.Connection):  # type: ignore[name-defined, misc]
        most_seconds: float | None = _SILENT_SECONDS
        server_time: Told | None = None

        def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
            began = time.monotonic()
            answers = None if self.most_seconds is None else self.answers
            try:
                return super().wait(telling(gen, self.most_seconds, answers), *args, **options)
            except Silent as silent:
                self.close()  # the next question connects anew
                seconds = f"{time.monotonic() - began:.2g} seconds"
                raise psycopg.OperationalError(f"it has said nothing for {seconds}") from silent

        def answers(self) -> bool:
            """Whether the server has a word for who knocks; that it lets nobody in is one."""
            try:
                psycopg.connect(self.info.dsn, connect_timeout=_CONNECT_SECONDS).close()
            except psycopg.OperationalError as error:
                return "FATAL" in str(error)
            return True

    return ToldConnection


def client() -> Any:
    """psycopg. Raises MissingPackage."""
    try:
        import psycopg
    except ImportError as error:
        raise MissingPackage(
            "Shared projects need psycopg, which is not installed.",
            kept="Projects in a folder of their own work without it.",
            remedy="Install it: pip install 'landmark-annotator[postgres]'",
        ) from error
    # What it warns of on a connection that is lost is raised as well, in words for people.
    logging.getLogger("psycopg").addHandler(_SILENT)
    return psycopg
