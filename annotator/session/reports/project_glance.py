"""How far a project is, at a glance: for the list of recent ones."""

from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    OlderProject,
    ServerAway,
)


@dataclass(frozen=True)
class Glance:
    """accepted, instances: 0 of 0 where nothing is known. problem: why it cannot be opened, in
    one plain sentence; "" where it can. older: an earlier version of the program has left it so,
    and nothing is known of it before it is opened."""

    folder: Path
    name: str
    accepted: int = 0
    instances: int = 0
    problem: str = ""
    older: bool = False


def glance_at(folder: Path) -> Glance:
    """Never fails: what is wrong is in `problem`."""
    if not folder.is_dir():
        return Glance(folder, folder.name, problem="The folder is not there any more.")
    try:
        with Project.open(folder, read_only=True) as project:
            accepted = project.count_of(InstanceState.ACCEPTED)
            return Glance(folder, project.name, accepted, project.instance_count())
    except OlderProject:
        # To look at a list changes nothing.
        return Glance(folder, folder.name, older=True)
    except ServerAway:
        # All else that is said of it is told when it is opened; a row has no room for it.
        return Glance(folder, folder.name, problem="Its server does not answer.")
    except ActionableError as error:
        return Glance(folder, folder.name, problem=error.happened)
