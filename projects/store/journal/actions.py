"""The actions of the click loop: each changes the stored rows and appends to the journal.

All run inside the caller's transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import Connection

from projects.store.journal import edits, entries
from projects.store.journal.conflicts import WHOLE, Subject, in_the_way
from projects.store.journal.replay import digest_to_json
from projects.store.people import rights
from projects.store.rows import instances, proposals, tracks
from projects.store.rows.changes import StoredInstance
from projects.store.rows.records import ActionKind, Entry, InstanceState, Point, Review, Verdict
from projects.store.rows.stored_scheme import StoredScheme
from projects.vocabulary import Box, Provenance, Shape, Visibility
from projects.vocabulary.arrays import Floats
from projects.vocabulary.errors import ProjectError
from projects.vocabulary.wording import counted

_KINDS = {
    Provenance.CLICKED: (ActionKind.CLICK, "move of {}"),
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
) -> Entry:
    """Load the instance, edit it, save and journal the difference. landmark: by its number.

    A reviewer's acceptance is of the shape as it was, and lapses where that changes. seen: the
    revision that the person looked at, None where that does not matter; where something came since
    that touches the subject, the entry is of kind REFUSED, and nothing else is changed.
    """
    before = instances.load(connection, instance_id)
    refused = seen is not None and in_the_way(connection, instance_id, seen, subject)
    # Of a landmark that was refused a place, the place is kept.
    after = before if refused and landmark is None else edit(before)
    if after.review is not None and after.review == before.review:
        passed = after.review.verdict is Verdict.ACCEPTED
        if passed and replace(after, flag=before.flag, excluded=before.excluded) != before:
            after = replace(after, review=None)
    if not refused:
        rights.refuse_change(
            connection,
            who,
            kind,
            before,
            after,
            lambda: entries.accepted_by(connection, instance_id),
        )
    old = None if landmark is None else before.landmarks.get(landmark)
    new = None if landmark is None else after.landmarks.get(landmark)
    return entries.append(
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


def _name_and_number(scheme: StoredScheme, landmark: int) -> tuple[str, int]:
    """What the landmark is called, and under which number it is stored."""
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
    name, number = _name_and_number(scheme, landmark)
    if provenance not in _KINDS:
        raise ValueError(f"a person clicks or confirms a landmark; {provenance} is neither")
    if (covariance is None) == (provenance is Provenance.TRACED):
        raise ValueError("what was traced, and only that, has a covariance")
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
    )
    return scheme.seen(entry)


def set_visibility(
    connection: Connection,
    scheme: StoredScheme,
    instance_id: int,
    landmark: int,
    visibility: Visibility,
    *,
    who: str,
    duration: float | None,
    seen: int | None,
) -> Entry:
    name, number = _name_and_number(scheme, landmark)
    entry = act(
        connection,
        instance_id,
        lambda stored: edits.with_visibility(stored, number, visibility, who),
        kind=ActionKind.VISIBILITY,
        title=f"visibility of {name}",
        who=who,
        landmark=number,
        duration=duration,
        seen=seen,
        subject=Subject(number),
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
    name, number = _name_and_number(scheme, landmark)
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
) -> Entry:
    _check_whole(scheme, shape)
    passed = Review(Verdict.ACCEPTED, "", who, datetime.now(UTC)) if in_review else None

    def edit(stored: StoredInstance) -> StoredInstance:
        found = edits.accepted(stored, scheme, shape, who)
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
    )


def _acceptance(connection: Connection, instance_id: int, shape: Shape) -> str:
    """What the acceptance is called: with whose proposal it was, where somebody brought it."""
    whose = proposals.chosen_brought(connection, instance_id)
    if whose is None or Provenance.IMPORTED not in shape.provenance:
        return "acceptance of the shape"
    return f"acceptance of the shape that {whose} proposed"


def accept_sheet(
    connection: Connection,
    scheme: StoredScheme,
    shapes: Mapping[int, Shape],
    *,
    who: str,
    duration: float | None,
) -> list[Entry]:
    count = len(shapes)
    for shape in shapes.values():
        _check_whole(scheme, shape)
    return act_on_all(
        connection,
        shapes,
        lambda stored, shape: edits.accepted(stored, scheme, shape, who),
        kind=ActionKind.SHEET,
        title=f"acceptance of {counted(count, 'shape')} on a sheet",
        who=who,
        duration=None if duration is None or not count else duration / count,
    )


def act_on_all(
    connection: Connection,
    shapes: Mapping[int, Shape],
    edit: Callable[[StoredInstance, Shape], StoredInstance],
    *,
    kind: ActionKind,
    title: str,
    who: str,
    duration: float | None = None,
) -> list[Entry]:
    """As `act`, for each instance with its shape, all at one moment: that is one step for undo."""
    at = datetime.now(UTC)

    def act_on(instance_id: int, shape: Shape) -> Entry:
        return act(
            connection,
            instance_id,
            lambda stored: edit(stored, shape),
            kind=kind,
            title=title,
            who=who,
            duration=duration,
            at=at,
        )

    return [act_on(*one) for one in shapes.items()]


def _check_whole(scheme: StoredScheme, shape: Shape) -> None:
    edits.check_fits(shape, len(scheme))
    missing = np.flatnonzero(~edits.finished(shape))
    if len(missing):
        raise ProjectError(
            f"A shape is accepted whole; {len(missing)} landmarks have no position, "
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
    )


def add_instance(
    connection: Connection,
    scheme: StoredScheme,
    image_id: int,
    box: Box | None,
    *,
    source: str | None,
    second_opinion_on: int | None,
    track_id: int | None,
    shape: Shape | None,
    who: str,
    at: datetime | None,
) -> int:
    """Returns the id. A complete shape is accepted at once. What comes with a shape is journalled
    as an import, which undo leaves alone."""
    stored = StoredInstance(box, False, {})
    if shape is not None:
        edits.check_fits(shape, len(scheme))
        rows = edits.rows_of(scheme, shape, who, Provenance.IMPORTED)
        stored = StoredInstance(box, bool(edits.finished(shape).all()), rows)
    if track_id is not None:
        tracks.refuse_misplaced(connection, image_id, track_id, second_opinion_on)
    instance_id = instances.add_instance(
        connection, image_id, stored, source, second_opinion_on, track_id
    )
    if shape is None:
        return instance_id
    _journal_import(connection, instance_id, stored, source, who, at)
    return instance_id


def fill_instance(
    connection: Connection,
    scheme: StoredScheme,
    instance_id: int,
    box: Box | None,
    shape: Shape,
    *,
    source: str | None,
    who: str,
    at: datetime | None,
) -> None:
    """What `add_instance` would store, into an instance of which nothing is known yet."""
    edits.check_fits(shape, len(scheme))
    before = instances.load(connection, instance_id)
    if before.state is not InstanceState.UNTOUCHED or before.box is not None:
        raise ProjectError(
            f"Instance {instance_id} has a box or labels already.", kept="It stays as it is."
        )
    rows = edits.rows_of(scheme, shape, who, Provenance.IMPORTED)
    after = StoredInstance(box, bool(edits.finished(shape).all()), rows)
    instances.save(connection, instance_id, before, after)
    instances.set_source(connection, instance_id, source)
    _journal_import(connection, instance_id, after, source, who, at)


def _journal_import(
    connection: Connection,
    instance_id: int,
    stored: StoredInstance,
    source: str | None,
    who: str,
    at: datetime | None,
) -> None:
    """at: when it was labelled; None is now."""
    entries.append(
        connection,
        who=who,
        kind=ActionKind.IMPORT,
        title=f"import of {source or 'a shape'}",
        instance_id=instance_id,
        imported=digest_to_json(stored),
        at=at,
    )
