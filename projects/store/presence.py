"""Who has a project open: beside its database a file for every window, locked while it is open."""

import json
import os
import platform
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from landmark_annotator.projects.file_lock import lock

_MOST = 32
"""Windows on one project that are told apart."""
_LOOKS, _BETWEEN_S = 3, 0.02
"""A lock may be that of a look like this one, which is over at once."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who has the project open. who: "" where it is not known."""

    who: str
    since: datetime
    machine: str

    @property
    def here(self) -> bool:
        """Whether on this machine."""
        return self.machine == platform.node()


class Presence:
    """Says of one window that it has the project open, until `leave` or the end of its program,
    however that comes.

    It keeps nobody from anything: what may be written and when is the database's to say. Where
    the disk has no locks, as some network drives, or cannot be written, nobody is known.
    """

    def __init__(self, folder: Path, who: str) -> None:
        """others: who had it open already."""
        self.folder = folder
        self._file = _entered(folder, who)
        self.others = tuple(visitors(folder, but=self._path))

    @property
    def _path(self) -> Path | None:
        return None if self._file is None else Path(self._file.name)

    def leave(self) -> None:
        if self._file is None:
            return
        path = Path(self._file.name)
        if sys.platform == "win32":  # where nobody can delete what is open
            self._file.close()
            with suppress(OSError):
                path.unlink()
        else:
            with suppress(OSError):
                path.unlink()
            self._file.close()
        self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leave()


def visitors(folder: Path, but: Path | None = None) -> list[Visitor]:
    """Who has the project open now, the first to come first. but: a file of one's own."""
    found = []
    for path in folder.glob(_name("*")):
        # What cannot be read or locked says nothing.
        with suppress(OSError):
            if path != but and (visitor := _visitor(path)) is not None:
                found.append(visitor)
    return sorted(found, key=lambda visitor: visitor.since)


def _name(number: object) -> str:
    return f".open-{number}.lock"


def _entered(folder: Path, who: str) -> BinaryIO | None:
    """A locked file of one's own; None where there can be none."""
    for number in range(1, _MOST + 1):
        path = folder / _name(number)
        try:
            file = path.open("a+b")
        except PermissionError:
            if path.exists():  # left by another account
                continue
            return None
        except OSError:
            return None
        try:
            if lock(file) and _is_there(file, path):
                file.truncate(0)
                said = {"who": who, "since": datetime.now(UTC).isoformat(), "on": platform.node()}
                file.write(json.dumps(said).encode())
                file.flush()
                return file
        except OSError:
            file.close()
            return None
        file.close()
    return None


def _is_there(file: BinaryIO, path: Path) -> bool:
    """Whether nobody deleted it between opening and locking."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _visitor(path: Path) -> Visitor | None:
    """None where whoever made it is gone: the file alone outlives a program that was killed."""
    for _ in range(_LOOKS):
        with path.open("rb") as file:
            if lock(file):
                return None
            said = file.read()
        time.sleep(_BETWEEN_S)
    try:
        content = json.loads(said)
        since = datetime.fromisoformat(content["since"])
        return Visitor(str(content["who"]), since, str(content["on"]))
    except (ValueError, TypeError, KeyError):
        return Visitor("", datetime.fromtimestamp(path.stat().st_mtime, UTC), platform.node())
