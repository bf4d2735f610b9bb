"""Locks that the operating system lets go of when their program ends, however it ends."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_LOOKS, _BETWEEN_S = 3, 0.02
"""What holds a lock may be a look like this one, which is over at once."""

if sys.platform == "win32":
    import msvcrt

    _BEYOND = 1 << 30
    """Where the locked byte is: Windows lets nobody read what is locked."""

    def lock(file: BinaryIO) -> bool:
        file.seek(_BEYOND)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            file.seek(0)
        return True
else:
    import fcntl

    def lock(file: BinaryIO) -> bool:
        """Whether the file is now this one's alone, until it is closed; never waits.

        Another `open` of the same file counts as another one, in this process too. Raises OSError
        where the disk has no locks, as some network drives.
        """
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_held(path: Path) -> bool:
    """Whether somebody is inside of the path, by `one_at_a_time` or a lock of its file.

    Raises OSError where the disk has no locks or the file may not be read.
    """
    for look in range(_LOOKS):
        if look:
            time.sleep(_BETWEEN_S)
        try:
            with path.open("rb") as file:
                if lock(file):
                    return False
        except FileNotFoundError:
            return False
    return True


@contextmanager
def one_at_a_time(path: Path, patience_s: float = 2.0, *, stays: bool = True) -> Iterator[bool]:
    """Nobody else is inside of the same path, which is made, and stays as an empty file, or not.

    Where the disk has no locks, or somebody stays inside for longer than the patience, it goes on
    without: it gives False where somebody is known to be inside. Raises OSError where the file
    cannot be made, or is somebody else's and may not even be read.
    """
    end = time.monotonic() + patience_s
    file = _opened(path)
    held, alone = False, True
    try:
        with suppress(OSError):
            while not (held := _locked(file, path)) and time.monotonic() < end:
                time.sleep(0.01)
                file.close()  # whoever was inside may have taken it away
                file = _opened(path)
            alone = held
        yield alone
    finally:
        leaves, windows = held and not stays, sys.platform == "win32"
        if leaves and not windows:
            _discard(path)  # before anybody else can be inside of it
        file.close()
        if leaves and windows:
            _discard(path)  # which fails where somebody else has opened it


def _opened(path: Path) -> BinaryIO:
    """Made where it is not there. In a shared folder it may be somebody else's, who is inside or
    was killed there: a lock asks for no more than to read it."""
    try:
        return path.open("ab")
    except PermissionError:
        with suppress(OSError):
            return path.open("rb")
        raise


def _discard(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _locked(file: BinaryIO, path: Path) -> bool:
    """Whether the file is locked now, and still the one of that name."""
    if not lock(file):
        return False
    try:
        own, there = os.fstat(file.fileno()), path.stat()
    except FileNotFoundError:
        return False
    return (own.st_dev, own.st_ino) == (there.st_dev, there.st_ino)
