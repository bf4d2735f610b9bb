"""What an import must remember of millions of entries, on the disk and not in memory.

SQLite keeps it in a nameless temporary file, of which it holds a few megabytes in memory; small
ones never reach the disk, and nothing of it outlives the program.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from landmark_annotator.projects.vocabulary.errors import DiskFull

_PAGES_KB = 8_000


class TemporaryDatabase:
    """schema: statements that make its tables. Raises DiskFull where there is no room."""

    def __init__(self, schema: str) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        with _room():
            self._connection.executescript(
                f"PRAGMA cache_size = -{_PAGES_KB}; PRAGMA journal_mode = OFF; "
                f"PRAGMA synchronous = OFF; {schema}; BEGIN"
            )

    def run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        with _room():
            return self._connection.execute(statement, values)

    def first(self, statement: str, *values: Any) -> Any:
        """The first row, None where there is none."""
        with _room():
            return self._connection.execute(statement, values).fetchone()

    def rows(self, statement: str, *values: Any) -> Iterator[Any]:
        with _room():
            yield from self._connection.execute(statement, values)


class Remembered:
    """Text by text, in the order in which it came. A key may be of any characters."""

    def __init__(self) -> None:
        self._database = TemporaryDatabase("CREATE TABLE t (key BLOB UNIQUE, value TEXT)")

    def get(self, key: str) -> str | None:
        row = self._database.first("SELECT value FROM t WHERE key = ?", _key(key))
        return None if row is None else str(row[0])

    def set(self, key: str, value: str) -> None:
        put = "INSERT INTO t VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        self._database.run(put, _key(key), value)

    def values(self) -> Iterator[str]:
        return (str(value) for (value,) in self._database.rows("SELECT value FROM t"))


class Counted:
    """How often each key has come."""

    def __init__(self) -> None:
        self._database = TemporaryDatabase("CREATE TABLE t (key BLOB PRIMARY KEY, count INTEGER)")

    def again(self, key: str) -> int:
        """It has come once more; so often now."""
        put = (
            "INSERT INTO t VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET count = count + 1 "
            "RETURNING count"
        )
        return int(self._database.first(put, _key(key))[0])

    def has(self, key: str) -> bool:
        return self._database.first("SELECT 1 FROM t WHERE key = ?", _key(key)) is not None


def _key(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise DiskFull(
            f"There is no room left on the disk of temporary files ({error}).",
            kept="What was stored before is kept.",
            remedy="Free some space there, or name another folder in TMPDIR, and do it again.",
        ) from error
