"""The tables of who works on a project: people, plans, leases, second versions of a shape."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from landmark_annotator.projects.store.schema.base import Base


class PersonTable(Base):
    """Who takes part in the project, and as what; without a row everybody may do everything."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("role IN ('annotator', 'reviewer', 'lead')", "role"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    at: Mapped[datetime]
    added_by: Mapped[str]


class AssignmentTable(Base):
    """How the images are handed out to people; the newest row holds.

    lease_seconds: how long an image stays with a person after the last gesture. twice: the share
    of the images, from 0 to 1, that two people label; seed: draws them.
    """

    __tablename__ = "assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    lease_seconds: Mapped[float]
    twice: Mapped[float]
    seed: Mapped[int]


class LeaseTable(Base):
    """Who has an image in hands; one person at most, until that time."""

    __tablename__ = "leases"

    image_id: Mapped[int] = mapped_column(
        ForeignKey("images.id"), primary_key=True, autoincrement=False
    )
    who: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]


class AlternativeTable(Base):
    """What somebody made of a shape while somebody else had it or changed it, kept beside it.

    content: the whole instance as that person has it, see `change_json`. title: the last action
    that went in here. settled_by, settled_at, chosen: NULL while nobody has chosen one of the two.
    """

    __tablename__ = "alternatives"
    __table_args__ = (Index(None, "instance_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"))
    who: Mapped[str]
    at: Mapped[datetime]
    title: Mapped[str]
    content: Mapped[str]
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    chosen: Mapped[bool | None]
