"""Files that a command writes at its end, and their folders, tried before its work: nobody waits
for what is lost."""

import errno
import os
from pathlib import Path

import typer

from landmark_annotator.annotator.cli.support.options import OUTPUT


def try_to_write(path: Path | None, option: str) -> None:
    """Raises ActionableError where the file that the option names could not be written."""
    # Commands name this file, and their help is not to wait for arrays.
    from landmark_annotator.projects.vocabulary.errors import ActionableError

    if path is None or path == OUTPUT:
        return
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        part = path.with_name(path.name + ".part")
        part.touch()
        part.unlink()
    except OSError as error:
        raise ActionableError(
            f"{path} cannot be written: {error.strerror}.",
            kept="Nothing was done yet.",
            remedy=f"Give another path to {option}.",
        ) from error


def check_folder(folder: Path, option: str) -> None:
    """Raises typer.BadParameter where neither it nor what it is to be made in can be written."""
    folder = folder.absolute()
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise typer.BadParameter(f"nothing can be written into {there}.", param_hint=option)
