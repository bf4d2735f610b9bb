"""Another project as what is imported: its labels are in a database, which no format reads."""

import shlex
from pathlib import Path

from landmark_annotator.projects.store import Project

_DATABASE = "project.db"


def project_of(source: Path) -> Path | None:
    """The folder of the project that the folder or file is, if it is one."""
    folder = source.parent if source.name == _DATABASE else source
    return folder if folder.is_dir() and Project.is_project(folder) else None


def how_to_bring(folder: Path) -> str:
    """What to do to have what was accepted in that project."""
    return (
        f"Write them to a file, and import that: annotator export {shlex.quote(str(folder))} "
        "labels.csv --format csv. Where a new project is to have all of it: annotator copy."
    )


def left_in(source: Path, own: Path) -> list[str]:
    """A note of what does not come along, where a folder of images is a project too. own: the
    folder of the project that imports."""
    folder = project_of(source)
    if folder is None or folder.resolve() == own.resolve():
        return []
    return [
        f"{folder} is a project itself, and what was labelled there is in its database, which is "
        f"not read. {how_to_bring(folder)}"
    ]
