"""The actions of the click loop: each changes the stored rows and appends to the journal.

All run inside the caller's transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np
from sqlalchemy import Connection

from landmark_annotator.projects.store.journal import alternatives, edits, entries, second_opinions
from landmark_annotator.projects.store.journal.circumstances import circumstances
from landmark_annotator.projects.store.journal.conflicts import WHOLE, Subject, in_the_way, rewound
from landmark_annotator.projects.store.people import double_labelling, leases, rights
from landmark_annotator.projects.store.people.roles import Role
from landmark_annotator.projects.store.rows import instances, proposals
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.records import (
    BY_ITSELF,
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

Value = TypeVar("Value")

_NOTHING = "Nothing was stored."

_KINDS = {
    Provenance.CLICKED: (ActionKind.CLICK, "placement of {}"),
    Provenance.TRACED: (ActionKind.CLICK, "contour at {}"),
    Provenance.CONFIRMED: (ActionKind.CONFIRM, "confirmation of {}"),
}


def act(
    connection: Connection,
    instance_id: int,
    edit: Callable[[StoredInstance], StoredInstance],
    *,
    kind: ActionKind,
    title: str,
    who: str,
    landmark: int | None = None,
    proposed: Point | None = None,
    duration: float | None = None,
    at: datetime | None = None,
    seen: int | None = None,
    subject: Subject = WHOLE,
    labels: bool = False,
) -> Entry:
    """Load the instance, edit it, save and journal the difference. landmark: by its number.

    A reviewer's acceptance is of the shape as it was, and lapses where that changes. seen: the
    revision that the person looked at, None where that does not matter; where something came since
    that touches the subject, the entry is of kind REFUSED, and the instance stays as it is. labels:
    whether the person says what the shape is. Then the image is in that person's hands from now
    on; where it is in somebody else's, that is REFUSED as well. What was refused is kept beside the
    shape, see `alternatives`.
    """
    by_program = kind is ActionKind.FIND and who == BY_ITSELF
    found = circumstances(connection, instance_id, who, by_program=by_program)
    before, refused = found.stored, False
    if labels and found.role is not None:
        if found.of_two and double_labelling.is_hidden_among(connection, instance_id, who):
            raise rights.refused_second_labels(who)
        if found.both_done and found.role is Role.ANNOTATOR:
            double_labelling.refuse_after_both(connection, instance_id, who)
        image_id, said = found.image_id, found.assignment
        refused = leases.take_from(connection, image_id, who, found.lease, said).who != who
    if seen is not None and found.revision > seen:
        refused |= in_the_way(connection, instance_id, seen, subject)
    if not refused:
        after = edit(before)
    elif labels:
        after = _kept_beside(connection, instance_id, before, edit, who, title, seen)
    else:
        after = before
    if after.review is not None and after.review == before.review:
        passed = after.review.verdict is Verdict.ACCEPTED
        if passed and replace(after, flag=before.flag, excluded=before.excluded) != before:
            after = replace(after, review=None)
    if not refused and kind.accepts and found.own_kept:
        mine = alternatives.own(connection, instance_id, who)
        alternatives.settle(connection, [] if mine is None else [mine.id], who, chosen=False)
    if not refused:
        rights.refuse_change(
            found.role,
            who,
            kind,
            before,
            after,
            lambda: entries.accepted_by(connection, instance_id),
        )
    old = None if landmark is None else before.landmarks.get(landmark)
    new = None if landmark is None else after.landmarks.get(landmark)
    entry = entries.append(
        connection,
        who=who,
        kind=ActionKind.REFUSED if refused else kind,
        title=title,
        instance_id=instance_id,
        change=None if refused else instances.save(connection, instance_id, before, after),
        landmark=landmark,
        from_=None if old is None else old.position,
        to=None if new is None else new.position,
        proposed=proposed,
        duration=duration,
        at=at,
    )
    if kind.accepts and not refused:
        second_opinions.ask(connection, instance_id, found.assignment)
    return replace(entry, previous=found.revision)


def _kept_beside(
    connection: Connection,
    instance_id: int,
    now: StoredInstance,
    edit: Callable[[StoredInstance], StoredInstance],
    who: str,
    title: str,
    seen: int | None,
) -> StoredInstance:
    """The shape as this person has it after the action, whatever others have made of it."""
    mine = alternatives.own(connection, instance_id, who)
    if mine is not None:
        base = mine.stored
    else:
        base = now if seen is None else rewound(connection, instance_id, now, seen)
    after = edit(base)
    alternatives.keep(connection, instance_id, who, after, title)
    return after


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
) -> Entry:
    _check_whole(scheme, shape)
    passed = Review(Verdict.ACCEPTED, "", who, datetime.now(UTC)) if in_review else None

    def edit(stored: StoredInstance) -> StoredInstance:
        found = edits.accepted_with_masks(stored, scheme, shape, masks, who)
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
    whose = proposals.chosen_brought(connection, instance_id) if brought else None
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
    in_image: bool,
) -> list[Entry]:
    count = len(shapes)
    for shape in shapes.values():
        _check_whole(scheme, shape)
    return act_on_all(
        connection,
        {number: (shape, masks.get(number, {})) for number, shape in shapes.items()},
        lambda stored, seen: edits.accepted_with_masks(stored, scheme, *seen, who),
        kind=ActionKind.IMAGE if in_image else ActionKind.SHEET,
        title=f"acceptance of {counted(count, 'shape')}",
        who=who,
        duration=None if duration is None or not count else duration / count,
    )


def act_on_all(
    connection: Connection,
    values: Mapping[int, Value],
    edit: Callable[[StoredInstance, Value], StoredInstance],
    *,
    kind: ActionKind,
    title: str,
    who: str,
    landmark: int | None = None,
    duration: float | None = None,
    seen: int | None = None,
    labels: bool = False,
) -> list[Entry]:
    """As `act`, for each instance with its value, all at one moment: that is one step for undo.
    seen: where there is one instance."""
    at = datetime.now(UTC)

    def act_on(instance_id: int, value: Value) -> Entry:
        return act(
            connection,
            instance_id,
            lambda stored: edit(stored, value),
            kind=kind,
            title=title,
            who=who,
            landmark=landmark,
            duration=duration,
            at=at,
            seen=seen,
            labels=labels,
        )

    return [act_on(*one) for one in values.items()]


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
