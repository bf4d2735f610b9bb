"""What was left out of all that counts: columns of the images and of the instances."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Connection, and_, func, select, union

from landmark_annotator.projects.store.rows.records import Exclusion
from landmark_annotator.projects.store.schema.tables import ImageTable, InstanceTable

OF_IMAGE = (ImageTable.excluded_why, ImageTable.excluded_by, ImageTable.excluded_at)
OF_INSTANCE = (InstanceTable.excluded_why, InstanceTable.excluded_by, InstanceTable.excluded_at)


class LeftOut(NamedTuple):
    """What was excluded for one reason. instances: those of excluded images too."""

    why: str
    images: int
    instances: int


def left_out(connection: Connection) -> list[LeftOut]:
    """By reason."""
    of_images = select(ImageTable.excluded_why).where(ImageTable.excluded_why.is_not(None))
    reason = func.coalesce(ImageTable.excluded_why, InstanceTable.excluded_why)
    of_instances = (
        select(reason)
        .select_from(InstanceTable)
        .join(ImageTable, InstanceTable.image_id == ImageTable.id)
        .where(reason.is_not(None))
    )
    images = Counter(filter(None, connection.execute(of_images).scalars()))
    instances = Counter(filter(None, connection.execute(of_instances).scalars()))
    return [LeftOut(why, images[why], instances[why]) for why in sorted({*images, *instances})]


def counts() -> ColumnElement[bool]:
    """Of instances joined with their images: neither of the two was excluded."""
    return and_(ImageTable.excluded_why.is_(None), InstanceTable.excluded_why.is_(None))


def instance_counts() -> ColumnElement[bool]:
    """As `counts`, of instances that are not joined with their images."""
    out = select(ImageTable.id).where(ImageTable.excluded_why.is_not(None))
    return and_(InstanceTable.excluded_why.is_(None), InstanceTable.image_id.not_in(out))


def excluded_ids() -> CompoundSelect[tuple[int]]:
    """Of the instances that count no more. For tables that are not joined with the images."""
    of_images = (
        select(InstanceTable.id)
        .join(ImageTable, InstanceTable.image_id == ImageTable.id)
        .where(ImageTable.excluded_why.is_not(None))
    )
    return union(of_images, select(InstanceTable.id).where(InstanceTable.excluded_why.is_not(None)))


def exclusion(why: str | None, who: str | None, at: datetime | None) -> Exclusion | None:
    """Of a row's three columns."""
    return None if why is None or who is None or at is None else Exclusion(why, who, at)


def columns(excluded: Exclusion | None) -> dict[str, object]:
    """As `exclusion` reads them."""
    if excluded is None:
        return dict.fromkeys(("excluded_why", "excluded_by", "excluded_at"))
    return {
        "excluded_why": excluded.why,
        "excluded_by": excluded.who,
        "excluded_at": excluded.at,
    }
