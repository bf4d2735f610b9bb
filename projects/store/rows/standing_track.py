"""Of which track a second opinion is: of none, and where it stands, of that of the first one, which
is the same object and gave way to it."""

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from landmark_annotator.projects.store.schema.tables import InstanceTable

_FIRST = aliased(InstanceTable)
"""What another instance is a second opinion on."""
_OF_FIRST: ColumnElement[int | None] = (
    select(_FIRST.track_id)
    .where(_FIRST.id == InstanceTable.second_opinion_on, _FIRST.excluded_why.is_not(None))
    .correlate(InstanceTable)
    .scalar_subquery()
)
_IS_FIRST = InstanceTable.second_opinion_on.is_(None)
TRACK_IN_LANES: ColumnElement[int | None] = case(
    (_IS_FIRST, InstanceTable.track_id), else_=_OF_FIRST
)
"""Of two opinions that both count one alone is in the lane."""
TRACK: ColumnElement[int | None] = case(
    (_IS_FIRST, InstanceTable.track_id), else_=func.coalesce(InstanceTable.track_id, _OF_FIRST)
)


def in_track(*track_ids: int) -> ColumnElement[bool]:
    """Whether an instance is of one of the tracks, also as the second opinion that stands."""
    gave_way = select(_FIRST.id).where(
        _FIRST.track_id.in_(track_ids), _FIRST.excluded_why.is_not(None)
    )
    return InstanceTable.track_id.in_(track_ids) | InstanceTable.second_opinion_on.in_(gave_way)
