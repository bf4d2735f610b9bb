"""Names that survive a power cut."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """So that a new name in it survives a power cut. Not every system can open a folder."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
