"""Files that a command writes at its end, tried before its work: nobody waits for what is lost."""

import errno
import os
from pathlib import Path

from landmark_annotator.projects.vocabulary.errors import ActionableError


def try_to_write(path: Path | None, option: str) -> None:
    """Raises ActionableError where the file that the option names could not be written."""
    if path is None:
        return
    part = path.with_name(path.name + ".part")
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        part.touch()
        part.unlink()
    except OSError as error:
        raise ActionableError(
            f"{path} cannot be written: {error.strerror}.",
            kept="Nothing was done yet.",
            remedy=f"Give another path to {option}.",
        ) from error
