"""The actions of the click loop: each changes the stored rows and appends to the journal.

All run inside the caller's transaction.
"""

from collections.abc import Mapping
from datetime import datetime

import numpy as np
from sqlalchemy import Connection

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.journal import edits
from landmark_annotator.projects.store.journal.acting import act, act_on_all
from landmark_annotator.projects.store.journal.conflicts import Subject
from landmark_annotator.projects.store.rows import brought_proposals
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.records import (
    ActionKind,
    Entry,
    Point,
    Review,
    Verdict,
)
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.vocabulary import Box, Mask, Provenance, Shape
from landmark_annotator.projects.vocabulary.arguments import member
from landmark_annotator.projects.vocabulary.arrays import Floats, floats, whole
from landmark_annotator.projects.vocabulary.errors import ActionableError, ProjectError
from landmark_annotator.projects.vocabulary.evidence import BY_NUMBER
from landmark_annotator.projects.vocabulary.wording import counted

_NOTHING = "Nothing was stored."

_KINDS = {
    Provenance.CLICKED: (ActionKind.CLICK, "placement of {}"),
    Provenance.TRACED: (ActionKind.CLICK, "contour at {}"),
    Provenance.CONFIRMED: (ActionKind.CONFIRM, "confirmation of {}"),
}


def name_and_number(scheme: StoredScheme, landmark: int) -> tuple[str, int]:
    """What the landmark is called, and under which number it is stored."""
    landmark = whole(landmark, "The number of a landmark", remedy=BY_NUMBER)
    if not 0 <= landmark < len(scheme):
        raise ProjectError(
            f"Scheme {scheme.scheme.name} has landmarks 0..{len(scheme) - 1}, and so no {landmark}."
        )
    return scheme.scheme.landmarks[landmark], scheme.numbers[landmark]


def place(
    connection: Connection,
    scheme: StoredScheme,
    instance_id: int,
    landmark: int,
    position: Point,
    *,
    provenance: Provenance,
    covariance: Floats | None,
    who: str,
    proposed: Point | None,
    duration: float | None,
    at: datetime | None,
    seen: int | None,
) -> Entry:
    name, number = name_and_number(scheme, landmark)
    provenance = member(Provenance, provenance, "provenance")
    if provenance not in _KINDS:
        raise ActionableError(
            f"A person clicks, confirms or traces a landmark; {provenance} is none of these.",
            kept=_NOTHING,
        )
    if (covariance is None) == (provenance is Provenance.TRACED):
        raise ActionableError("What was traced, and only that, has a covariance.", kept=_NOTHING)
    if covariance is not None:
        covariance = floats(covariance, "A covariance")
        if covariance.shape != (2, 2):
            raise ActionableError(f"A covariance is (2, 2), not {covariance.shape}.", kept=_NOTHING)
    kind, title = _KINDS[provenance]
    entry = act(
        connection,
        instance_id,
        lambda stored: edits.placed(stored, number, position, provenance, who, covariance),
        kind=kind,
        title=title.format(name),
        who=who,
        landmark=number,
        proposed=proposed,
        duration=duration,
        at=at,
        seen=seen,
        subject=Subject(number),
        labels=True,
    )
    return scheme.seen(entry)


def clear(
    connection: Connection,
    scheme: StoredScheme,
    instance_id: int,
    landmark: int,
    *,
    who: str,
    seen: int | None,
) -> Entry:
    name, number = name_and_number(scheme, landmark)
    entry = act(
        connection,
        instance_id,
        lambda stored: edits.cleared(stored, number),
        kind=ActionKind.CLEAR,
        title=f"clearing of {name}",
        who=who,
        landmark=number,
        seen=seen,
        subject=Subject(number),
        labels=True,
    )
    return scheme.seen(entry)


def set_box(
    connection: Connection, instance_id: int, box: Box, *, who: str, seen: int | None
) -> Entry:
    return act(
        connection,
        instance_id,
        lambda stored: edits.with_box(stored, box),
        kind=ActionKind.BOX,
        title="change of the box",
        who=who,
        seen=seen,
        subject=Subject(box=True),
        labels=True,
    )


def accept(
    connection: Connection,
    scheme: StoredScheme,
    instance_id: int,
    shape: Shape,
    *,
    who: str,
    duration: float | None,
    in_review: bool,
    at: datetime | None,
    seen: int | None,
    masks: Mapping[str, Mask],
    box: Box | None,
) -> Entry:
    _check_whole(scheme, shape)
    passed = Review(Verdict.ACCEPTED, "", who, clock.now(connection)) if in_review else None

    def edit(stored: StoredInstance) -> StoredInstance:
        found = edits.accepted_with_masks(stored, scheme, shape, masks, box, who)
        return found if passed is None else edits.judged(found, passed)

    return act(
        connection,
        instance_id,
        edit,
        kind=ActionKind.ACCEPT,
        title=_acceptance(connection, instance_id, shape),
        who=who,
        duration=duration,
        at=at,
        seen=seen,
        labels=not in_review,
    )


def _acceptance(connection: Connection, instance_id: int, shape: Shape) -> str:
    """What the acceptance is called: with whose proposal it was, where somebody brought it."""
    brought = Provenance.IMPORTED in shape.provenance
    whose = brought_proposals.chosen_brought(connection, instance_id) if brought else None
    if whose is None:
        return "acceptance of the shape"
    return f"acceptance of the shape that {whose} proposed"


def accept_sheet(
    connection: Connection,
    scheme: StoredScheme,
    shapes: Mapping[int, Shape],
    *,
    who: str,
    duration: float | None,
    masks: Mapping[int, Mapping[str, Mask]],
    boxes: Mapping[int, Box],
    in_image: bool,
) -> list[Entry]:
    count = len(shapes)
    for shape in shapes.values():
        _check_whole(scheme, shape)
    return act_on_all(
        connection,
        {i: (shape, masks.get(i, {}), boxes.get(i)) for i, shape in shapes.items()},
        lambda stored, seen: edits.accepted_with_masks(stored, scheme, *seen, who),
        kind=ActionKind.IMAGE if in_image else ActionKind.SHEET,
        title=f"acceptance of {counted(count, 'shape')}",
        who=who,
        duration=None if duration is None or not count else duration / count,
    )


def _check_whole(scheme: StoredScheme, shape: Shape) -> None:
    edits.check_fits(shape, len(scheme))
    missing = np.flatnonzero(~edits.finished(shape))
    if len(missing):
        raise ProjectError(
            f"A shape is accepted whole; {counted(len(missing), 'landmark')} without a position, "
            f"{scheme.scheme.landmarks[missing[0]]} for one.",
            kept="What is stored of the shape stays as it is.",
            remedy="Place the missing landmarks first, or mark them as not in the image.",
        )


def reshape(
    connection: Connection,
    scheme: StoredScheme,
    instance_id: int,
    shape: Shape,
    *,
    title: str,
    who: str,
    duration: float | None,
    seen: int | None,
) -> Entry:
    edits.check_fits(shape, len(scheme))
    return act(
        connection,
        instance_id,
        lambda stored: edits.reshaped(stored, scheme, shape, who),
        kind=ActionKind.RESHAPE,
        title=title,
        who=who,
        duration=duration,
        seen=seen,
        labels=True,
    )
