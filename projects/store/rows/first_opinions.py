"""Which instances are no second opinions."""

from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import InstrumentedAttribute

from landmark_annotator.projects.store.schema.tables import InstanceTable


def is_first_opinion(
    column: InstrumentedAttribute[Any] = InstanceTable.second_opinion_on,
) -> ColumnElement[bool]:
    """column: `second_opinion_on` of the instances that are meant.

    Never found by the index of that column: SQLite takes it, as one of unique values, for the way
    to the fewest rows, and goes through nearly all instances of the project for each that is asked
    for. No instance has the id 0.
    """
    return func.coalesce(column, 0) == 0
