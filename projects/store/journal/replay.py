"""Whether what is stored of every instance is what its journal says: a lens on damage.

Every entry says what it changed, from what to what. So each begins where the one before it ended,
and what is stored is where the last one ended. Of what was imported the journal keeps a digest.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field, fields, replace
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.journal import change_json
from landmark_annotator.projects.store.rows.changes import (
    Change,
    LandmarkRow,
    MaskChange,
    MaskRow,
    StoredInstance,
)
from landmark_annotator.projects.store.rows.many_stored import load_many
from landmark_annotator.projects.store.rows.records import ActionKind, InstanceState
from landmark_annotator.projects.store.schema.tables import InstanceTable, JournalTable
from landmark_annotator.projects.vocabulary import Mask
from landmark_annotator.projects.vocabulary.errors import ActionableError, NewerProject

_CHUNK = 200
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ActionableError)
"""What a damaged text does to those who read it."""


_COLUMNS = tuple(column.name for column in fields(LandmarkRow))


@dataclass(frozen=True)
class Difference:
    """what: in words. told: the instance as the journal has it, None where that cannot be known."""

    instance_id: int
    what: str
    told: StoredInstance | None = None


def digest(stored: StoredInstance) -> str:
    """Of the box, the landmarks, whether they are accepted, and the masks."""
    rows = [(number, *_plain(row)) for number, row in sorted(stored.landmarks.items())]
    box = None if stored.box is None else [float(value) + 0.0 for value in astuple(stored.box)]
    parts: list[object] = [box, stored.accepted, rows]
    if stored.masks:  # imports from before there were masks had none
        parts.append([(i, *astuple(row.mark)) for i, row in sorted(stored.masks.items())])
    content = json.dumps(parts, allow_nan=False)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _plain(row: LandmarkRow) -> list[object]:
    """As the database gives it back, which knows no negative zero."""
    values = (getattr(row, name) for name in _COLUMNS)
    return [value + 0.0 if isinstance(value, float) else value for value in values]


def digest_to_json(
    stored: StoredInstance, file: int | None = None, filled: StoredInstance | None = None
) -> str:
    """What the journal keeps of an import. file: the entry of the file that it is from. filled:
    what was there before, of an instance that waited for the labels."""
    kept: dict[str, object] = {"digest": digest(stored)}
    if file is not None:
        kept["file"] = file
    if stored.state is InstanceState.UNTOUCHED:
        kept["boxed"] = True  # it brought a box and nothing more
    if filled is not None:
        kept["box"] = None if filled.box is None else list(filled.box.numbers)
    return json.dumps(kept)


def differences(connection: Connection) -> Iterator[Difference]:
    """Of all instances, excluded ones too; those without are not told."""
    ids = [row.id for row in connection.execute(select(InstanceTable.id).order_by("id"))]
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        try:
            stored = load_many(connection, chunk)
        except UNREADABLE as error:
            yield Difference(chunk[0], f"something here or shortly after cannot be read: {error}")
            continue
        columns = (
            JournalTable.id,
            JournalTable.kind,
            JournalTable.instance_id,
            JournalTable.changes,
            JournalTable.target,
        )
        query = (
            select(*columns)
            .where(JournalTable.instance_id.in_(chunk))
            .order_by(JournalTable.instance_id, JournalTable.id)
        )
        rows = connection.execute(query).all()
        journals = {key: list(part) for key, part in groupby(rows, lambda row: row.instance_id)}
        for instance_id in chunk:
            found = _difference(instance_id, stored[instance_id], journals.get(instance_id, []))
            if found is not None:
                yield found


@dataclass
class _Told:
    """Of what the journal has said something so far, by what it is about: before all, and now."""

    first: dict[Any, Any] = field(default_factory=dict)
    last: dict[Any, Any] = field(default_factory=dict)
    masks: dict[int, MaskChange] = field(default_factory=dict)
    """Of each region, all that was done to its mask as one change."""

    def follow(self, change: Change) -> bool:
        """Whether it begins where the ones before it ended."""
        fits = True
        for about, (before, after) in _pairs(change):
            fits &= self.last.get(about, before) == before
            self.first.setdefault(about, before)
            self.last[about] = after
        for region, drawn in change.masks.items():
            whole = self.masks.get(region, MaskChange(drawn.before, drawn.before, Mask()))
            fits &= whole.after == drawn.before
            pixels = whole.pixels ^ drawn.pixels
            self.masks[region] = MaskChange(whole.before, drawn.after, pixels)
        return fits


def _pairs(change: Change) -> Iterator[tuple[Any, tuple[Any, Any]]]:
    if change.flag is not None:
        yield "flag", change.flag
    if change.excluded is not None:
        yield "excluded", change.excluded
    if change.leaves_the_shape:
        return
    yield "accepted", change.accepted
    yield "review", change.review
    if change.box is not None:
        yield "box", change.box
    yield from change.landmarks.items()


def _difference(instance_id: int, stored: StoredInstance, journal: list[Any]) -> Difference | None:
    told, changes, imported = _Told(), {}, None
    for row in journal:
        try:
            kind = ActionKind.stored(row.kind)
            if kind is ActionKind.REFUSED:
                continue
            if kind is ActionKind.IMPORT:
                imported = json.loads(row.changes)["digest"] if row.changes else ""
                told = _Told()  # labels come in where nothing that was done stands
                continue
            if row.target is None:
                change = changes[row.id] = change_json.from_json(row.changes)
            else:
                change = changes[row.target]
                change = change.inverse() if kind is ActionKind.UNDO else change
        except NewerProject:
            raise
        except UNREADABLE as error:
            return Difference(instance_id, f"entry {row.id} of its journal cannot be read: {error}")
        if not told.follow(change):
            return Difference(instance_id, f"entry {row.id} of its journal does not follow")
    whole = _with(stored, told.last)
    if imported is None:  # nothing but what the journal tells was ever stored
        whole = replace(whole, landmarks=_of(told.last), masks=_drawn(told.masks))
    for region, drawn in told.masks.items():
        row, said = stored.masks.get(region), whole.masks.get(region)
        if (None if row is None else row.mark) != drawn.after:
            mends = imported is None and (None if said is None else said.mark) == drawn.after
            what = "a mask of it is not what its journal says"
            return Difference(instance_id, what, whole if mends else None)
    if whole != stored:
        return Difference(instance_id, "it is not what its journal says", whole)
    before = replace(_with(stored, told.first), masks=_undrawn(told.masks, stored.masks))
    if imported and digest(before) != imported:
        return Difference(instance_id, "it is not what was imported")
    return None


def _with(stored: StoredInstance, said: Mapping[Any, Any]) -> StoredInstance:
    """The instance with this in place of what is stored."""
    landmarks = dict(stored.landmarks) | _of(said)
    rest = {about: value for about, value in said.items() if isinstance(about, str)}
    gone = {about for about, value in said.items() if value is None}
    landmarks = {number: row for number, row in landmarks.items() if number not in gone}
    return replace(stored, landmarks=landmarks, **rest)


def _drawn(changes: Mapping[int, MaskChange]) -> dict[int, MaskRow]:
    """The masks after these changes, where there was nothing before."""
    found = {region: change.apply(None) for region, change in changes.items()}
    return {region: row for region, row in found.items() if row is not None}


def _undrawn(
    changes: Mapping[int, MaskChange], stored: Mapping[int, MaskRow]
) -> dict[int, MaskRow]:
    """The masks before these changes."""
    turned = {i: change.inverse().apply(stored.get(i)) for i, change in changes.items()}
    return {i: row for i, row in {**stored, **turned}.items() if row is not None}


def _of(said: Mapping[Any, Any]) -> dict[int, LandmarkRow]:
    return {about: row for about, row in said.items() if isinstance(about, int) and row is not None}
