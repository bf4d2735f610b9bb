"""The labels of one person, or one shape from those of several, for an export."""

from dataclasses import replace

from landmark_annotator.annotator.session.review.consensus import consensus
from landmark_annotator.projects.exchange.transfer.whose_labels import WhoseLabels
from landmark_annotator.projects.store import InstanceState, Project, Role
from landmark_annotator.projects.vocabulary.errors import ActionableError, closest
from landmark_annotator.projects.vocabulary.wording import counted


def labels_of(project: Project, person: str) -> WhoseLabels:
    """What nobody has accepted yet is of whoever did something on it last. Raises ActionableError
    where that person has labelled nothing."""
    by = {instance: label.who for instance, label in project.labellings().items()}
    begun = set(project.listed([InstanceState.STARTED]).tolist()) - by.keys()
    by |= {instance: label.who for instance, label in project.beginnings(begun).items()}
    if person not in by.values():
        people = sorted(set(by.values()))
        known = f"These have labelled: {', '.join(people)}." if people else ""
        raise ActionableError(
            f'"{person}" has labelled nothing in this project.{closest(person, people)}',
            kept="Nothing was written.",
            remedy=known,
        )
    others = frozenset(
        record.id for record in project.instances() if by.get(record.id, person) != person
    )
    # What a rule accepted is nobody's.
    ruled = frozenset(project.listed([InstanceState.ACCEPTED]).tolist()) - by.keys()
    said = f"Labels of {person} alone."
    if ruled:
        said += f" Left out: {counted(len(ruled), 'shape')} accepted by rule."
    return WhoseLabels(said, others | ruled, ruled=ruled)


def without_hidden(project: Project, whose: WhoseLabels, who: str) -> WhoseLabels:
    """Without what two people label blindly and are not both done with, where it is not that
    person's own; for reviewers and leads as it is."""
    roles = {person.name: person.role for person in project.people()}
    role = roles.get(who, Role.ANNOTATOR)
    hidden = frozenset() if role.includes(Role.REVIEWER) else project.hidden_from(who)
    if not hidden:
        return whose
    what = counted(len(hidden), "labelling")
    said = f"{whose.said} Left out: {what} of objects that two people label without seeing each "
    said += "other's labels, and are not both done with."
    return replace(whose, said=said.strip(), left_out=whose.left_out | hidden)


def agreed_labels(project: Project) -> WhoseLabels:
    """One shape an object; see `consensus`. Raises ActionableError as that does."""
    found = consensus(project)
    names = found.people.names
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return WhoseLabels(
        f"Objects that several people have labelled ({len(found.shapes):,}) are one shape each: "
        f"the labels of {listed}, each weighed by how well they place, without their habits.",
        found.merged,
        found.shapes,
        f"consensus of {listed}",
        found.merged,
    )
