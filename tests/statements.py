"""What is asked of a database, statement by statement."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event


@contextmanager
def statements_asked() -> Iterator[list[str]]:
    """By this thread; those that read beside it have others."""
    said: list[str] = []
    here = threading.get_ident()

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if threading.get_ident() == here:
            said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


@contextmanager
def sqlite_steps() -> Iterator[list[int]]:
    """Of each statement of this thread how many steps of its machine SQLite took up to its first
    rows: what it reads, whatever the clock says."""
    said: list[int] = []
    here = threading.get_ident()

    def step() -> int:
        said[-1] += 1
        return 0

    def begin(_connection: Any, cursor: Any, *_rest: Any) -> None:
        if threading.get_ident() == here:
            said.append(0)
            cursor.connection.set_progress_handler(step, 1)

    def end(_connection: Any, cursor: Any, *_rest: Any) -> None:
        if threading.get_ident() == here:
            cursor.connection.set_progress_handler(None, 0)

    event.listen(Engine, "before_cursor_execute", begin)
    event.listen(Engine, "after_cursor_execute", end)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", begin)
        event.remove(Engine, "after_cursor_execute", end)


def ways_to_the_server(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What this thread sends to a PostgreSQL server from now on, one text for each way there and
    back."""
    said: list[str] = []
    here = threading.get_ident()
    for name in ("execute", "executemany"):
        real: Callable[..., Any] = getattr(psycopg.Cursor, name)

        def counted(self: Any, query: Any, *given: Any, real: Any = real, **named: Any) -> Any:
            if threading.get_ident() == here:
                said.append(str(query))
            return real(self, query, *given, **named)

        monkeypatch.setattr(psycopg.Cursor, name, counted)
    return said
