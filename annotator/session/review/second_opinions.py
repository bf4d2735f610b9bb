"""Objects that a second person labels as well, so that agreement can be measured.

A second opinion is an instance of its own, with the box of the first. Whoever labels one of the
two does not see the other.
"""

from collections.abc import Collection, Sequence
from itertools import chain

import numpy as np

from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project, Role
from landmark_annotator.projects.store.same_objects import labelled_twice
from landmark_annotator.projects.vocabulary.wording import counted


def without_second_opinion(
    project: Project, among: Collection[int] | None = None
) -> list[InstanceRecord]:
    """The accepted instances with a box that have no second opinion and are none themselves, and
    whose object nobody else has labelled.

    among: the instances that are looked at, by id; None for all.
    """
    asked = {record.second_opinion_on for record in project.instances(excluded=True)}
    asked |= set(chain.from_iterable(labelled_twice(project)))
    return [
        r
        for r in project.instances()
        if r.state is InstanceState.ACCEPTED
        and r.box is not None
        and r.id not in asked
        and r.second_opinion_on is None
        and (among is None or r.id in among)
    ]


def drawn(free: Sequence[InstanceRecord], count: int, seed: int) -> list[InstanceRecord]:
    """`count` of them, or all where there are fewer, in their own order."""
    order = np.random.default_rng(seed).permutation(len(free))[:count]
    return [free[i] for i in sorted(order.tolist())]


def ask_for_second_opinions(
    project: Project,
    count: int,
    *,
    seed: int,
    who: str,
    among: Collection[int] | None = None,
) -> list[int]:
    """Adds an empty instance for each of `count` instances, drawn by the seed from those
    `without_second_opinion`, and returns their ids.

    Raises NotAllowed for an annotator of a project with people: until both are done, what one has
    accepted is hidden from everybody else.
    """
    project.refuse_below(who, Role.REVIEWER, "ask for second opinions")
    with project.transaction():
        return [
            project.add_instance(
                record.image_id, record.box, second_opinion_on=record.id, who=who
            ).id
            for record in drawn(without_second_opinion(project, among), count, seed)
        ]


def awaited(project: Project) -> list[InstanceRecord]:
    """The second opinions that were asked for and that nobody has given yet."""
    return [
        r
        for r in project.instances()
        if r.second_opinion_on is not None and r.state is not InstanceState.ACCEPTED
    ]


def still_to_come(count: int) -> str:
    """Of second opinions that nobody has given yet: where they are, and for whom."""
    return (
        f"{counted(count, 'object')} {'waits' if count == 1 else 'wait'} for a second opinion, in "
        "the list of the label page: another person who opens the project labels them there. "
        "Whoever labelled them first is not led to them."
    )


def is_second_opinion(one: InstanceRecord, other: InstanceRecord) -> bool:
    """Whether one of the two is the second opinion on the other."""
    return one.second_opinion_on == other.id or other.second_opinion_on == one.id
