"""Instances as somebody has them before them to label: few questions, however many they are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, ScalarSelect, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from landmark_annotator.projects.store.engine.many_rows import AT_ONCE
from landmark_annotator.projects.store.people import double_labelling
from landmark_annotator.projects.store.rows import predicted_errors, proposals
from landmark_annotator.projects.store.rows.images import COLUMNS
from landmark_annotator.projects.store.rows.images import record as image_record
from landmark_annotator.projects.store.rows.instances import RECORD, record
from landmark_annotator.projects.store.rows.labelled_beside import LabelBeside, labels_beside
from landmark_annotator.projects.store.rows.proposal_records import StoredProposal
from landmark_annotator.projects.store.rows.records import (
    ActionKind,
    ImageRecord,
    InstanceRecord,
    InstanceState,
)
from landmark_annotator.projects.store.rows.shapes import read_shapes
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.store.schema.people_tables import PersonTable
from landmark_annotator.projects.store.schema.tables import (
    ImageTable,
    InstanceTable,
    JournalTable,
    PixelSizeTable,
    ProposalTable,
)
from landmark_annotator.projects.vocabulary import Shape


@dataclass(frozen=True, eq=False)
class ToLabel:
    """shape: what is stored of it; unknown where it is hidden from the person, since two people
    label the object. revision: as of `ClickLoop`; previous: the one before it. mm_per_pixel: None
    where nobody knows. found: whether a model once found it, whatever was done to it since.
    brought: the proposal that is chosen, where somebody has brought it. beside: as of
    `labels_beside`."""

    record: InstanceRecord
    image: ImageRecord
    shape: Shape
    hidden: bool
    revision: int
    previous: int
    mm_per_pixel: float | None
    found: bool
    brought: StoredProposal | None
    beside: tuple[LabelBeside, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether neither it nor its image was left out."""
        return self.record.excluded is None and self.image.excluded is None


def _entry(before: int) -> ScalarSelect[int]:
    """Of the instance's journal, the newest or the one so many before it."""
    of_it = select(JournalTable.id).where(JournalTable.instance_id == InstanceTable.id)
    return of_it.order_by(JournalTable.id.desc()).limit(1).offset(before).scalar_subquery()


def _said_last(*conditions: Any) -> ScalarSelect[float | None]:
    said = select(PixelSizeTable.mm_per_pixel).where(*conditions)
    return said.order_by(PixelSizeTable.id.desc()).limit(1).scalar_subquery()


_ACCEPTED = InstanceState.ACCEPTED.value
_OTHER = aliased(InstanceTable)
_CHOSEN = (
    select(case((ProposalTable.own.is_(False), ProposalTable.id)))
    .where(ProposalTable.instance_id == InstanceTable.id)
    .order_by(*predicted_errors.CHOSEN_FIRST)
    .limit(1)
)
_BESIDE = (
    _entry(0),
    _entry(1),
    func.coalesce(
        _said_last(PixelSizeTable.image_id == InstanceTable.image_id),
        _said_last(PixelSizeTable.image_id.is_(None)),
    ),
    exists().where(
        JournalTable.instance_id == InstanceTable.id, JournalTable.kind == ActionKind.FIND.value
    ),
    _CHOSEN.scalar_subquery(),
    exists(select(PersonTable.name)),
    # Once both are accepted, nothing is hidden any more.
    exists()
    .where(
        or_(
            _OTHER.id == InstanceTable.second_opinion_on,
            _OTHER.second_opinion_on == InstanceTable.id,
        )
    )
    .where(or_(_OTHER.state != _ACCEPTED, InstanceTable.state != _ACCEPTED)),
)
_QUERY = (
    select(*_BESIDE, *RECORD, *COLUMNS)
    .select_from(InstanceTable)
    .join(ImageTable, ImageTable.id == InstanceTable.image_id)
    .where(InstanceTable.id.in_(bindparam("ids", expanding=True)))
)


_ID, _CHOSEN_ID, _HAS_PEOPLE = len(_BESIDE), 4, 5
"""Columns of a row."""


def to_label(
    connection: Connection,
    folder: Path,
    scheme: StoredScheme,
    instance_ids: Collection[int],
    who: str,
) -> dict[int, ToLabel]:
    """By instance; those that are no more are not in it.

    What is done meanwhile may be seen, and the revision is then the one before it.
    """
    found: dict[int, ToLabel] = {}
    ids = list(instance_ids)
    for start in range(0, len(ids), AT_ONCE):
        found |= _some(connection, folder, scheme, ids[start : start + AT_ONCE], who)
    return found


def _some(
    connection: Connection, folder: Path, scheme: StoredScheme, ids: list[int], who: str
) -> dict[int, ToLabel]:
    rows = connection.execute(_QUERY, {"ids": ids}).all()
    shapes = read_shapes(connection, scheme, [row[_ID] for row in rows])
    wanted = [row[_CHOSEN_ID] for row in rows if row[_CHOSEN_ID] is not None]
    brought = proposals.by_id(connection, wanted, scheme) if wanted else {}
    found = {}
    objects = [
        (record(row[_ID : _ID + len(RECORD)]), image_record(row[_ID + len(RECORD) :], folder))
        for row in rows
    ]
    beside = labels_beside(connection, scheme, objects)
    if rows and rows[0][_HAS_PEOPLE] and beside:
        beside = _without_hidden(connection, beside, who)
    for row, shape, (one, image) in zip(rows, shapes, objects, strict=True):
        revision, previous, size, by_model, chosen, has_people, of_two = row[:_ID]
        hidden = bool(
            has_people and of_two and double_labelling.is_hidden_among(connection, one.id, who)
        )
        found[one.id] = ToLabel(
            one,
            image,
            Shape.unknown(len(scheme)) if hidden else shape,
            hidden,
            revision or 0,
            previous or 0,
            size,
            bool(by_model),
            brought.get(chosen),
            () if hidden else beside.get(one.id, ()),
        )
    return found


def _without_hidden(
    connection: Connection, beside: Mapping[int, tuple[LabelBeside, ...]], who: str
) -> dict[int, tuple[LabelBeside, ...]]:
    """Without labels of which this person is to see nothing yet, since two people label them."""
    there = {label.instance for labels in beside.values() for label in labels}
    hidden = double_labelling.hidden_of(connection, there, who)
    return {
        instance: tuple(label for label in labels if label.instance not in hidden)
        for instance, labels in beside.items()
    }
