"""What a command says where objects point anywhere and the scheme takes them for upright."""

import shlex
from typing import TYPE_CHECKING

from landmark_annotator.annotator.cli.support.output import note

if TYPE_CHECKING:
    from landmark_annotator.projects.store import Project


def tell_free_heading(project: "Project") -> None:
    """With the command that mends it."""
    from landmark_annotator.annotator.session.models.free_heading import free_heading

    found = free_heading(project)
    if found is not None:
        folder = shlex.quote(str(project.folder))
        note(f"{found.sentence} Set it: annotator scheme {folder} {found.command}")
