"""What each person gave by themselves as the label of an object: without what others corrected in
it since, as a lead may who has seen several people's labels of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, func, select

from landmark_annotator.projects.store.engine.many_rows import AT_ONCE, is_among
from landmark_annotator.projects.store.journal import change_json, entries
from landmark_annotator.projects.store.journal.labellers import labellings
from landmark_annotator.projects.store.rows.changes import LandmarkRow
from landmark_annotator.projects.store.rows.records import BESIDE, ActionKind
from landmark_annotator.projects.store.rows.shapes import shape_of
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.store.schema.tables import JournalTable
from landmark_annotator.projects.vocabulary import Shape

_BESIDE = [kind.value for kind in (*BESIDE, ActionKind.EXCLUDE, ActionKind.RESTORE, ActionKind.BOX)]
"""What changes no landmark."""


class GivenLabel(NamedTuple):
    """rows: of the landmarks that others have changed since, by their numbers, as this person had
    them."""

    who: str
    rows: Mapping[int, LandmarkRow | None] = {}

    def shape(self, stored: Shape, scheme: StoredScheme) -> Shape:
        """stored: of the instance, as it is now."""
        rows = scheme.by_place(self.rows)
        if not rows:
            return stored
        given = shape_of({n: row for n, row in self.rows.items() if row is not None}, scheme)
        theirs = np.isin(np.arange(len(stored)), list(rows))
        return Shape(
            np.where(theirs[:, None], given.points, stored.points),
            np.where(theirs, given.visibility, stored.visibility),
            [
                (given if its else stored).provenance[place]
                for place, its in enumerate(theirs.tolist())
            ],
            np.where(theirs[:, None, None], given.covariances, stored.covariances),
        )


def given_labels(connection: Connection, among: Collection[int]) -> dict[int, GivenLabel]:
    """By instance, of these: of whoever accepted it first, of what stands, or imported it where
    nobody did. Those that nobody ever accepted or imported are not in it."""
    found = {i: GivenLabel(label.who) for i, label in labellings(connection, among).items()}
    wanted = sorted(found)
    for start in range(0, len(wanted), AT_ONCE):
        several = _of_several(connection, wanted[start : start + AT_ONCE])
        found |= _given(connection, _steps(connection, several))
    return found


def _of_several(connection: Connection, instances: Sequence[int]) -> list[int]:
    """Of these the ones that more than one person did something to: whoever lets a shape pass, or
    sends it back, gives no label of it."""
    query = (
        select(JournalTable.instance_id)
        .where(is_among(connection, JournalTable.instance_id, instances))
        .where(JournalTable.kind.not_in([*_BESIDE, ActionKind.REVIEW.value]))
        .group_by(JournalTable.instance_id)
        .having(func.count(JournalTable.who.distinct()) > 1)
    )
    return [i for i in connection.scalars(query) if i is not None]


def _steps(connection: Connection, instances: Sequence[int]) -> dict[int, list[Any]]:
    """Of each what stands, the oldest first."""
    if not instances:
        return {}
    query = (
        select(
            JournalTable.id,
            JournalTable.kind,
            JournalTable.target,
            JournalTable.instance_id,
            JournalTable.who,
        )
        .where(is_among(connection, JournalTable.instance_id, instances))
        .where(JournalTable.kind.not_in(_BESIDE))
        .order_by(JournalTable.id.desc())
    )
    of_instance: dict[int, list[Any]] = {i: [] for i in instances}
    for step in entries.standing(connection.execute(query).all()):
        of_instance[step.instance_id].append(step)
    return {i: steps[::-1] for i, steps in of_instance.items()}


def _given(
    connection: Connection, of_instance: Mapping[int, Sequence[Any]]
) -> dict[int, GivenLabel]:
    """of_instance: what stands of each, the oldest first; those whose labels nobody made are not
    in the answer."""
    whose: dict[int, str] = {}
    later: dict[int, Sequence[Any]] = {}
    for instance_id, steps in of_instance.items():
        first = _first(steps)
        if first is not None:
            whose[instance_id], since = steps[first].who, steps[first + 1 :]
            others = any(step.who != whose[instance_id] for step in since)
            later[instance_id] = since if others else ()
    ids = [step.id for steps in later.values() for step in steps]
    changes: dict[int, str | None] = {}
    for start in range(0, len(ids), AT_ONCE):
        changes |= entries.changes_of(connection, ids[start : start + AT_ONCE])
    return {i: GivenLabel(who, _kept(who, later[i], changes)) for i, who in whose.items()}


def _first(steps: Sequence[Any]) -> int | None:
    """The place of the one that made the labels; of what was imported and taken back, none."""
    begin = max((n for n, s in enumerate(steps) if s.kind == ActionKind.TAKE_BACK), default=-1) + 1
    by_hand = (n for n in range(begin, len(steps)) if ActionKind.stored(steps[n].kind).accepts)
    brought = (n for n in range(begin, len(steps)) if steps[n].kind == ActionKind.IMPORT)
    return next(by_hand, next(brought, None))


def _kept(
    who: str, later: Iterable[Any], changes: Mapping[int, str | None]
) -> dict[int, LandmarkRow | None]:
    """The landmarks that others have changed, as this person had them before, or has put them
    since."""
    kept: dict[int, LandmarkRow | None] = {}
    for step in later:
        text = None if step.kind == ActionKind.IMPORT else changes.get(step.id)
        if not text:
            continue
        for number, (before, after) in change_json.from_json(text).landmarks.items():
            if step.who != who:
                kept.setdefault(number, before)
            elif number in kept:
                kept[number] = after
    return kept
