"""Second opinions that a project asks for by itself: of the share of its images that two people
label, once somebody has accepted an object there that nobody else has labelled."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, select
from sqlalchemy.orm import aliased

from landmark_annotator.projects.store.engine.many_rows import AT_ONCE, is_among, is_one_of
from landmark_annotator.projects.store.journal.labellers import labellings
from landmark_annotator.projects.store.people.assignments import Assignment, current_assignment
from landmark_annotator.projects.store.people.double_labelling import is_drawn
from landmark_annotator.projects.store.people.same_objects import of_two_people, pairs
from landmark_annotator.projects.store.rows import exclusions, instances
from landmark_annotator.projects.store.rows.first_opinions import is_first_opinion
from landmark_annotator.projects.store.rows.many_instances import add_second_opinions
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


def to_come(connection: Connection) -> int:
    """How many will be asked for of what waits, once it is accepted."""
    said = current_assignment(connection)
    if not said.twice:
        return 0
    query = (
        select(ImageTable.sha256)
        .join(InstanceTable, InstanceTable.image_id == ImageTable.id)
        .where(InstanceTable.state != InstanceState.ACCEPTED.value, *_alone())
    )
    hashes = connection.execute(query).scalars()
    return sum(is_drawn(sha256, said.twice, said.seed) for sha256 in hashes)


def _alone() -> tuple[ColumnElement[bool], ...]:
    """First opinions that count, on which there is no second one."""
    second = aliased(InstanceTable)
    return (
        is_first_opinion(),
        InstanceTable.excluded_why.is_(None),
        ImageTable.excluded_why.is_(None),
        ~select(second.id).where(second.second_opinion_on == InstanceTable.id).exists(),
    )


def _asked(connection: Connection, share: float, seed: int, among: Any) -> list[int]:
    query = (
        select(InstanceTable.id, InstanceTable.image_id, ImageTable.sha256)
        .join(ImageTable, ImageTable.id == InstanceTable.image_id)
        .where(InstanceTable.id.in_(among), *_alone())
        .order_by(InstanceTable.id)
    )
    drawn = [row for row in connection.execute(query).all() if is_drawn(row.sha256, share, seed)]
    done = _labelled_by_two(connection, {row.image_id for row in drawn})
    return add_second_opinions(connection, [row.id for row in drawn if row.id not in done])


def _labelled_by_two(connection: Connection, images: Collection[int]) -> set[int]:
    """The accepted instances in these images whose objects hold labels of two people, such as of
    two files that were imported."""
    query = (
        select(*instances.RECORD)
        .where(is_one_of(connection, InstanceTable.image_id, images), exclusions.instance_counts())
        .where(InstanceTable.state == InstanceState.ACCEPTED.value)
        .where(InstanceTable.width.is_not(None))
        .order_by(InstanceTable.id)
    )
    by_image: dict[int, list[InstanceRecord]] = defaultdict(list)
    for one in map(instances.record, connection.execute(query)):
        by_image[one.image_id].append(one)
    several = [some for some in by_image.values() if len(some) > 1]
    if not several:
        return set()
    same = pairs(several, _boxes(connection, list(chain.from_iterable(several))))
    by = labellings(connection, set(chain.from_iterable(same))) if same else {}
    whose = {i: labelling.who for i, labelling in by.items()}
    return set(chain.from_iterable(of_two_people(same, whose)))


def _boxes(connection: Connection, several: list[InstanceRecord]) -> dict[int, Box]:
    """By id: the box, or in place of one that may be all of the image the square around the
    landmarks, for one person may have drawn a box where another one did not."""
    found = {one.id: one.box for one in several if one.box is not None}
    whole = [i for i, box in found.items() if may_be_whole(box)]
    for start in range(0, len(whole), AT_ONCE):
        part = load_many(connection, whole[start : start + AT_ONCE])
        for i, stored in part.items():
            placed = [row.position for row in stored.landmarks.values() if row.position is not None]
            found[i] = square_around_all(np.array(placed)) or found[i]
    return found
