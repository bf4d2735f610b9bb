"""What an undo leaves: of a finding what others, or a file, have worked on since, of boxes from a
file what has got labels in them since, and of an import that was taken back what has been used
since."""

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from landmark_annotator.projects.store.journal import entries
from landmark_annotator.projects.store.rows import instances
from landmark_annotator.projects.store.rows.records import BESIDE, ActionKind, Entry, InstanceState
from landmark_annotator.projects.store.schema.tables import InstanceTable, JournalTable

_PLACED = (ActionKind.BOX.value, ActionKind.BOXES.value)
_BESIDE = [kind.value for kind in (*BESIDE, ActionKind.UNDO, ActionKind.REDO)]
"""What does nothing new to an instance."""


def what_stays(connection: Connection, about: Entry) -> frozenset[int]:
    """Instances of a step of many that undo leaves. about: the newest entry of the step."""
    if about.kind is ActionKind.TAKE_BACK:
        return _taken_back_and_used(connection, about)
    if about.kind is ActionKind.BOXES:
        return _boxed_and_labelled(connection, about)
    return _found_and_worked_on(connection, about)


def _taken_back_and_used(connection: Connection, about: Entry) -> frozenset[int]:
    """Instances whose imported labels the step took back, and to which somebody, or a file, has
    done something since: what came in before would go over that."""
    later = aliased(JournalTable)
    query = (
        select(JournalTable.instance_id)
        .join(later, later.instance_id == JournalTable.instance_id)
        .where(JournalTable.who == about.who, JournalTable.at == about.at)
        .where(JournalTable.kind == ActionKind.TAKE_BACK.value)
        .where(later.id > JournalTable.id, later.kind.not_in(_BESIDE))
    )
    return frozenset(i for i in connection.scalars(query) if i is not None)


def _boxed_and_labelled(connection: Connection, about: Entry) -> frozenset[int]:
    """Instances to which boxes came from a file in the step, and labels since: another person's or
    a file's, as one's own were a later step; or whose boxes another person has taken back."""
    later = aliased(JournalTable)
    imported = later.kind == ActionKind.IMPORT.value
    begun = InstanceTable.state != InstanceState.UNTOUCHED.value
    taken_back = later.kind == ActionKind.TAKE_BACK.value
    query = (
        select(JournalTable.instance_id)
        .join(InstanceTable, JournalTable.instance_id == InstanceTable.id)
        .join(later, later.instance_id == JournalTable.instance_id)
        .where(JournalTable.who == about.who, JournalTable.at == about.at)
        .where(JournalTable.kind == ActionKind.BOXES.value, begun | taken_back)
        .where(later.id > JournalTable.id, later.kind.not_in(_BESIDE))
        .where(imported | (later.who != about.who))
    )
    return frozenset(i for i in connection.scalars(query) if i is not None)


def _found_and_worked_on(connection: Connection, about: Entry) -> frozenset[int]:
    """Instances that the step has found and that have labels, another box or an exclusion: another
    person's or a file's, as one's own were a later step. Labels would go away with what was
    found."""
    found = (
        select(JournalTable.id, JournalTable.instance_id)
        .join(InstanceTable, JournalTable.instance_id == InstanceTable.id)
        .where(JournalTable.who == about.who, JournalTable.at == about.at)
        .where(JournalTable.kind == ActionKind.FIND.value)
    )
    begun = InstanceTable.state != InstanceState.UNTOUCHED.value
    drawn = select(JournalTable.instance_id).where(
        JournalTable.id > about.id, JournalTable.who != about.who, JournalTable.kind.in_(_PLACED)
    )
    worked_on = InstanceTable.excluded_why.is_not(None) | InstanceTable.id.in_(drawn)
    stays = {row.instance_id for row in connection.execute(found.where(begun))}
    for row in connection.execute(found.where(~begun, worked_on)).all():
        back = entries.change_of(connection, row.id).inverse()
        if not back.fits(instances.load(connection, row.instance_id)):
            stays.add(row.instance_id)
    return frozenset(stays)
