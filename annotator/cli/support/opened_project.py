"""A project that a command writes to."""

from pathlib import Path
from typing import TYPE_CHECKING

from annotator.cli.support.output import note
from annotator.cli.support.person import who

if TYPE_CHECKING:
    from projects.store import Project


def open_to_write(folder: Path) -> "Project":
    """Tells of windows that have it open, and goes on. Raises what `Project.open` raises."""
    from annotator.session.reports.visitors import who_is_there
    from projects.store import Project, visitors

    project = Project.open(folder)
    there = visitors(project.folder)
    if there:
        note(
            f"{who_is_there(there, who())} It sees what is written now once the project is "
            "opened again there."
        )
    return project
