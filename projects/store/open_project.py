"""What every part of an open project stands on."""

from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from projects.store import opening
from projects.store.engine.database import Database


class Opened:
    """A project's folder, scheme and database."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._database = database
        self.folder = folder
        self.name, self.scheme = opening.read_project(database)

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def read_only(self) -> bool:
        return self._database.read_only_reason is not None

    @property
    def read_only_reason(self) -> str | None:
        """Why the project can only be read, None where it can be written."""
        return self._database.read_only_reason

    def transaction(self) -> AbstractContextManager[Connection]:
        """Make all changes inside one commit: for imports, where each alone would be slow.

        A change that fails inside is undone alone; an error that leaves it undoes all.
        Clicks do not belong in here: they would be safe only at its end.
        """
        return self._database.writing()

    @property
    def _reading(self) -> Connection:
        return self._database.connection
