"""A folder of one's own for a shared project, whose database is on a server."""

import re
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.projects.images import source_of
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.address import (
    addressed,
    database_name,
    read_address,
)
from landmark_annotator.projects.store.engine.engine import Migration
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import Cancelled, ProjectError
from landmark_annotator.projects.vocabulary.progress import SILENT
from landmark_annotator.projects.vocabulary.wording import counted

_LOOKED_AT = 100
"""Images between two words of how far it is."""


@dataclass(frozen=True)
class JoinedProject:
    """missing: how many of its images are not where they are looked for. migration: where it was of
    an earlier version of the program and has just been brought to the newest schema."""

    folder: Path
    name: str
    images: int
    missing: int
    migration: Migration | None = None

    @property
    def told(self) -> str:
        """What is missing; "" where nothing is."""
        if not self.missing:
            return ""
        are = "is" if self.missing == 1 else "are"
        return f"{counted(self.missing, 'image')} of the project {are} not here."

    @property
    def remedy(self) -> str:
        return (
            f"Put what is missing into {self.folder} under the names that the project has; "
            "whoever imported it has the files."
        )


def join_project(address: str, folder: Path, progress: Progress = SILENT) -> JoinedProject:
    """The folder gets a file with the address: whoever opens it opens the project. One that an
    earlier version of the program has made is brought to the newest schema, by whoever made it.

    Raises ProjectError where the address is none, holds a password, or leads to no project that
    this login may read; OlderProject where somebody else has to bring it up to date; ProjectError
    where the folder is another project or cannot be written; ServerAway; Cancelled. What was made
    for it is then away again.
    """
    with addressed(folder, address):
        progress.start("Asking the server", None)
        with Project.open_to_read(folder) as opened:
            images, missing = opened.images(), 0
            progress.start("Looking for its images", len(images))
            _go_on(progress)
            for place, image in enumerate(images):
                _go_on(progress)
                missing += not source_of(image).is_there()
                if place % _LOOKED_AT == 0:
                    progress.advance(min(_LOOKED_AT, len(images) - place))
            return JoinedProject(opened.folder, opened.name, len(images), missing, opened.migration)


def proposed_folder(address: str, home: Path) -> Path | None:
    """Within `home`, called as the database is: the first that is free. None of what names none."""
    name = re.sub(r"[^\w.-]+", "_", database_name(address)).strip("._")
    if not name:
        return None
    number = 1
    while True:
        folder = home / (name if number == 1 else f"{name}_{number}")
        if not folder.exists() or _leads_to(folder, address):
            return folder
        number += 1


def _go_on(progress: Progress) -> None:
    if progress.cancelled():
        raise Cancelled("Joining was stopped.", kept="Nothing was left behind.")


def _leads_to(folder: Path, address: str) -> bool:
    try:
        return read_address(folder) == address
    except ProjectError:
        return False
