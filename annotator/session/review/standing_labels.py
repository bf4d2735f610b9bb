"""Which of two people's labels of one object stands, where a lead has decided that.

The other one is left out of all that counts, as what is excluded is, for a reason that says so;
how far two people are apart is measured on both all the same.
"""

from collections.abc import Sequence

from landmark_annotator.projects.store import Entry, Project, Role
from landmark_annotator.projects.store.same_objects import LABEL_STANDS

DECIDING = "decide whose label stands"


def let_stand(
    project: Project, choices: Sequence[tuple[int, int]], *, whose: str, who: str
) -> list[Entry]:
    """One step for undo. choices: an instance and over which other one it stands, both accepted
    labels of one object; where three have labelled an object there are two of it. whose: the person
    whose label the first one is. Raises NotAllowed for whoever is no lead of a project with people.
    """
    project.refuse_below(who, Role.LEAD, DECIDING)
    return project.let_stand(choices, why=f"{whose}{LABEL_STANDS}", who=who)


def let_both_count(project: Project, *labels: int, who: str) -> list[Entry]:
    """Takes such decisions back, whoever made them; one step for undo. labels: both of each
    object."""
    project.refuse_below(who, Role.LEAD, DECIDING)
    return project.restore(instances=labels, who=who)
