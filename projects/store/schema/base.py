"""What all tables of a project's database share: times in UTC, the names of constraints."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Double, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from landmark_annotator.projects.vocabulary.errors import ProjectError


def no_time(value: object) -> ProjectError:
    return ProjectError(
        f"The database of the project is damaged: {str(value)[:40]!r} is no time.",
        kept="Nothing was changed.",
        remedy="See what can be read: annotator check PROJECT. Restore a backup: "
        "annotator restore PROJECT.",
    )


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite has no time zones, so they are taken off and put on here."""

    impl = DateTime
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)

    @override
    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        """Raises ProjectError for what is no time."""
        read = super().result_processor(dialect, coltype)

        def soundly(value: Any) -> datetime | None:
            try:
                return value if read is None else read(value)
            except (ValueError, TypeError) as error:
                raise no_time(value) from error

        return soundly


class Base(DeclarativeBase):
    # Every constraint has a name, so that a later migration can take it away.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime, float: Double}  # noqa: RUF012 - SQLAlchemy reads it as is
