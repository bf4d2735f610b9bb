"""What a long list shows: which instances by id alone, and all else of those that are in sight."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    LargeBinary,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    join,
    not_,
    or_,
    select,
)

from landmark_annotator.projects.store.engine.many_rows import AT_ONCE
from landmark_annotator.projects.store.queue import (
    CLICKED,
    HAS_BOX,
    OF_EFFORT,
    PLACE,
    QUEUE_ROW,
    WAITS,
    Queue,
    QueueRow,
)
from landmark_annotator.projects.store.rows import predicted_errors
from landmark_annotator.projects.store.rows.exclusions import instance_counts
from landmark_annotator.projects.store.rows.first_opinions import is_first_opinion
from landmark_annotator.projects.store.rows.images import COLUMNS
from landmark_annotator.projects.store.rows.images import record as image_record
from landmark_annotator.projects.store.rows.instances import some
from landmark_annotator.projects.store.rows.object_numbers import (
    BESIDE,
    SEVERAL,
    object_numbers,
    rows_at_once,
)
from landmark_annotator.projects.store.rows.one_text import in_one_text, numbers
from landmark_annotator.projects.store.rows.records import (
    ImageRecord,
    InstanceRecord,
    InstanceState,
    Verdict,
)
from landmark_annotator.projects.store.rows.shared_folder import SharedFolder
from landmark_annotator.projects.store.schema.tables import (
    ImageTable,
    InstanceTable,
    LandmarkTable,
    ProposalTable,
    ReviewTable,
)
from landmark_annotator.projects.vocabulary import Provenance

_NAMED_FRAMES = "frame page"
"""What the names of frames hold beside their files' and their numbers."""
_OBJECTS = join(ImageTable, InstanceTable, InstanceTable.image_id == ImageTable.id)
_OF_IMAGE = select(func.count()).where(BESIDE.image_id == InstanceTable.image_id)
_NUMBER = _OF_IMAGE.where(BESIDE.id <= InstanceTable.id).scalar_subquery()
_CLICKS = select(func.count()).where(OF_EFFORT)
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_LISTED = (
    select(_NUMBER, SEVERAL, _CLICKS.scalar_subquery(), *QUEUE_ROW)
    .select_from(_OBJECTS)
    .where(InstanceTable.id.in_(_IDS))
)
_STARTED = InstanceTable.state == InstanceState.STARTED.value
_FILLED = and_(
    _STARTED,
    exists().where(
        LandmarkTable.instance_id == InstanceTable.id,
        LandmarkTable.provenance == Provenance.FILLED.value,
    ),
)
_SIZES = select(ImageTable.id, ImageTable.width, ImageTable.height)
_NEWEST = select(func.max(InstanceTable.id))
_ANY_IMAGE_OUT = select(ImageTable.id).where(ImageTable.excluded_why.is_not(None)).limit(1)
_IMAGES = select(*COLUMNS).where(ImageTable.id.in_(_IDS))


class ListedRow(NamedTuple):
    """number: which of several objects of its image it is, from 1; None where it is the only one
    that was not left out. clicks: clicks and confirmations, also those that were taken back.
    folder: of the image, as `SharedFolder.within` has it."""

    row: QueueRow
    number: int | None
    clicks: int
    folder: str


class Name(NamedTuple):
    """What an instance may be called by. path and frame: as of QueueRow; number, folder: as of
    ListedRow, number None also where it cannot matter."""

    instance_id: int
    path: str
    frame: int | None
    number: int | None
    folder: str


class Listing(Queue):
    """Ids are few bytes each, so that a list of a million is read at once and kept; what is shown
    of one is read when it comes into sight."""

    _shared = SharedFolder()
    _shared_is_read = False
    """Since the list was; it is with the first names after that."""

    def listed(
        self,
        states: Collection[InstanceState | str] = tuple(InstanceState),
        *,
        excluded: bool = False,
        worst_first: bool = False,
        believed: Mapping[int, float] | None = None,
    ) -> NDArray[np.int64]:
        """(N,) ids of all instances in these states, in the order of their images.

        excluded: with those that were left out. worst_first: by expected error, those without one
        and accepted ones last. believed: the errors of some as they are expected now, which those
        that somebody has clicked have none without.
        """
        self._shared_is_read = False
        query = select(InstanceTable.id)
        if not excluded:
            query = query.where(self._counting)
        wanted = set(map(InstanceState.named, states))
        if wanted != set(InstanceState):
            query = query.where(InstanceTable.state.in_([state.value for state in wanted]))
        order: list[ColumnElement[Any]] = []
        if worst_first:
            waits = InstanceTable.state != InstanceState.ACCEPTED.value
            error = case((and_(waits, not_(CLICKED)), InstanceTable.predicted_error))
            if believed:
                error = case(dict(believed), value=InstanceTable.id, else_=error)
            order = [error.is_(None), error.desc()]
        return self._ids(query.order_by(*order, *PLACE))

    def awaiting_proposals(self, *, outside: Collection[int] = ()) -> NDArray[np.int64]:
        """(N,) ids of those with a box that are not accepted, in the order of their images.

        outside: tracks whose objects are left out; second opinions on them are not."""
        query = select(InstanceTable.id).where(WAITS, HAS_BOX)
        if outside:
            track, opinion = InstanceTable.track_id, InstanceTable.second_opinion_on
            query = query.where(
                or_(track.is_(None), track.not_in(list(outside)), opinion.is_not(None))
            )
        return self._ids(query.order_by(*PLACE))

    def with_proposals(self) -> NDArray[np.int64]:
        """(N,) ids of those with a box that are not accepted and for which anything is proposed."""
        proposed = exists().where(ProposalTable.instance_id == InstanceTable.id)
        return self._ids(select(InstanceTable.id).where(WAITS, HAS_BOX, proposed))

    def images_without_objects(self) -> NDArray[np.int64]:
        """(N,) ids of the images that count and in which no instance that counts has a box or is
        more than untouched, in their order."""
        begun = or_(HAS_BOX, InstanceTable.state != InstanceState.UNTOUCHED.value)
        counts = InstanceTable.excluded_why.is_(None)
        busy = select(InstanceTable.id).where(
            InstanceTable.image_id == ImageTable.id, counts, begun
        )
        query = select(ImageTable.id).where(ImageTable.excluded_why.is_(None), not_(exists(busy)))
        return self._ids(query.order_by(ImageTable.position, ImageTable.id))

    def has_drawn_box(self) -> bool:
        """Whether an accepted instance that counts has a box that is not all of its image."""
        return predicted_errors.has_drawn_box(self._reading)

    def image_sizes(self) -> dict[int, tuple[int, int]]:
        """Width and height in pixels of all images, excluded ones too, by id."""
        return {row[0]: (row[1], row[2]) for row in self._reading.execute(_SIZES)}

    def images_of(self, instance_ids: Collection[int]) -> set[int]:
        """Ids of the images in which these lie, excluded or not."""
        found: set[int] = set()
        for portion in _portions(list(instance_ids)):
            query = select(InstanceTable.image_id).where(InstanceTable.id.in_(portion))
            found.update(self._reading.execute(query).scalars())
        return found

    def newest(self) -> int:
        """The id of the instance that came in last, 0 where there is none."""
        return int(self._reading.execute(_NEWEST).scalar() or 0)

    def excluded_ids(self) -> NDArray[np.int64]:
        """(N,) of the instances that were left out, themselves or with their images."""
        of_image = select(ImageTable.id).where(ImageTable.excluded_why.is_not(None))
        own = InstanceTable.excluded_why.is_not(None)
        out = or_(own, InstanceTable.image_id.in_(of_image))
        return self._ids(select(InstanceTable.id).where(out).order_by(*PLACE))

    def rows(self, instance_ids: Sequence[int]) -> list[ListedRow]:
        """In the order of the ids; those that are no more are not among them."""
        found: dict[int, ListedRow] = {}
        with self._snapshot_of(instance_ids):
            for portion in _portions(instance_ids):
                found |= self._rows(portion)
        return [found[i] for i in instance_ids if i in found]

    def _rows(self, ids: Sequence[int]) -> dict[int, ListedRow]:
        found = {}
        for number, several, clicks, *row in self._reading.execute(_LISTED, {"ids": ids}):
            about = QueueRow._make(row)
            folder = self._folder(about.path)
            found[about.instance_id] = ListedRow(about, number if several else None, clicks, folder)
        return found

    def _folder(self, path: str) -> str:
        if not self._shared_is_read:
            self._shared, self._shared_is_read = self._shared.read_on(self._reading), True
        if not self._shared.holds(path):  # it came in since, or was moved
            self._shared = SharedFolder().read_on(self._reading)
        return self._shared.within(path)

    def spread_images(self, most: int) -> list[ImageRecord]:
        """At most so many of the images that count, from everywhere in the project."""
        query = select(*COLUMNS).where(ImageTable.excluded_why.is_(None))
        run = self._reading.execute
        with self.snapshot():
            first, last = run(select(func.min(ImageTable.id), func.max(ImageTable.id))).one()
            if first is None or last - first < most:
                rows = run(query.order_by(ImageTable.position, ImageTable.id)).all()
            else:
                ids = np.linspace(first, last, most).round().astype(int).tolist()
                rows = [
                    row
                    for portion in _portions(ids)
                    for row in run(query.where(ImageTable.id.in_(portion))).all()
                ]
        return [image_record(row, self.folder) for row in rows]

    def some_images(self, image_ids: Collection[int]) -> dict[int, ImageRecord]:
        """By id; those that are no more are not among them."""
        found: dict[int, ImageRecord] = {}
        for portion in _portions(list(image_ids)):
            rows = self._reading.execute(_IMAGES, {"ids": portion})
            found |= {row[0]: image_record(row, self.folder) for row in rows}
        return found

    def some_instances(self, instance_ids: Sequence[int]) -> list[InstanceRecord]:
        """Those of these that are there and count, in the order of their images."""
        with self._snapshot_of(instance_ids):
            return some(self._reading, instance_ids)

    def inside(self, images: Collection[int], *, excluded: bool = False) -> list[int]:
        """Ids of the instances in these images that count. excluded: with those that do not."""
        found: list[int] = []
        with self.snapshot():
            for portion in _portions(list(images)):
                query = select(InstanceTable.id).where(InstanceTable.image_id.in_(portion))
                query = query if excluded else query.where(instance_counts())
                found += self._reading.execute(query).scalars()
        return found

    def sharing_images(self) -> NDArray[np.int64]:
        """(N,) ids of the accepted instances whose images hold several instances."""
        several = select(InstanceTable.image_id).group_by(InstanceTable.image_id)
        several = several.having(func.count() > 1)
        accepted = InstanceTable.state == InstanceState.ACCEPTED.value
        query = select(InstanceTable.id).where(accepted, InstanceTable.image_id.in_(several))
        return self._ids(query.where(self._counting).order_by(*PLACE))

    def awaiting_review(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """(N,) ids of accepted shapes that have not passed a review, of untouched instances with a
        proposal (no second opinions) and of filled shapes, where nobody has sent them back; and the
        expected error of each, NaN of none."""
        judged = exists().where(ReviewTable.instance_id == InstanceTable.id)
        passed = judged.where(ReviewTable.verdict == Verdict.ACCEPTED.value)
        accepted = InstanceTable.state == InstanceState.ACCEPTED.value
        untouched = InstanceTable.state == InstanceState.UNTOUCHED.value
        proposed = and_(untouched, is_first_opinion(), InstanceTable.predicted_error.is_not(None))
        waits = or_(and_(accepted, not_(passed)), and_(or_(proposed, _FILLED), not_(judged)))
        error = func.coalesce(cast(InstanceTable.predicted_error, String), "nan")
        query = select(InstanceTable.id, error.label("error")).where(waits, self._counting)
        inner = query.order_by(*PLACE).subquery()
        ids, errors = self._reading.execute(
            select(in_one_text(cast(inner.c.id, String)), in_one_text(inner.c.error))
        ).one()
        return numbers(ids, np.int64), numbers(errors, np.float64)

    def filled_among(self, instance_ids: Collection[int]) -> set[int]:
        """Ids of those of these in which a model filled in the rest, and which nobody has accepted
        since."""
        found: set[int] = set()
        for portion in _portions(list(instance_ids)):
            query = select(InstanceTable.id).where(_FILLED, InstanceTable.id.in_(portion))
            found.update(self._reading.execute(query).scalars())
        return found

    def filled(self) -> set[int]:
        """The same among all that count."""
        query = select(InstanceTable.id).where(_FILLED, self._counting)
        return set(self._reading.execute(query).scalars())

    def second_opinions(self) -> dict[int, int]:
        """By the instance that is one the instance that it is on."""
        query = select(InstanceTable.id, InstanceTable.second_opinion_on)
        query = query.where(InstanceTable.second_opinion_on.is_not(None), instance_counts())
        rows = self._reading.execute(query.order_by(*PLACE)).all()
        return {row[0]: row[1] for row in rows if row[1] is not None}

    def together_with(self, instance_ids: Collection[int]) -> list[QueueRow]:
        """All instances of the images that these are in, excluded ones too, in order."""
        found: dict[int, tuple[tuple[int, int, int], QueueRow]] = {}
        with self.snapshot():
            for portion in _portions(list(instance_ids)):
                images = select(InstanceTable.image_id).where(InstanceTable.id.in_(portion))
                query = select(*PLACE, *QUEUE_ROW).select_from(_OBJECTS)
                for at, image, number, *row in self._reading.execute(
                    query.where(InstanceTable.image_id.in_(images))
                ):
                    found[number] = ((at, image, number), QueueRow._make(row))
        return [row for _, row in sorted(found.values(), key=lambda one: one[0])]

    def in_order(self, instance_ids: Collection[int]) -> list[int]:
        """As their images are ordered; without those that are no more."""
        places: list[tuple[int, int, int]] = []
        with self.snapshot():
            for portion in _portions(list(instance_ids)):
                query = select(*PLACE).where(InstanceTable.id.in_(portion))
                places += [(row[0], row[1], row[2]) for row in self._reading.execute(query)]
        return [number for _, _, number in sorted(places)]

    def counts(self, instance_id: int) -> bool:
        """Whether it is there, and neither it nor its image was left out."""
        query = select(InstanceTable.id).where(InstanceTable.id == instance_id, instance_counts())
        return self._reading.execute(query).first() is not None

    def perhaps_named(self, part: str) -> Iterator[Name]:
        """All instances whose name may hold this part, in whatever case, and some others.

        What must be read of a long list is the less, the more of the part is plain letters or
        figures.
        """
        figures = part.isascii() and part.isdigit()
        # The numbers of fewer objects do not hold these figures.
        fewest = max(int(part[:9]), 2) if figures else 2
        of_several: Select[Any] = select(InstanceTable.image_id).group_by(InstanceTable.image_id)
        of_several = of_several.having(func.count() >= fewest)
        numbered = not part.isalpha()
        query = select(InstanceTable.id, ImageTable.path, ImageTable.frame).select_from(_OBJECTS)
        if part.isascii():
            # Some letters beyond ASCII are written with plain ones in the other case.
            beyond = func.length(cast(ImageTable.path, LargeBinary)) != func.length(ImageTable.path)
            plain = ImageTable.path.icontains(part, autoescape=True)
            may_be = [plain, beyond]
            if figures:
                may_be.append(cast(ImageTable.frame, String).contains(part))
            elif numbered or part.lower() in _NAMED_FRAMES:
                may_be.append(ImageTable.frame.is_not(None))
            if numbered:
                may_be.append(InstanceTable.image_id.in_(of_several))
            query = query.where(or_(*may_be))
        with self.snapshot():
            numbers = object_numbers(self._reading, of_several) if numbered else {}
            before, folder = "", ""
            for instance_id, path, frame in rows_at_once(self._reading.execute(query)):
                if path != before:  # all frames of a video have one
                    before, folder = path, self._folder(path)
                yield Name(instance_id, path, frame, numbers.get(instance_id), folder)

    def _snapshot_of(self, ids: Sequence[int]) -> AbstractContextManager[None]:
        """What one query reads is of one state as it is."""
        return self.snapshot() if len(ids) > AT_ONCE else nullcontext()

    @property
    def _counting(self) -> ColumnElement[bool]:
        """Where no image is left out, that need not be looked up for every instance."""
        if self._reading.execute(_ANY_IMAGE_OUT).first() is None:
            return InstanceTable.excluded_why.is_(None)
        return instance_counts()

    def _ids(self, query: Select[Any]) -> NDArray[np.int64]:
        inner = query.subquery()
        text = self._reading.execute(select(in_one_text(cast(inner.c.id, String)))).scalar()
        return numbers(text, np.int64)


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
