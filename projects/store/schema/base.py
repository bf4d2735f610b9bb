"""What all tables of a project's database share: what a column takes, the names of constraints.

SQLite stores whatever it is given in any column, and numpy's numbers as bytes. So what is no whole
number, number, text or time is refused here, before any row has it, and numpy's become Python's.
"""

import operator
from collections.abc import Callable
from datetime import UTC, datetime
from numbers import Real
from typing import Any

from sqlalchemy import DateTime, Double, Integer, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from landmark_annotator.projects.vocabulary.errors import ProjectError, UnfitValue


def no_time(value: object) -> ProjectError:
    return ProjectError(
        f"The database of the project is damaged: {str(value)[:40]!r} is no time.",
        kept="Nothing was changed.",
        remedy="See what can be read: annotator check PROJECT. Restore a backup: "
        "annotator restore PROJECT.",
    )


def _unfit(value: object, needed: str) -> UnfitValue:
    return UnfitValue(
        f"{str(value)[:40]!a} ({type(value).__name__}) is no {needed}.",
        kept="Nothing was changed.",
        remedy=f"Give a {needed}.",
    )


def _whole(value: object) -> int | None:
    if value is None or type(value) is int:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    try:
        return operator.index(value)  # type: ignore[arg-type] # what it raises is asked for
    except TypeError as error:
        raise _unfit(value, "whole number") from error


def _number(value: object) -> float | None:
    if value is None or type(value) is float:
        return value
    if not isinstance(value, Real):
        raise _unfit(value, "number")
    return float(value)


def _text(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _unfit(value, "text")
    # PostgreSQL takes no NUL, and no database a surrogate by itself.
    if "\0" in value or not (value.isascii() or _is_unicode(value)):
        raise _unfit(value, "text in Unicode")
    return value


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


class Whole(TypeDecorator[int]):
    """A whole number, numpy's too."""

    impl = Integer
    cache_ok = True

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[int | None], int | None]:
        return _whole


class Number(TypeDecorator[float]):
    """A real number in double precision, numpy's too."""

    impl = Double
    cache_ok = True

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[float | None], float | None]:
        return _number


class Text(TypeDecorator[str]):
    """Text that any database and any file can hold."""

    impl = String
    cache_ok = True

    @override
    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        return _text


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite has no time zones, so they are taken off and put on here."""

    impl = DateTime
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if not isinstance(value, datetime):
            raise _unfit(value, "time")
        return value.astimezone(UTC).replace(tzinfo=None)

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
    type_annotation_map = {int: Whole, float: Number, str: Text, datetime: UtcTime}  # noqa: RUF012 - SQLAlchemy reads it as is
