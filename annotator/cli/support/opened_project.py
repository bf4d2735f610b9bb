"""The project of a command."""

from pathlib import Path
from typing import TYPE_CHECKING

from landmark_annotator.annotator.cli.support.output import note
from landmark_annotator.annotator.cli.support.person import who

if TYPE_CHECKING:
    from landmark_annotator.projects.store import ActionKind, Project


def open_to_write(folder: Path, *, much: bool = False, deed: "str | ActionKind" = "") -> "Project":
    """Tells of windows that have it open, and goes on. much: what follows changes much at once, so
    that a backup is made before it; tells where none can be. deed: what follows, where only a lead
    may. Raises what `Project.open` raises, and ProjectReadOnly or NotAllowed before anything is
    worked out that could not be stored."""
    from landmark_annotator.annotator.session.reports.visitors import who_is_there
    from landmark_annotator.projects.store import Project, Role, visitors

    project = Project.open(folder)
    if project.read_only:
        with project, project.transaction():  # which says why, and what to do
            pass
    if deed:
        try:
            project.refuse_below(who(), Role.LEAD, deed)
        except BaseException:
            project.close()
            raise
    there = [] if project.shared else visitors(project.folder)
    if there:
        note(
            f"{who_is_there(there, who())} It shows what is written now within seconds, and other "
            "landmarks once the project is opened again there."
        )
    if much and not project.backs_up:
        note(
            "No backup is made before it: that takes the login that made the project, and pg_dump. "
            "What is done now is a step for undo."
        )
    return project


def open_to_read(folder: Path) -> "Project":
    """After it was brought to the newest schema, with a copy of what it was, where an earlier
    version of the program has left it. Raises what `Project.open` raises."""
    from landmark_annotator.projects.store import Project

    project = Project.open_to_read(folder)
    if project.migration is not None:
        note(project.migration.told)
    return project
