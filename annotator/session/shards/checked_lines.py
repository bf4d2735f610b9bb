"""Files of JSON lines that say of themselves whether they are whole. What is read may be anything:
it lay on a disk that others write to."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from landmark_annotator.projects.folder_sync import discard, sync_folder
from landmark_annotator.projects.vocabulary.errors import ActionableError, DiskFull

_LONGEST = 4_000_000
"""Bytes of a line: a proposal for 10,000 landmarks."""
_END = "end"

Line = Mapping[str, Any]


def write_lines(file: Path, lines: Iterable[Line], *, once: bool = False) -> bool:
    """Beside it, and renamed into its place when all of it is on the disk. Raises OSError, and
    what the lines raise; then there is no file.

    once: whoever comes second leaves the file as it is, and is told by False.
    """
    part = file.with_name(f"{file.name}.{os.uname().nodename}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            content, count = hashlib.sha256(), 0
            for count, line in enumerate(lines, 1):  # noqa: B007 - how many there were
                text = orjson.dumps(line) + b"\n"
                content.update(text)
                stream.write(text)
            stream.write(orjson.dumps({_END: count, "sha256": content.hexdigest()}) + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        if once:
            try:
                file.hardlink_to(part)
            except FileExistsError:
                return False
        else:
            part.replace(file)
    finally:
        discard(part)
    sync_folder(file.parent)
    return True


def read_lines(file: Path) -> Iterator[dict[str, Any]]:
    """One after the other. Raises ActionableError where the file is not whole: after the last line,
    so that nothing may be made of the first ones before."""
    return (line for line, _ in placed_lines(file))


def placed_lines(file: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """As `read_lines`, each with the place in the file that it ends at."""
    content, number, place = hashlib.sha256(), 0, 0
    try:
        with file.open("rb") as stream:
            while text := stream.readline(_LONGEST):
                line = _parsed(file, number + 1, text)
                if _END in line:
                    whole = line == {_END: number, "sha256": content.hexdigest()}
                    if whole and not stream.read(1):
                        return
                    raise damaged(file, "its end does not fit to the rest")
                content.update(text)
                number += 1
                place += len(text)
                yield line, place
    except OSError as error:
        raise ActionableError(f"{file} cannot be read: {error.strerror}.") from error
    raise damaged(file, "its end is missing")


def damaged(file: Path, why: str) -> ActionableError:
    return ActionableError(
        f"{file} is damaged: {why}.",
        kept="Nothing of it was put into the project.",
        remedy="Delete it, and compute that part again.",
    )


def unwritten(folder: Path, error: OSError, kept: str) -> ActionableError:
    if DiskFull.is_meant_by(error):
        return DiskFull(
            f"There is no room left for results in {folder}.",
            kept=kept,
            remedy="Free some space and do it again, or give another folder to --results.",
        )
    return ActionableError(
        f"Results cannot be written to {folder}: {error.strerror}.",
        kept=kept,
        remedy="Give another folder to --results.",
    )


def _parsed(file: Path, number: int, text: bytes) -> dict[str, Any]:
    try:
        line = orjson.loads(text)
    except ValueError as error:
        raise damaged(file, f"line {number} is no JSON") from error
    if not isinstance(line, dict):
        raise damaged(file, f"line {number} is no object")
    return line
