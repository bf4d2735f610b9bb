"""What errors models expect, in percent: as the scheme measures them, and in the boxes by which the
project tells errors.

Where a scheme names no length, errors are of the box's diagonal. That of a box which is all of its
image is the image's, until the first accepted object has a box of its own: from then on it is that
of the square around the shape, see `ErrorBoxes`. What was expected before is converted then, so
that no list has both.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    func,
    not_,
    select,
    update,
)

from landmark_annotator.projects.store.engine.many_rows import is_among
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.exclusions import counts
from landmark_annotator.projects.store.rows.records import InstanceState
from landmark_annotator.projects.store.rows.stored_scheme import (
    FIRST,
    StoredScheme,
    measuring_alike,
    read_scheme,
)
from landmark_annotator.projects.store.schema.tables import (
    ImageTable,
    InstanceTable,
    ProposalTable,
)
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.own_boxes import may_be_whole, square_around_all

STORED = np.dtype("<f8")
CHOSEN_FIRST = (ProposalTable.aside, ProposalTable.own, ProposalTable.id.desc())
_WHOLE = and_(
    InstanceTable.width == ImageTable.width,
    InstanceTable.height == ImageTable.height,
    InstanceTable.centre_x == (ImageTable.width - 1) / 2.0,
    InstanceTable.centre_y == (ImageTable.height - 1) / 2.0,
    InstanceTable.angle == 0.0,
)


def follow(connection: Connection, which: ColumnElement[bool]) -> None:
    """The predicted errors of these instances are those of the proposals that are chosen; none
    where that is of a scheme by which errors are measured otherwise."""
    connection.execute(_FOLLOWS.where(which), {"alike": measuring_alike(connection)})


def follow_one(connection: Connection, instance_id: int) -> None:
    """As `follow`."""
    about = {"alike": measuring_alike(connection), "of_instance": instance_id}
    connection.execute(_ONE_FOLLOWS, about)


_ALIKE: BindParameter[int] = bindparam("alike", expanding=True)
_IS_ALIKE = func.coalesce(ProposalTable.scheme_id, FIRST).in_(_ALIKE)
_CHOSEN = (
    select(case((_IS_ALIKE, ProposalTable.predicted_error)))
    .where(ProposalTable.instance_id == InstanceTable.id)
    .order_by(*CHOSEN_FIRST)
    .limit(1)
    .scalar_subquery()
)
_FOLLOWS = update(InstanceTable).values(predicted_error=_CHOSEN)
_ONE_FOLLOWS = _FOLLOWS.where(InstanceTable.id == bindparam("of_instance"))


def follow_scheme(connection: Connection, before: StoredScheme, now: StoredScheme) -> None:
    """As `follow`, of all instances, where another scheme holds now. The proposals are kept as they
    are, so their errors are there again as soon as their scheme is."""
    if before.measure != now.measure:
        follow(connection, InstanceTable.id.in_(select(ProposalTable.instance_id)))


def _drawn_among(instances: ColumnElement[bool]) -> Select[int]:
    return (
        select(InstanceTable.id)
        .join(ImageTable, InstanceTable.image_id == ImageTable.id)
        .where(
            InstanceTable.state == InstanceState.ACCEPTED.value,
            InstanceTable.width.is_not(None),
            not_(_WHOLE),
            instances,
        )
        .limit(1)
    )


_DRAWN = _drawn_among(counts())
_DRAWN_IN = _drawn_among(
    and_(InstanceTable.image_id == bindparam("image"), InstanceTable.excluded_why.is_(None))
)


def has_drawn_box(connection: Connection) -> bool:
    """Whether an accepted instance that counts has a box that is not all of its image."""
    return connection.execute(_DRAWN).first() is not None


def has_drawn_box_in(connection: Connection, image_id: int) -> bool:
    """The same of one image, whether or not that is excluded."""
    return connection.execute(_DRAWN_IN, {"image": image_id}).first() is not None


def has_own_box(one: StoredInstance) -> bool:
    """Whether it is accepted in a box that no image could be. No store is asked."""
    labelled = one.accepted and one.excluded is None
    return labelled and one.box is not None and not may_be_whole(one.box)


def convert_unless_drawn(
    connection: Connection, *, to_objects: bool, among: ColumnElement[bool] | None = None
) -> None:
    """Of whole images, from percent of the image to that of the object, or back: to be called
    before an instance gets its own box or counts again with it, as it may be the first, and after
    one had it or counts no more, as it may have been the last. What was proposed for part of a
    shape shows no size: it is not known what is expected of that until somebody proposes anew.
    among: the images in which that is; where all of them are excluded nothing changes. None of one
    that is about to count, or did."""
    if has_drawn_box(connection):
        return
    query = (
        select(
            ProposalTable.id,
            ProposalTable.points,
            ProposalTable.predicted_error,
            func.coalesce(ProposalTable.scheme_id, FIRST).label("scheme"),
            ImageTable.width,
            ImageTable.height,
        )
        .join(InstanceTable, InstanceTable.id == ProposalTable.instance_id)
        .join(ImageTable, ImageTable.id == InstanceTable.image_id)
        .where(_WHOLE, ProposalTable.predicted_error.is_not(None))
    )
    if among is not None:  # asked with it, as each acceptance waits for every question
        counting = select(ImageTable.id).where(ImageTable.excluded_why.is_(None), among)
        query = query.where(counting.correlate(None).exists())
    named: dict[int, bool] = {}
    """By scheme, whether it names the length that errors are divided by."""
    converted = []
    for row in connection.execute(query).all():
        if row.scheme not in named:
            named[row.scheme] = read_scheme(connection, row.scheme).scheme.normaliser is not None
        if named[row.scheme]:
            continue
        square = square_around_all(np.frombuffer(row.points, STORED).reshape(-1, 2))
        error = None
        if square is not None:
            times = math.hypot(row.width, row.height) / square.diagonal
            error = row.predicted_error * (times if to_objects else 1 / times)
        converted.append({"proposal": row.id, "error": error})
    if converted:
        one = update(ProposalTable).where(ProposalTable.id == bindparam("proposal"))
        connection.execute(one.values(predicted_error=bindparam("error")), converted)
        proposed = select(ProposalTable.instance_id)
        whole = (
            select(InstanceTable.id)
            .join(ImageTable, InstanceTable.image_id == ImageTable.id)
            .where(_WHOLE)
        )
        follow(connection, and_(InstanceTable.id.in_(whole), InstanceTable.id.in_(proposed)))


class Expected(NamedTuple):
    """An error in percent of the diagonal of the box that it was measured in; None where nobody
    says. points: (L, 2) in pixels, where it is expected."""

    instance_id: int
    error: float | None
    measured: Box | None
    points: Floats


def as_told_now(
    connection: Connection, scheme: StoredScheme, expected: Sequence[Expected]
) -> list[float | None]:
    """These errors in the boxes by which the project tells them now: the first box may have been
    drawn, or the last one taken back, while they were computed."""
    unsure = [one.instance_id for one in expected if one.measured and one.error is not None]
    if not unsure or scheme.scheme.normaliser is not None:
        return [one.error for one in expected]
    query = (
        select(InstanceTable.id, ImageTable.width, ImageTable.height)
        .join(ImageTable, InstanceTable.image_id == ImageTable.id)
        .where(_WHOLE, is_among(connection, InstanceTable.id, unsure))
    )
    whole = {row.id: Box.whole_image(row.width, row.height) for row in connection.execute(query)}
    drawn = bool(whole) and has_drawn_box(connection)
    return [_told_in(whole.get(one.instance_id), drawn, one) for one in expected]


def _told_in(whole: Box | None, drawn: bool, expected: Expected) -> float | None:
    """whole: the box of the instance, where that is all of its image. drawn: whether others have
    boxes that are not."""
    error, measured = expected.error, expected.measured
    if whole is None or error is None or measured is None or (measured == whole) != drawn:
        return error
    now = square_around_all(expected.points) if drawn else whole
    return None if now is None else error * measured.diagonal / now.diagonal
