"""The files of a database as they were, kept before something is put in their place."""

import os
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from landmark_annotator.projects.folder_sync import sync_folder


def keep_aside(files: Iterable[Path], folder: Path, before: str) -> Path:
    """Copies that survive a power cut, in a new folder inside `folder`, which is returned.

    Raises OSError; then there is no such folder.
    """
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    names = (f"before_{before}_{stamp}{'' if n == 1 else f'_{n}'}" for n in count(1))
    aside = next(folder / name for name in names if not (folder / name).exists())
    try:
        aside.mkdir()
        for file in files:
            copy = aside / file.name
            shutil.copy2(file, copy)
            with copy.open("rb+") as stream:
                os.fsync(stream.fileno())
        sync_folder(aside)
        sync_folder(folder)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return aside
