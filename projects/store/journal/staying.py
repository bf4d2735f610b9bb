"""What of a finding an undo leaves as it is: what others, or a file, have worked on since."""

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.journal import entries
from landmark_annotator.projects.store.rows import instances
from landmark_annotator.projects.store.rows.records import ActionKind, Entry, InstanceState
from landmark_annotator.projects.store.schema.tables import InstanceTable, JournalTable

_PLACED = (ActionKind.BOX.value, ActionKind.BOXES.value)


def what_stays(connection: Connection, about: Entry) -> frozenset[int]:
    """Instances that the step has found and that have labels, another box or an exclusion: another
    person's or a file's, as one's own were a later step. Labels would go away with what was found.

    about: the newest entry of the step.
    """
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
