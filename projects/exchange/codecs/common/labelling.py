"""What people have said beside positions: which landmarks are absent, who labelled, when, and
whether anybody has accepted it.

An absent landmark is not in the image. It has no position and is not labelled, as one that nobody
has looked at; a format that has a place of its own for it keeps the two apart.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

_STARTED = "started"


def imported(points: npt.ArrayLike, visibility: npt.ArrayLike, absent: Iterable[int] = ()) -> Shape:
    """points (L, 2), visibility (L,), from a file. absent: landmarks that it says are not in the
    image; one that has a position is not."""
    shape = Shape(points, visibility).with_provenance(Provenance.IMPORTED)
    marks = list(shape.provenance)
    for landmark in absent:
        if not shape.known[landmark] and not shape.visibility[landmark]:
            marks[landmark] = Provenance.IMPORTED
    return Shape(shape.points, shape.visibility, marks)


def absent_names(shape: Shape, scheme: Scheme) -> list[str]:
    """In the scheme's order."""
    return [scheme.landmarks[j] for j in np.flatnonzero(shape.absent).tolist()]


def absent_landmarks(names: Any, scheme: Scheme) -> list[int]:
    """names: a list of landmarks, or nothing. Raises FormatError, SchemeError."""
    if not names:
        return []
    if not isinstance(names, list):
        raise FormatError("its absent landmarks are not a list of names.")
    return [scheme.index(str(name)) for name in names]


def is_started(state: Any) -> bool:
    """Whether a file says that nobody has accepted the shape yet, see `ExportedInstance.state`. Any
    other word says nothing: it may be of something else."""
    return isinstance(state, str) and state.strip() == _STARTED


def score_of(score: Any) -> float | None:
    """How sure a program was of an object of its own, from 0 to below 1; None where that is not
    what a file says: people's labels have none, or 1."""
    plain = isinstance(score, int | float | Decimal) and not isinstance(score, bool)
    return float(score) if plain and 0 <= score < 1 else None


def time_text(at: datetime | None) -> str:
    """As ISO 8601 has it, in UTC; empty where it is not known."""
    return "" if at is None else at.astimezone(UTC).isoformat()


def time_read(text: Any) -> datetime | None:
    """None where nothing is said. A time without a zone is in UTC. Raises FormatError."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(str(text))
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise FormatError(f'"{str(text)[:40]}" is not the time of a label.') from error


def of_annotator(
    entries: Iterable[ImportedInstance], annotator: str, source: Path
) -> Iterator[ImportedInstance]:
    """Those that are this person's, by what the file says of each. Raises FormatError in the end,
    where none is."""
    names: set[str] = set()
    for entry in entries:
        if entry.annotator == annotator:
            yield entry
        names |= {entry.annotator} - {""}
    if annotator not in names:
        known = f"Choose one of {', '.join(sorted(names))}." if names else ""
        raise FormatError(
            f'{source} has no labels of an annotator "{annotator}".',
            remedy=known or "It does not say who made its labels: leave out the annotator.",
        )


def refuse_annotator(annotator: str | None, files: str) -> None:
    """Of labels that do not say whose they are. files: which, for people. Raises FormatError where
    one annotator's are asked for."""
    if annotator is not None:
        raise FormatError(f"{files} do not say who made them: leave out the annotator.")


def refuse_chosen_annotator(annotator: str | None) -> None:
    """Of files that hold one label of each object, whose an export chose. Raises FormatError where
    one annotator's are asked for."""
    if annotator is not None:
        raise FormatError("Say whose labels to take when they are exported: leave it out here.")
