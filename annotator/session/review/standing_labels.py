"""Which of two people's labels of one object stands, where a lead has decided that.

The other one is left out of all that counts, as what is excluded is, for a reason that says so;
how far two people are apart is measured on both all the same.
"""

from landmark_annotator.projects.store import Entry, InstanceRecord, Project, Role

_STANDS = "'s label of this object stands"
_DEED = "decide whose label stands"


def let_stand(
    project: Project, instance_id: int, *, over: int, whose: str, who: str
) -> list[Entry]:
    """One step for undo. instance_id, over: two accepted labels of one object; whose: the person
    whose label the first one is. Raises NotAllowed for whoever is no lead of a project with people.
    """
    project.refuse_below(who, Role.LEAD, _DEED)
    return project.let_stand(instance_id, over=over, why=f"{whose}{_STANDS}", who=who)


def let_both_count(project: Project, first: int, second: int, *, who: str) -> list[Entry]:
    """Takes such a decision back, whoever made it; one step for undo."""
    project.refuse_below(who, Role.LEAD, _DEED)
    return project.restore(instances=(first, second), who=who)


def gives_way(record: InstanceRecord) -> bool:
    """Whether it was left out because another person's label of the object stands."""
    return record.excluded is not None and record.excluded.why.endswith(_STANDS)


def given_way(project: Project) -> list[int]:
    """All of these, by their ids."""
    if not any(one.why.endswith(_STANDS) for one in project.left_out()):
        return []
    return [record.id for record in project.instances(excluded=True) if gives_way(record)]
