"""What the rest of the store asks of a database, whichever kind it is."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection


@dataclass(frozen=True)
class Migration:
    """An older project was brought to the newest schema. copy: the project as it was before; None
    where no copy could be made, and why_none then says why, in a sentence."""

    copy: Path | None
    why_none: str = ""

    @property
    def told(self) -> str:
        beside = (
            f"a copy of it as it was is beside it, {self.copy.name}."
            if self.copy is not None
            else f"no copy of it as it was could be made. {self.why_none}"
        )
        return f"The project was brought to the newest schema; {beside}"


class Engine(Protocol):
    """One connection to a project's database, for use from one thread.

    Its own errors leave it as those that people can act on.
    """

    @property
    def connection(self) -> Connection:
        """For readings; each of them is a transaction of its own."""
        ...

    @property
    def place(self) -> str:
        """The project as messages name it, and as commands take it."""
        ...

    @property
    def read_only_reason(self) -> str | None:
        """Why nothing can be written, None where it can."""
        ...

    migration: Migration | None
    """What opening it has just done to an older schema."""

    @property
    def outermost(self) -> bool:
        """Whether what is being written is a transaction of its own, not a part of another one."""
        ...

    def writing(
        self, *, beside: bool = False, instance: int | None = None
    ) -> AbstractContextManager[Connection]:
        """All or nothing: what is written inside is on the disk when it ends, or never was.

        Inside another one it is a part of that: undone alone when it fails, committed with it.
        beside: it holds the rows that it changes, so others may write at the same time where the
        database can do that. All else is written one after the other. instance: the row that
        others change no more from the beginning on, if there is one.
        """
        ...

    def versions(self) -> tuple[int, str]:
        """The id of the scheme that holds, and the revision of the database's schema; inside a
        transaction that writes nobody changes them before that ends."""
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """All readings inside see the database as it was at the first, whatever others write.

        Nothing can be written inside.
        """
        ...

    def close(self) -> None: ...
