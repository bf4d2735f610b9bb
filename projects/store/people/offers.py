"""Which images are offered to a person: not what somebody else has in hands, and no object twice.

Conditions for queries over instances and their images.
"""

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, exists, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from landmark_annotator.projects.store.people.leases import moment
from landmark_annotator.projects.store.rows.first_opinions import is_first_opinion
from landmark_annotator.projects.store.rows.records import InstanceState
from landmark_annotator.projects.store.schema.people_tables import LeaseTable
from landmark_annotator.projects.store.schema.tables import InstanceTable, LandmarkTable, MaskTable
from landmark_annotator.projects.vocabulary.provenance import EVIDENCE

_BY_HAND = [mark.value for mark in EVIDENCE]


def is_no_second_on_own(who: str | BindParameter[str]) -> ColumnElement[bool]:
    """It is not to be another person's opinion on an object that this one has labelled."""
    return or_(is_first_opinion(), not_(_labelled(InstanceTable.second_opinion_on, who)))


def is_free_for(connection: Connection, who: str) -> ColumnElement[bool]:
    """Nobody else has the image, and of two labellings of an object this one is not another
    person's, nor the other one this person's."""
    holds = LeaseTable.until > moment(connection)
    taken = select(LeaseTable.image_id).where(LeaseTable.who != who, holds)
    second = aliased(InstanceTable)
    seconds = select(second.id).where(second.second_opinion_on == InstanceTable.id)
    of_two = or_(not_(is_first_opinion()), seconds.exists())
    labels, own = _labelled(InstanceTable.id), _labelled(InstanceTable.id, who)
    return and_(
        InstanceTable.image_id.not_in(taken),
        is_no_second_on_own(who),
        not_(seconds.where(_labelled(second.id, who)).exists()),
        not_(and_(of_two, labels, not_(own))),
    )


def _labelled(
    instance_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    who: str | BindParameter[str] | None = None,
) -> ColumnElement[bool]:
    """Whether an instance holds labels, of this person or of anybody."""
    found = (
        exists().where(
            table.instance_id == instance_id, *([] if who is None else [table.who == who])
        )
        for table in (LandmarkTable, MaskTable)
    )
    return or_(*found)


def is_begun_by_others(who: str) -> ColumnElement[bool]:
    """Somebody else has placed or drawn something there and not finished it."""
    placed = exists().where(
        LandmarkTable.instance_id == InstanceTable.id,
        LandmarkTable.who != who,
        or_(LandmarkTable.provenance.in_(_BY_HAND), LandmarkTable.x.is_(None)),
    )
    drawn = exists().where(MaskTable.instance_id == InstanceTable.id, MaskTable.who != who)
    return and_(InstanceTable.state == InstanceState.STARTED.value, or_(placed, drawn))
