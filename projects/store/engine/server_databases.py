"""Databases of a PostgreSQL server as a whole: made beside another one, dropped, named anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from landmark_annotator.projects.store.engine import postgres_failures
from landmark_annotator.projects.store.engine.address import shown
from landmark_annotator.projects.store.engine.postgres import client
from landmark_annotator.projects.vocabulary.errors import NotAllowed, ProjectError
from landmark_annotator.projects.vocabulary.wording import first_few

_THERE = ("postgres", "template1")
"""On every server, unless somebody took the first away."""
_LONGEST = 63
"""Bytes of a name on a server."""
_NAMED = 5
"""Logins that a message names."""


def beside(address: str, database: str) -> str:
    """The same server and login, another database."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{quote(database, safe='')}"))


def name_of(address: str) -> str:
    with _connected(address) as connection:
        return str(connection.execute("SELECT current_database()").fetchone()[0])


def shortened(name: str, ending: str) -> str:
    """With that ending, and no longer than a name may be."""
    return name.encode()[: _LONGEST - len(ending.encode())].decode(errors="ignore") + ending


def is_empty(address: str) -> bool:
    there = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
    with _connected(address) as connection:
        return int(connection.execute(there).fetchone()[0]) == 0


def refuse_full(address: str) -> None:
    """Raises ProjectError where the database at this address holds anything."""
    if not is_empty(address):
        raise ProjectError(
            f"The database {shown(address)} is not empty.",
            kept="Nothing was changed.",
            remedy="Name an empty one: createdb --host HOST NAME.",
        )


def make(address: str, name: str) -> str:
    """Beside the database at this address; the new one's address. Where the name is taken, one
    with a number. Raises ProjectError where this login may make none."""
    try:
        with _connected(address) as connection:
            free = _free(connection, name)
            connection.execute(_said("CREATE DATABASE {} TEMPLATE template0", free))
    except NotAllowed as error:
        raise ProjectError(
            f"Your login may make no database on the server of {shown(address)}.",
            kept="Nothing was changed.",
            remedy="Have an empty one made (createdb --host HOST NAME) and name it: "
            "--store postgresql://HOST/NAME.",
        ) from error
    return beside(address, free)


def drop(address: str) -> None:
    name = name_of(address)
    with _connected(_elsewhere(address)) as connection:
        connection.execute(_said("DROP DATABASE {}", name))


def put_in_place(new: str, old: str, aside: str) -> str:
    """The database at the address `new` gets the name of the one at `old`, which is then called
    `aside`, with a number where that is taken; returns what. Both or neither.

    Raises ProjectError where somebody uses one of them, or this login may not name them.
    """
    moving, there = name_of(new), name_of(old)
    with _connected(_elsewhere(old)) as connection:
        aside = _free(connection, aside)
        with connection.transaction():
            for now, then in ((there, aside), (moving, there)):
                connection.execute(_said("ALTER DATABASE {} RENAME TO {}", now, then))
    return aside


def refuse_used(address: str) -> None:
    """Raises ProjectError where others are connected to the database at this address."""
    asked = (
        # Of another login's connections their kind is told to few; what the server does by itself
        # has no login.
        "SELECT DISTINCT usename::text FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND usename IS NOT NULL ORDER BY 1"
    )
    with _connected(address) as connection:
        if logins := [row[0] for row in connection.execute(asked).fetchall()]:
            raise _open(address, f": {first_few(logins, _NAMED)}")


def _open(address: str, whose: str = "") -> ProjectError:
    """whose: which logins are connected."""
    return ProjectError(
        f"Somebody has the project {shown(address)} open{whose}.",
        kept="Nothing was changed.",
        remedy="Close it everywhere, then do it again.",
    )


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    psycopg = client()
    try:
        with psycopg.connect(address, autocommit=True) as connection:
            yield connection
    except psycopg.errors.ObjectInUse as error:
        raise _open(address) from error
    except psycopg.Error as error:
        told = postgres_failures.translated(error, shown(address))
        if told is None:
            raise
        raise told from error


def _elsewhere(address: str) -> str:
    """A database of the same server: nothing is done to one from within. Raises as `_connected`."""
    first, last = (beside(address, database) for database in _THERE)
    try:
        with _connected(first):
            return first
    except ProjectError:
        return last


def _free(connection: Any, name: str) -> str:
    taken = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
    names = chain([name], (shortened(name, f"_{number}") for number in count(2)))
    return next(one for one in names if one not in taken)


def _said(statement: str, *names: str) -> Any:
    from psycopg import sql

    return sql.SQL(statement).format(*map(sql.Identifier, names))
