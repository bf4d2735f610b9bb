"""Objects that a second person labels as well, so that agreement can be measured.

A second opinion is an instance of its own, with the box of the first. Whoever labels one of the
two does not see the other.
"""

from collections.abc import Collection

import numpy as np

from projects.store import InstanceRecord, InstanceState, Project


def ask_for_second_opinions(
    project: Project,
    count: int,
    *,
    seed: int,
    who: str,
    among: Collection[int] | None = None,
) -> list[int]:
    """Adds an empty instance for each of `count` accepted ones, drawn by the seed, and returns
    their ids; those that have a second opinion already, or are one, are not drawn.

    among: the instances that are drawn from, by id; None for all.
    """
    records = project.instances()
    asked = {record.second_opinion_on for record in project.instances(excluded=True)}
    free = [
        r
        for r in records
        if r.state is InstanceState.ACCEPTED
        and r.box is not None
        and r.id not in asked
        and r.second_opinion_on is None
        and (among is None or r.id in among)
    ]
    order = np.random.default_rng(seed).permutation(len(free))[:count]
    with project.transaction():
        return [
            project.add_instance(
                free[i].image_id, free[i].box, second_opinion_on=free[i].id, who=who
            ).id
            for i in sorted(order.tolist())
        ]


def is_second_opinion(one: InstanceRecord, other: InstanceRecord) -> bool:
    """Whether one of the two is the second opinion on the other."""
    return one.second_opinion_on == other.id or other.second_opinion_on == one.id
