"""Drawing masks: an action of a person as any other; and masks that come from a file. Inside the
caller's transaction."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from landmark_annotator.projects.store.journal import edits
from landmark_annotator.projects.store.journal.acting import act
from landmark_annotator.projects.store.journal.conflicts import Subject
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.masks import number_of
from landmark_annotator.projects.store.rows.records import ActionKind, Entry
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.vocabulary import RegionMask


def set_masks(
    connection: Connection,
    scheme: StoredScheme,
    instance_id: int,
    masks: Mapping[str, RegionMask | None],
    *,
    title: str,
    who: str,
    duration: float | None,
    seen: int | None,
) -> Entry:
    """See `MaskLabels.set_masks`. What shares no pixel with others is about all of those too."""
    about = {number_of(scheme, name) for name in masks}
    apart = [region.name for region in scheme.scheme.regions if not region.overlaps]
    if any(name in masks for name in apart):
        about |= {scheme.regions[name] for name in apart}
    return act(
        connection,
        instance_id,
        lambda stored: edits.masked(stored, scheme, masks, who),
        kind=ActionKind.MASK,
        title=title,
        who=who,
        duration=duration,
        seen=seen,
        subject=Subject(regions=frozenset(about)),
        labels=True,
    )


def bring_masks(
    connection: Connection,
    scheme: StoredScheme,
    instance_id: int,
    masks: Mapping[str, RegionMask],
    *,
    title: str,
    who: str,
    drawn_by: str,
    at: datetime,
) -> Entry:
    """See `MaskLabels.bring_masks`."""

    def edit(stored: StoredInstance) -> StoredInstance:
        return edits.masked(stored, scheme, edits.new_masks(stored, scheme, masks), drawn_by)

    return act(
        connection,
        instance_id,
        edit,
        kind=ActionKind.MASKS,
        title=title,
        who=who,
        at=at,
    )
