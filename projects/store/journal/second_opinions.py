"""Second opinions that a project asks for by itself: of the share of its images that two people
label, once somebody has accepted an object there that nobody else has labelled."""

from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from landmark_annotator.projects.store.engine.many_rows import is_among
from landmark_annotator.projects.store.journal.labellers import labellings
from landmark_annotator.projects.store.people.assignments import Assignment, current_assignment
from landmark_annotator.projects.store.people.double_labelling import is_drawn
from landmark_annotator.projects.store.people.same_objects import of_two_people, pairs
from landmark_annotator.projects.store.rows import instances
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.first_opinions import is_first_opinion
from landmark_annotator.projects.store.rows.many_stored import load_many
from landmark_annotator.projects.store.rows.records import InstanceRecord, InstanceState
from landmark_annotator.projects.store.schema.tables import ImageTable, InstanceTable
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.own_boxes import may_be_whole, square_around_all


def ask(connection: Connection, instance_ids: Sequence[int], said: Assignment) -> list[int]:
    """The ids of the instances for second opinions on those of these, at most `AT_ONCE`, that were
    accepted, where that is wanted and there is none yet. Inside a transaction."""
    if not said.twice:
        return []
    these = select(InstanceTable.id).where(is_among(connection, InstanceTable.id, instance_ids))
    return _asked(connection, said.twice, said.seed, these)


def ask_all(connection: Connection) -> list[int]:
    """As `ask`, on all instances that are accepted."""
    said = current_assignment(connection)
    accepted = select(InstanceTable.id).where(InstanceTable.state == InstanceState.ACCEPTED.value)
    return _asked(connection, said.twice, said.seed, accepted) if said.twice else []


def _asked(connection: Connection, share: float, seed: int, among: Any) -> list[int]:
    second = aliased(InstanceTable)
    query = (
        select(InstanceTable.id, InstanceTable.image_id, ImageTable.sha256)
        .join(ImageTable, ImageTable.id == InstanceTable.image_id)
        .where(InstanceTable.id.in_(among))
        .where(is_first_opinion())
        .where(InstanceTable.excluded_why.is_(None), ImageTable.excluded_why.is_(None))
        .where(~select(second.id).where(second.second_opinion_on == InstanceTable.id).exists())
        .order_by(InstanceTable.id)
    )
    drawn = [row for row in connection.execute(query).all() if is_drawn(row.sha256, share, seed)]
    done = _labelled_by_two(connection, {row.image_id for row in drawn})
    added = []
    for row in drawn:
        if row.id not in done:
            box = instances.instance(connection, row.id).box
            empty = StoredInstance(box, False, {})
            added.append(
                instances.add_instance(connection, row.image_id, empty, None, row.id, None)
            )
    return added


def _labelled_by_two(connection: Connection, images: Collection[int]) -> set[int]:
    """The accepted instances in these images whose objects hold labels of two people, such as of
    two files that were imported."""
    found = set[int]()
    for image_id in sorted(images):
        accepted = InstanceState.ACCEPTED
        several = [
            one
            for one in instances.instances(connection, image_id=image_id, state=accepted)
            if one.box is not None
        ]
        same = pairs([several], _boxes(connection, several)) if len(several) > 1 else []
        if same:
            by = labellings(connection, set(chain.from_iterable(same)))
            whose = {i: labelling.who for i, labelling in by.items()}
            found |= set(chain.from_iterable(of_two_people(same, whose)))
    return found


def _boxes(connection: Connection, several: list[InstanceRecord]) -> dict[int, Box]:
    """By id: the box, or in place of one that may be all of the image the square around the
    landmarks, for one person may have drawn a box where another one did not."""
    found = {one.id: one.box for one in several if one.box is not None}
    whole = [i for i, box in found.items() if may_be_whole(box)]
    for i, stored in load_many(connection, whole).items() if whole else ():
        placed = [row.position for row in stored.landmarks.values() if row.position is not None]
        found[i] = square_around_all(np.array(placed)) or found[i]
    return found
