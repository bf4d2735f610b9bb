"""What every part of an open project stands on."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, select
from typing_extensions import override

from landmark_annotator.projects.store import opening
from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.engine.address import read_address
from landmark_annotator.projects.store.engine.backup import back_up
from landmark_annotator.projects.store.engine.database import Database
from landmark_annotator.projects.store.engine.dump import can_dump, dump
from landmark_annotator.projects.store.engine.engine import Engine, Migration
from landmark_annotator.projects.store.engine.rotation import Backup, back_up_now
from landmark_annotator.projects.store.journal import conflicts
from landmark_annotator.projects.store.people.server_rights import is_makers
from landmark_annotator.projects.store.rows.records import ActionKind, Entry
from landmark_annotator.projects.store.schema import revisions
from landmark_annotator.projects.store.schema.tables import JournalTable, ProjectTable
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arguments import tell_methods
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    NewerProject,
    ProjectError,
    SchemeChanged,
)


class Opened:
    """A project's folder, scheme and database."""

    @override
    def __init_subclass__(cls) -> None:
        tell_methods(cls)

    def __init__(self, folder: Path, database: Engine) -> None:
        self._database = database
        self._closed = False
        self.folder = folder
        try:
            self.name, self.stored_scheme = opening.read_project(database)
        except BaseException:
            database.close()
            raise

    @property
    def scheme(self) -> Scheme:
        """As it was when the project was opened, or changed by it."""
        return self.stored_scheme.scheme

    @cached_property
    def made(self) -> str:
        """When it was made, as ISO 8601 has it, to the microsecond: of two projects with one name
        that tells which is which, whatever either is called later."""
        created = self._reading.scalars(select(ProjectTable.created)).one()
        return created.astimezone(UTC).isoformat(timespec="microseconds")

    def close(self) -> None:
        """A second time does nothing."""
        self._closed = True
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
    def shared(self) -> bool:
        """Whether its database is on a server, where several people work at the same time."""
        return not isinstance(self._database, Database)

    @property
    def now(self) -> datetime:
        """By the clock that what is stored is told by: that of the server, where there is one."""
        return clock.now(self._reading)

    @property
    def read_only(self) -> bool:
        return self._database.read_only_reason is not None

    @property
    def read_only_reason(self) -> str | None:
        """Why the project can only be read, None where it can be written."""
        return self._database.read_only_reason

    def refuse_read_only(self, *, kept: str = "Nothing was changed.") -> None:
        """Before somebody writes what could not be stored: raises ActionableError, with the reason,
        where the project can only be read."""
        reason = self.read_only_reason
        if reason is not None:
            raise ActionableError(
                "This project can only be looked at.",
                kept=kept,
                remedy=f"{reason[:1].upper()}{reason[1:]}.",
            )

    @property
    def migration(self) -> Migration | None:
        """Where opening it has just brought it to the newest schema, what it was before."""
        return self._database.migration

    def back_up(self, occasion: str) -> Path:
        """A verified copy of the database beside it, named after what follows; its path.

        In place of an earlier one for the same occasion. Raises DiskFull, MissingPackage, or
        ProjectError where the database is damaged.
        """
        database = opening.database_file(self.folder)
        address = read_address(self.folder) if self.shared else None
        if address is not None:
            copy = database.with_name(f"{database.stem}.{occasion}.backup.dump")
            dump(address, copy)
            return copy
        copy = database.with_name(f"{database.stem}.{occasion}.backup{database.suffix}")
        back_up(database, copy)
        return copy

    def back_up_now(self, occasion: str) -> Backup:
        """Among the project's rotating backups. Raises as `back_up` does."""
        return back_up_now(opening.database_file(self.folder), occasion)

    @property
    def backs_up(self) -> bool:
        """Whether this login can make backups here."""
        return not self.shared or (can_dump() and is_makers(self._reading))

    def back_up_before(self, occasion: str, *, largest: int | None = None) -> None:
        """Among the project's rotating backups, before what changes much at once.

        largest: of a database of more bytes none is made, for somebody waits: what is done there
        has to be a step for undo.

        While nobody has labelled anything there is nothing to keep. Slow; raises DiskFull, or
        ProjectError where the database is damaged. Of a shared project it is made where pg_dump is
        installed and the login may read all of it, which is that of whoever made the project; to
        keep others is for whoever keeps the server.
        """
        if not self.backs_up or (self.shared and largest is not None):
            return
        database = opening.database_file(self.folder)
        if largest is not None and database.stat().st_size > largest:
            return
        if self._reading.execute(select(JournalTable.id).limit(1)).first() is not None:
            self.back_up_now(occasion)

    def transaction(self) -> AbstractContextManager[Connection]:
        """Make all changes inside one commit: for imports, where each alone would be slow.

        A change that fails inside is undone alone; an error that leaves it undoes all.
        Clicks do not belong in here: they would be safe only at its end.
        """
        return self._writing()

    def snapshot(self) -> AbstractContextManager[None]:
        """One state of the project for all readings inside, whatever others do meanwhile: for what
        reads several things that must agree. Nothing can be written inside."""
        return self._open_database.snapshot()

    def _acted(
        self, instance_id: int, action: Callable[[Connection], Entry], seen: int | None
    ) -> Entry:
        """Raises Conflict where somebody else has the image, or what was done since the revision
        `seen` is in the way; the action is then in the journal, and kept beside the shape."""
        conflict = None
        with self._writing(beside=True, instance=instance_id) as connection:
            entry = action(connection)
            if entry.kind is ActionKind.REFUSED:
                conflict = conflicts.conflict(connection, entry, seen)
        if conflict is not None:
            raise conflict
        return entry

    @contextmanager
    def _writing(
        self, *, beside: bool = False, instance: int | None = None
    ) -> Iterator[Connection]:
        """beside, instance: see `Engine`. Raises SchemeChanged where the scheme is no longer the
        one that was opened, NewerProject where the database's tables are not."""
        database = self._open_database
        with database.writing(beside=beside, instance=instance) as connection:
            if database.outermost:
                # Within a transaction nobody else can change them.
                scheme_id, revision = database.versions()
                if revision != revisions.revisions()[-1]:
                    raise _brought_further(database.place)
                if scheme_id != self.stored_scheme.id:
                    raise _scheme_changed("this one action was not stored")
            yield connection

    def refuse_another_scheme(self) -> None:
        """For who waits for the next action: raises SchemeChanged where somebody has changed the
        scheme since this was opened."""
        if self._open_database.versions()[0] != self.stored_scheme.id:
            raise _scheme_changed("nothing more is stored here")

    @property
    def _reading(self) -> Connection:
        return self._open_database.connection

    @property
    def _open_database(self) -> Engine:
        if self._closed:
            raise ProjectError(
                f"The project {self.folder} is closed.",
                kept="Everything stored before is kept.",
                remedy="Open it again: Project.open.",
            )
        return self._database


def _brought_further(place: str) -> NewerProject:
    return NewerProject(
        f"A newer version of this program has brought the project {place} to a newer schema since "
        "it was opened here.",
        kept="What was stored before is kept; this one action was not stored.",
        remedy="Close it here, and open it with the newer version: pip install --upgrade "
        "landmark-annotator.",
    )


def _scheme_changed(kept: str) -> SchemeChanged:
    return SchemeChanged(
        "Somebody has changed the landmarks of this project since it was opened.",
        kept=f"What was stored before is kept; {kept}.",
        remedy="Close the project and open it again: it then has the new landmarks.",
    )
