"""Files and names that survive a power cut."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(file: Path, content: str | bytes) -> None:
    """The file is the old one or the whole new one, at every moment. content: text is written as
    UTF-8. Raises OSError."""
    part = file.with_name(f"{file.name}.part")
    discard(part)  # of one that was killed, which another account may not be let write
    try:
        with part.open("wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    finally:
        discard(part)
    sync_folder(file.parent)


def discard(part: Path) -> None:
    """What was to take a file's place and did not, if there is any of it. Raises nothing, for it is
    called while something worse is told: a disk for reading only refuses to delete even what is
    not there."""
    with suppress(OSError):
        part.unlink(missing_ok=True)


def sync_file(file: Path) -> None:
    """So that what has been written into it survives a power cut, whatever it is renamed to."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def make_folder(folder: Path) -> None:
    """With its parents, where it is not there; its name then survives a power cut, whoever made it.
    Raises OSError."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for new in missing or [folder]:
        with suppress(PermissionError):  # where names may be used and not listed
            sync_folder(new.parent)


@contextmanager
def taken_back(folder: Path) -> Iterator[None]:
    """Where what follows fails, the folder and those above it that it made go again, unless they
    hold something by then."""
    # `os.path` says no where Path raises: of a folder that may not be looked into.
    new = [one for one in (folder, *folder.parents) if not os.path.exists(one)]  # noqa: PTH110
    try:
        yield
    except BaseException:
        for one in new:
            with suppress(OSError):
                one.rmdir()
        raise


def sync_folder(folder: Path) -> None:
    """So that a new name in it survives a power cut. Not every system can open a folder."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
