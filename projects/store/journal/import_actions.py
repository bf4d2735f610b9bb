"""Instances that come with labels, from a file or another program: each is journalled as an import,
which undo leaves alone. Boxes that come to instances that were there are a step for undo. Inside
the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from landmark_annotator.projects.store.journal import edits, entries
from landmark_annotator.projects.store.journal.acting import act, act_on_all
from landmark_annotator.projects.store.journal.brought_files import went_with_its_import
from landmark_annotator.projects.store.journal.replay import digest_to_json
from landmark_annotator.projects.store.rows import (
    images,
    instance_sources,
    instances,
    many_instances,
    tracks,
)
from landmark_annotator.projects.store.rows.changes import StoredInstance
from landmark_annotator.projects.store.rows.many_stored import save
from landmark_annotator.projects.store.rows.records import ActionKind, Entry, InstanceState
from landmark_annotator.projects.store.rows.stored_scheme import StoredScheme
from landmark_annotator.projects.vocabulary import Box, Provenance, RegionMask, Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError
from landmark_annotator.projects.vocabulary.own_boxes import is_whole

_BROUGHT = (ActionKind.IMPORT, ActionKind.BOXES, ActionKind.FIND, ActionKind.TAKE_BACK)


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
    masks: Mapping[str, RegionMask],
    who: str,
    at: datetime | None,
    started: bool,
    file: int | None,
) -> int:
    """Returns the id. A complete shape is accepted at once, unless it is said to be started, which
    it then stays. What comes with a shape or masks is
    journalled as an import, which undo leaves alone."""
    stored = StoredInstance(box, False, {})
    if shape is not None:
        edits.check_fits(shape, len(scheme))
        rows = edits.rows_of(scheme, shape, who, Provenance.IMPORTED)
        stored = StoredInstance(box, _accepted(shape, started=started), rows)
    stored = edits.masked(stored, scheme, masks, who)
    if track_id is not None:
        tracks.refuse_misplaced(connection, image_id, track_id, second_opinion_on)
    instance_id = instances.add_instance(
        connection, image_id, stored, source, second_opinion_on, track_id
    )
    if shape is None and not masks:
        return instance_id
    _journal_import(connection, instance_id, digest_to_json(stored, file), source, who, at)
    return instance_id


@dataclass(frozen=True)
class LabelledInstance:
    """From a file, with a shape of which something is known. source: unique in the image. at: when
    it was labelled; None is now. started: not accepted yet, even where it is complete."""

    image_id: int
    box: Box | None
    shape: Shape
    source: str
    who: str
    at: datetime | None = None
    started: bool = False


def add_labelled(
    connection: Connection,
    scheme: StoredScheme,
    brought: Sequence[LabelledInstance],
    file: int | None,
) -> list[int]:
    """As `add_instance` for each; returns the ids."""
    whole = []
    for one in brought:
        edits.check_fits(one.shape, len(scheme))
        rows = edits.rows_of(scheme, one.shape, one.who, Provenance.IMPORTED)
        accepted = _accepted(one.shape, started=one.started)
        whole.append((one.image_id, one.source, StoredInstance(one.box, accepted, rows)))
    ids = many_instances.add_instances(connection, whole)
    entries.append_imports(
        connection,
        (
            (one.who, one.at, one.source, instance_id, digest_to_json(stored, file))
            for instance_id, one, (_, _, stored) in zip(ids, brought, whole, strict=True)
        ),
    )
    return ids


def fill_instance(
    connection: Connection,
    scheme: StoredScheme,
    instance_id: int,
    box: Box | None,
    shape: Shape,
    *,
    source: str | None,
    masks: Mapping[str, RegionMask],
    who: str,
    at: datetime | None,
    started: bool,
    file: int | None,
) -> None:
    """What `add_instance` would store, into an instance of which nothing is known yet but a box:
    that it may fill its image, or `box` itself, if that came from a file. One that went with an
    import that was taken back counts again."""
    edits.check_fits(shape, len(scheme))
    before = _untouched(connection, instance_id, box)
    rows = edits.rows_of(scheme, shape, who, Provenance.IMPORTED)
    accepted = _accepted(shape, started=started)
    excluded = None if went_with_its_import(before.excluded) else before.excluded
    after = replace(before, box=box, accepted=accepted, landmarks=rows, excluded=excluded)
    after = edits.masked(after, scheme, masks, who)
    save(connection, instance_id, before, after)
    instance_sources.set_source(connection, instance_id, source)
    kept = digest_to_json(after, file, before)
    _journal_import(connection, instance_id, kept, source, who, at)


def bring_box(
    connection: Connection,
    instance_id: int,
    box: Box,
    *,
    source: str,
    title: str,
    who: str,
    at: datetime,
) -> Entry:
    """See `BringingIn.bring_box`."""
    _untouched(connection, instance_id)
    instance_sources.set_source(connection, instance_id, source)
    return _place(connection, instance_id, box, title, who, at)


def give_box(
    connection: Connection, instance_id: int, box: Box, *, title: str, who: str, at: datetime
) -> Entry:
    """See `BringingIn.give_box`."""
    if instances.load(connection, instance_id).box is not None:
        raise ProjectError(f"Instance {instance_id} has a box already.", kept="It stays as it is.")
    return _place(connection, instance_id, box, title, who, at)


def give_boxes(
    connection: Connection, boxes: Mapping[int, Box], *, title: str, who: str
) -> list[int]:
    """See `BringingIn.give_boxes`."""
    bare = [one.id for one in instances.some(connection, list(boxes)) if one.box is None]
    given = {number: boxes[number] for number in bare}
    act_on_all(connection, given, edits.with_box, kind=ActionKind.BOXES, title=title, who=who)
    return bare


def _place(
    connection: Connection, instance_id: int, box: Box, title: str, who: str, at: datetime
) -> Entry:
    place = partial(edits.with_box, box=box)
    return act(connection, instance_id, place, kind=ActionKind.BOXES, title=title, who=who, at=at)


def _accepted(shape: Shape, *, started: bool) -> bool:
    return not started and bool(edits.finished(shape).all())


def _untouched(connection: Connection, instance_id: int, box: Box | None = None) -> StoredInstance:
    """Raises ProjectError where more is known of it than that it may fill its image, or than this
    box, which nobody has drawn here: the journal's steps could not be turned back any more."""
    found = instances.load(connection, instance_id)
    drawn = found.box is not None and not _is_whole(connection, instance_id, found.box)
    if drawn and found.box == box:
        drawn = not only_brought(connection, instance_id)
    if found.state is not InstanceState.UNTOUCHED or drawn:
        raise ProjectError(
            f"Instance {instance_id} has a box or labels already.",
            kept="It stays as it is.",
            remedy="A script labels it with Project.accept, or Project.reshape where landmarks are"
            " missing.",
        )
    return found


def only_brought(connection: Connection, instance_id: int) -> bool:
    """Whether no person has done anything here to the instance that was not undone: all that it is
    came from files, with its frame, or from a model that found it."""
    about = list(entries.entries(connection, instance_id))
    return all(e.kind in _BROUGHT for e in entries.standing(reversed(about)))


def _is_whole(connection: Connection, instance_id: int, box: Box) -> bool:
    image = instances.instance(connection, instance_id).image_id
    return is_whole(box, *images.size(connection, image))


def _journal_import(
    connection: Connection,
    instance_id: int,
    kept: str,
    source: str | None,
    who: str,
    at: datetime | None,
) -> None:
    """kept: of `digest_to_json`. at: when it was labelled; None is now."""
    entries.append(
        connection,
        who=who,
        kind=ActionKind.IMPORT,
        title=entries.import_title(source),
        instance_id=instance_id,
        imported=kept,
        at=at,
    )
