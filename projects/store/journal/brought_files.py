"""Imports of labels as wholes, and taking one back: all that it brought but what people have done
something to since. Inside the caller's transaction, journalled; one step for undo.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection, and_, case, or_, select

from landmark_annotator.projects.store.engine import clock
from landmark_annotator.projects.store.engine.many_rows import AT_ONCE
from landmark_annotator.projects.store.journal import entries
from landmark_annotator.projects.store.journal.acting import act_on_all
from landmark_annotator.projects.store.journal.replay import digest
from landmark_annotator.projects.store.people import rights
from landmark_annotator.projects.store.people.roles import Role
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.many_stored import load_many
from landmark_annotator.projects.store.rows.records import (
    BESIDE,
    ActionKind,
    Exclusion,
    InstanceState,
)
from landmark_annotator.projects.store.schema.tables import InstanceTable, JournalTable
from landmark_annotator.projects.vocabulary import Box, Progress
from landmark_annotator.projects.vocabulary.errors import Cancelled, ProjectError

TAKEN_BACK = "its import was taken back"
"""Why an object counts no more that came with an import, after that."""
_TITLE = "import of "
_NOT_BY_HAND = (*BESIDE, ActionKind.IMPORT, ActionKind.TAKE_BACK)
"""An import since was taken back as well."""


@dataclass(frozen=True)
class BroughtFile:
    """An import. number: by which it is named, the id of its entry. name: of the file or folder.
    who: imported it. labels: how many objects have the labels that it brought, or the box of those
    of which it has no more, or what people have made of them."""

    number: int
    name: str
    who: str
    at: datetime
    labels: int


@dataclass(frozen=True)
class TakenBack:
    """Of how many objects the labels and boxes went, and of how many they stay: people have
    changed, accepted or judged them since."""

    taken: int
    stays: int


@dataclass(frozen=True)
class _Brought:
    """entry: of the import. filled: whether the object was there before, with this box."""

    entry: int
    digest: str
    filled: bool
    box: Box | None


def went_with_its_import(excluded: Exclusion | None) -> bool:
    """Whether the object went with its import: nobody has left it out, and labels that come for it
    are welcome."""
    return excluded is not None and excluded.why == TAKEN_BACK


def begin(connection: Connection, name: str, who: str) -> int:
    """The number of an import that begins."""
    rights.refuse_below(connection, who, Role.LEAD, ActionKind.FILE)
    entry = entries.append(
        connection, who=who, kind=ActionKind.FILE, title=f"{_TITLE}{name}", instance_id=None
    )
    return entry.id


@dataclass(frozen=True)
class PlacedBox:
    """Of a file, for an instance that was there. before: its box until then. entry: by which it
    came, and which undo may turn."""

    box: Box
    before: Box | None
    entry: int


def note_boxes(
    connection: Connection,
    number: int,
    boxes: Mapping[int, Box],
    placed: Mapping[int, PlacedBox],
    name: str,
    who: str,
) -> None:
    """What the import has added, by instance, of which the file has a box and nothing more: undo
    leaves it, and it is nobody's label. placed: what was there, and has its box from the file."""
    kept: dict[str, object] = {"file": number}
    kept["boxed"] = [[i, _digest_of(box)] for i, box in boxes.items()]
    if placed:
        kept["placed"] = [
            [i, _digest_of(one.box), one.before and list(one.before.numbers), one.entry]
            for i, one in placed.items()
        ]
    entries.append(
        connection,
        who=who,
        kind=ActionKind.FILE,
        title=f"{_TITLE}{name}",
        instance_id=None,
        imported=json.dumps(kept),
    )


def _digest_of(box: Box) -> str:
    return digest(StoredInstance(box, False, {}))


def brought_files(connection: Connection) -> list[BroughtFile]:
    """The newest first; those of earlier versions, which kept no account of them, are not told."""
    query = (
        select(JournalTable.id, JournalTable.title, JournalTable.who, JournalTable.at)
        .where(JournalTable.kind == ActionKind.FILE.value, JournalTable.changes.is_(None))
        .order_by(JournalTable.id)
    )
    rows = connection.execute(query).all()
    if not rows:
        return []
    labels = Counter(kept.get("file") for _, _, kept in _there(connection, rows[0].id))
    return [
        BroughtFile(row.id, row.title.removeprefix(_TITLE), row.who, row.at, labels[row.id])
        for row in reversed(rows)
    ]


def take_back(connection: Connection, number: int, who: str, progress: Progress) -> TakenBack:
    """What the import filled waits for labels again, in the box that it had; of what it added one
    object stays in an image that had none, and waits, the others count no more. Raises ProjectError
    where there was no such import, and Cancelled."""
    rights.refuse_below(connection, who, Role.LEAD, ActionKind.TAKE_BACK)
    query = select(JournalTable.title).where(JournalTable.kind == ActionKind.FILE.value)
    query = query.where(JournalTable.changes.is_(None))
    imported = connection.scalar(query.where(JournalTable.id == number))
    if imported is None:
        raise ProjectError(
            f"The project knows no import {number}.",
            kept="Nothing was changed.",
            remedy="annotator imports PROJECT lists those that can be taken back.",
        )
    brought = _brought_by(connection, number)
    untouched = {i: brought[i] for i in _untouched(connection, brought)}
    gone = _superfluous(connection, untouched)
    at = clock.now(connection)
    out = Exclusion(TAKEN_BACK, who, at)
    progress.start("taking back", len(untouched))
    left = iter(untouched.items())
    while part := dict(islice(left, AT_ONCE)):
        boxes = {i: (each.box, out if i in gone else None) for i, each in part.items()}
        title = f"taking back of the {imported}"
        kind = ActionKind.TAKE_BACK
        act_on_all(connection, boxes, _emptied, kind=kind, title=title, who=who, at=at)
        progress.advance(len(part))
        if progress.cancelled():
            raise Cancelled("Stopped.", kept="Nothing was taken back.")
    return TakenBack(len(untouched), len(brought) - len(untouched))


def _emptied(stored: StoredInstance, then: tuple[Box | None, Exclusion | None]) -> StoredInstance:
    """then: its box, and why it counts no more."""
    box, excluded = then
    return replace(
        stored, box=box, accepted=False, landmarks={}, masks={}, review=None, excluded=excluded
    )


def _imports(connection: Connection, after: int) -> Iterator[tuple[int, int, dict[str, object]]]:
    """Of each object the import after this entry that its labels began with, or its box, the last
    one first: the object, the entry, and what is kept of it. Of what was taken back, none."""
    steps = JournalTable.kind.in_([ActionKind.TAKE_BACK.value, ActionKind.BOXES.value])
    brings = JournalTable.kind.in_([ActionKind.IMPORT.value, ActionKind.FILE.value])
    turned = select(JournalTable.id).where(steps, JournalTable.id > after)
    query = (
        select(
            *(JournalTable.id, JournalTable.kind, JournalTable.target, JournalTable.instance_id),
            case((brings, JournalTable.changes), else_=None).label("kept"),
        )
        .where(JournalTable.id > after, or_(brings, steps, JournalTable.target.in_(turned)))
        .order_by(JournalTable.id.desc())
    )
    seen, taken_back = set[int](), Counter[int]()
    notes: dict[int, tuple[int, dict[str, object] | None]] = {}
    """Of boxes that came to what was there, by their entries: the note of them."""
    for row in entries.standing(connection.execute(query)):
        if row.kind == ActionKind.TAKE_BACK:
            taken_back[row.instance_id] += 1
            continue
        if row.kind == ActionKind.BOXES:  # to what was there, and nobody has undone it
            entry_id, kept = notes.get(row.id, (row.id, None))
            found = [] if kept is None else [(row.instance_id, kept)]
        else:
            entry_id, found = row.id, list(_kept(row.instance_id, row.kept))
            notes.update((step, (row.id, kept)) for step, kept in _placed(row.kept))
        for instance_id, kept in found:
            if taken_back[instance_id]:  # by which it is as it was before this import
                taken_back[instance_id] -= 1
            elif instance_id not in seen:
                seen.add(instance_id)
                yield instance_id, entry_id, kept


def _kept(instance_id: int | None, text: str | None) -> Iterator[tuple[int, dict[str, object]]]:
    """By object, of an entry."""
    kept = json.loads(text or "{}")
    if instance_id is not None:
        yield instance_id, kept
        return
    for boxed, mark in kept.get("boxed", ()):
        yield boxed, {"file": kept["file"], "digest": mark, "boxed": True}


def _placed(text: str | None) -> Iterator[tuple[int, dict[str, object]]]:
    """By the entry of its box, of what was there and has it from a file."""
    kept = json.loads(text or "{}")
    for _, mark, before, step in kept.get("placed", ()):
        yield step, {"file": kept["file"], "digest": mark, "boxed": True, "box": before}


def _there(connection: Connection, after: int) -> Iterator[tuple[int, int, dict[str, object]]]:
    """Those of `_imports` of which there are labels, or of a box alone, the box."""
    begun, boxed = _with(connection, begun=True), _with(connection, begun=False)
    for instance_id, entry_id, kept in _imports(connection, after):
        if instance_id in begun or (kept.get("boxed") and instance_id in boxed):
            yield instance_id, entry_id, kept


def _with(connection: Connection, *, begun: bool) -> set[int]:
    """Objects that have labels, or that have a box alone."""
    untouched = InstanceTable.state == InstanceState.UNTOUCHED.value
    which = ~untouched if begun else and_(untouched, InstanceTable.centre_x.is_not(None))
    return set(connection.scalars(select(InstanceTable.id).where(which)))


def _brought_by(connection: Connection, number: int) -> dict[int, _Brought]:
    """By object that has labels or a box of it, in the order in which they came."""
    found = dict[int, _Brought]()
    for instance_id, entry_id, kept in _there(connection, number):
        if kept.get("file") == number:
            numbers = kept.get("box")
            box = Box(*numbers) if isinstance(numbers, list) else None
            found[instance_id] = _Brought(entry_id, str(kept["digest"]), "box" in kept, box)
    return dict(sorted(found.items(), key=lambda each: (each[1].entry, each[0])))


def _untouched(connection: Connection, brought: Mapping[int, _Brought]) -> Iterator[int]:
    """Those that are as they came in, and of which nobody has said anything since but flags."""
    ids = list(brought)
    for start in range(0, len(ids), AT_ONCE):
        chunk = ids[start : start + AT_ONCE]
        stored = load_many(connection, chunk)
        done = _done_to(connection, chunk)
        for i in chunk:
            since = (each for each in done.get(i, ()) if each.id > brought[i].entry)
            changed = any(each.kind not in _NOT_BY_HAND for each in entries.standing(since))
            if not changed and digest(stored[i]) == brought[i].digest:
                yield i


def _done_to(connection: Connection, ids: Collection[int]) -> dict[int, list[entries.Step]]:
    """Newest first; a second opinion that somebody has begun counts as done to the first one."""
    query = (
        select(JournalTable.instance_id, JournalTable.id, JournalTable.kind, JournalTable.target)
        .where(JournalTable.instance_id.in_(ids))
        .order_by(JournalTable.id.desc())
    )
    done: dict[int, list[entries.Step]] = {}
    for row in connection.execute(query):
        if row.instance_id is not None:
            done.setdefault(row.instance_id, []).append(entries.Step(row.id, row.kind, row.target))
    seconds = select(InstanceTable.second_opinion_on, JournalTable.id).where(
        InstanceTable.second_opinion_on.in_(ids),
        InstanceTable.state != InstanceState.UNTOUCHED.value,
        JournalTable.instance_id == InstanceTable.id,
    )
    for first, entry_id in connection.execute(seconds):
        if first is not None:
            done.setdefault(first, []).insert(0, entries.Step(entry_id, "second opinion", None))
    return done


def _superfluous(connection: Connection, untouched: Mapping[int, _Brought]) -> set[int]:
    """Those that the import added to images in which another object stays, or waits again."""
    ids = list(untouched)
    images = {
        row.id: row.image_id
        for start in range(0, len(ids), AT_ONCE)
        for row in connection.execute(
            select(InstanceTable.id, InstanceTable.image_id).where(
                InstanceTable.id.in_(ids[start : start + AT_ONCE])
            )
        )
    }
    waits = {images[i] for i, each in untouched.items() if each.filled}
    waits |= _with_others(connection, set(images.values()), untouched)
    gone = set[int]()
    for i, each in untouched.items():
        if each.filled:
            continue
        if images[i] in waits:
            gone.add(i)
        waits.add(images[i])
    return gone


def _with_others(
    connection: Connection, images: Collection[int], but_for: Collection[int]
) -> set[int]:
    """Those of these images in which there is an object that counts besides these."""
    ids, found = sorted(images), set[int]()
    for start in range(0, len(ids), AT_ONCE):
        query = select(InstanceTable.id, InstanceTable.image_id).where(
            InstanceTable.image_id.in_(ids[start : start + AT_ONCE]),
            InstanceTable.excluded_why.is_(None),
        )
        found |= {row.image_id for row in connection.execute(query) if row.id not in but_for}
    return found
