"""Who is who in a video: tracks come, go and change their instances. Inside the caller's
transaction; each action is one entry of the journal, however many instances it is about."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import count

from sqlalchemy import Connection, select

from landmark_annotator.projects.store.journal import entries, track_json
from landmark_annotator.projects.store.journal.track_json import TrackChange
from landmark_annotator.projects.store.people.roles import role_of
from landmark_annotator.projects.store.rows import instances, tracks
from landmark_annotator.projects.store.rows.records import ActionKind, Entry
from landmark_annotator.projects.store.schema.tables import JournalTable
from landmark_annotator.projects.vocabulary.errors import ProjectError
from landmark_annotator.projects.vocabulary.track import Track
from landmark_annotator.projects.vocabulary.wording import counted, first_few

_AS_IT_WAS = "All tracks stay as they are."
_NAMED = 3
"""Frames that a message names."""


def add(
    connection: Connection, video_id: int, name: str, instance_ids: Collection[int], who: str
) -> int:
    """Returns the id. Its instances, of whatever track they were, are of this one."""
    name = _free_name(connection, video_id, name)
    track_id = tracks.insert_track(connection, video_id, None)
    _refuse_other_video(connection, instance_ids, Track(track_id, video_id, name))
    own = dict.fromkeys(instance_ids, track_id)
    _act(connection, f"new track {name}", who, {track_id: name}, own)
    return track_id


def named(connection: Connection, video_id: int, name: str) -> Track:
    there = {each.name: each for each in tracks.tracks(connection, video_id)}
    if name.strip() in there:
        return there[name.strip()]
    name = _free_name(connection, video_id, name)
    return tracks.track(connection, tracks.insert_track(connection, video_id, name))


def rename(connection: Connection, track_id: int, name: str, who: str) -> Entry:
    known = tracks.track(connection, track_id)
    name = _free_name(connection, known.video_id, name, but_for=track_id)
    return _act(connection, f"renaming of {known.name} to {name}", who, names={track_id: name})


def remove(connection: Connection, track_id: int, who: str) -> Entry:
    known = tracks.track(connection, track_id)
    was = dict.fromkeys(tracks.ids_of(connection, track_id), track_id)
    title, left = f"deletion of track {known.name}", dict.fromkeys(was)
    return _act(connection, title, who, {track_id: None}, left, was)


def assign(
    connection: Connection, instance_ids: Collection[int], track_id: int | None, who: str
) -> Entry:
    objects = counted(len(instance_ids), "object")
    if track_id is None:
        return _act(
            connection, f"taking {objects} off the track", who, {}, dict.fromkeys(instance_ids)
        )
    known = tracks.track(connection, track_id)
    _refuse_other_video(connection, instance_ids, known)
    now = dict.fromkeys(instance_ids, track_id)
    return _act(connection, f"giving {objects} to {known.name}", who, {}, now)


def gather(
    connection: Connection,
    video_id: int,
    objects: Mapping[str, Collection[int]],
    title: str,
    who: str,
    at: datetime | None,
) -> Entry:
    there = {each.name: each.id for each in tracks.tracks(connection, video_id)}
    new: dict[int, str | None] = {}
    now: dict[int, int | None] = {}
    for name, instance_ids in objects.items():
        if name not in there:
            free = _free_name(connection, video_id, name)
            there[name] = tracks.insert_track(connection, video_id, None)
            new[there[name]] = free
        _refuse_other_video(connection, instance_ids, Track(there[name], video_id, name))
        now |= dict.fromkeys(instance_ids, there[name])
    given = f"giving {counted(len(now), 'object')} to {counted(len(objects), 'track')}"
    return _act(connection, title or given, who, new, now, at=at)


def swap(
    connection: Connection, one: int, other: int, first: int, last: int | None, who: str
) -> Entry:
    these, those = _of_one_video(connection, one, other)
    was: dict[int, int | None] = {}
    for track_id in (one, other):
        was |= dict.fromkeys(tracks.ids_of(connection, track_id, first, last), track_id)
    now = {i: other if track_id == one else one for i, track_id in was.items()}
    inside = f"in frame {first}" if first == last else f"in frames {first} to {last}"
    where = f"from frame {first} on" if last is None else inside
    if not now:
        raise ProjectError(
            f"Neither track has an object {where}.",
            kept=_AS_IT_WAS,
            remedy="Swap them where one of them has one.",
        )
    return _act(connection, f"swap of {these.name} and {those.name} {where}", who, {}, now, was)


def join(connection: Connection, kept: int, gone: int, who: str) -> Entry:
    these, those = _of_one_video(connection, kept, gone)
    was = dict.fromkeys(tracks.ids_of(connection, gone), gone)
    title = f"joining of {those.name} to {these.name}"
    return _act(connection, title, who, {gone: None}, dict.fromkeys(was, kept), was)


def cut(connection: Connection, track_id: int, frame: int, name: str | None, who: str) -> int:
    """Returns the id of the track from the frame on."""
    known = tracks.track(connection, track_id)
    later = tracks.ids_of(connection, track_id, frame)
    if not later or len(later) == len(tracks.ids_of(connection, track_id)):
        raise ProjectError(
            f"Track {known.name} has no objects on both sides of frame {frame}.",
            kept=_AS_IT_WAS,
            remedy="Cut it in a later frame than that of its first object, and not after its last.",
        )
    given = {each.name for each in tracks.tracks(connection, known.video_id)}
    name = _free_name(connection, known.video_id, name or _next_name(known.name, given))
    new = tracks.insert_track(connection, known.video_id, None)
    title = f"cut of {known.name} at frame {frame}"
    was = dict.fromkeys(later, track_id)
    _act(connection, title, who, {new: name}, dict.fromkeys(later, new), was)
    return new


def _next_name(name: str, given: Collection[str]) -> str:
    """Of what was cut off a track of this name. A number has the next free one, as tracks that are
    followed have: what was cut off 1 as "1 2" reads as both, where a track 2 is there."""
    numbered = name.isascii() and name.isdigit()
    names = (str(n) if numbered else f"{name} {n}" for n in count(2))
    return next(free for free in names if free not in given)


def turn(connection: Connection, change: TrackChange) -> bool:
    """Write what is after the change, unless what is there is not what was before it."""
    now = tracks.assigned(connection, change.instances)
    if tracks.names(connection, change.names) != {i: old for i, (old, _) in change.names.items()}:
        return False
    if now != {i: old for i, (old, _) in change.instances.items()}:
        return False
    tracks.set_names(connection, {i: new for i, (_, new) in change.names.items()})
    tracks.assign(connection, {i: new for i, (_, new) in change.instances.items()})
    there = tracks.tracks(connection)
    if len({(each.video_id, each.name) for each in there}) < len(there):
        return False
    taken = {new for _, new in change.instances.values() if new is not None}
    if taken - {each.id for each in there} or tracks.doubled(connection, taken):
        return False
    return not any(
        new is None and tracks.ids_of(connection, i) for i, (_, new) in change.names.items()
    )


def given_over(connection: Connection) -> dict[int, int]:
    """By instance the last entry that stands, where it gave it from one track to another."""
    of_tracks = select(JournalTable.id).where(JournalTable.kind == ActionKind.TRACK.value)
    query = (
        select(JournalTable.id, JournalTable.kind, JournalTable.target, JournalTable.changes)
        .where(JournalTable.id.in_(of_tracks) | JournalTable.target.in_(of_tracks))
        .order_by(JournalTable.id.desc())
    )
    last: dict[int, int | None] = {}
    for step in entries.standing(connection.execute(query).all()):
        for instance_id, pair in track_json.from_json(step.changes or "").instances.items():
            last.setdefault(instance_id, None if None in pair else step.id)
    return {instance_id: step for instance_id, step in last.items() if step is not None}


def _act(
    connection: Connection,
    title: str,
    who: str,
    names: Mapping[int, str | None] | None = None,
    instances: Mapping[int, int | None] | None = None,
    was: Mapping[int, int | None] | None = None,
    at: datetime | None = None,
) -> Entry:
    """names, instances: what is to be; of what is so already nothing is recorded. was: which tracks
    the instances are of until now, where that has just been read."""
    role_of(connection, who)
    instances = instances or {}
    if was is None:
        instances = _with_first_ones(connection, instances)
    named = tracks.names(connection, names or {})
    before = tracks.assigned(connection, instances) if was is None else was
    for instance_id in instances:
        if instance_id not in before:
            raise ProjectError(f"The project has no instance {instance_id}.", kept=_AS_IT_WAS)
    change = TrackChange(
        {i: (named[i], name) for i, name in (names or {}).items() if named[i] != name},
        {i: (before[i], to) for i, to in instances.items() if before[i] != to},
    )
    tracks.set_names(connection, {i: new for i, (_, new) in change.names.items()})
    tracks.assign(connection, {i: new for i, (_, new) in change.instances.items()})
    _refuse_doubled(connection, {to for _, to in change.instances.values() if to is not None})
    return entries.append(
        connection,
        who=who,
        kind=ActionKind.TRACK,
        title=title,
        instance_id=None,
        of_tracks=change,
        at=at,
    )


def _with_first_ones(
    connection: Connection, instances: Mapping[int, int | None]
) -> dict[int, int | None]:
    """A label that stands is of the track of the one that gave way to it: that one goes with it."""
    gave_way = tracks.gave_way(connection, instances)
    return {gave_way[i]: to for i, to in instances.items() if i in gave_way} | dict(instances)


def _of_one_video(connection: Connection, one: int, other: int) -> tuple[Track, Track]:
    these, those = tracks.track(connection, one), tracks.track(connection, other)
    if one == other or these.video_id != those.video_id:
        raise ProjectError(
            f"{these.name} and {those.name} are not two tracks of one video.", kept=_AS_IT_WAS
        )
    return these, those


def _refuse_other_video(
    connection: Connection, instance_ids: Collection[int], track: Track
) -> None:
    elsewhere = tracks.videos_of(connection, instance_ids)
    if any(elsewhere.get(i) != track.video_id for i in instance_ids):
        raise ProjectError(
            f"Track {track.name} is of another video than what should belong to it.",
            kept=_AS_IT_WAS,
        )


def _free_name(connection: Connection, video_id: int, name: str, but_for: int | None = None) -> str:
    name = name.strip()
    if not name:
        raise ProjectError("A track needs a name.", kept=_AS_IT_WAS)
    there = tracks.tracks(connection, video_id)
    if any(each.name == name and each.id != but_for for each in there):
        raise ProjectError(
            f"The video has a track {name} already.",
            kept=_AS_IT_WAS,
            remedy="Give another name, or join the two tracks.",
        )
    return name


def refuse_doubled_in(
    connection: Connection, image_ids: Collection[int], instance_ids: Collection[int]
) -> None:
    """Raises ProjectError where a track has two objects in one of these images, or beside one of
    these instances, since what was left out counts again."""
    there = instances.some(connection, list(instance_ids), excluded=True)
    images = {*image_ids, *(each.image_id for each in there)}
    if frames := tracks.doubled_in(connection, images):
        raise ProjectError(
            _doubled_in_words(frames),
            kept="What was left out stays so.",
            remedy="Take the other object there off the track first.",
        )


def _refuse_doubled(connection: Connection, ids: Collection[int]) -> None:
    if frames := tracks.doubled(connection, ids):
        raise ProjectError(
            _doubled_in_words(frames),
            kept=_AS_IT_WAS,
            remedy="Swap the tracks there, or take one of the two objects off its track first.",
        )


def _doubled_in_words(frames: Sequence[int]) -> str:
    noun = "frame" if len(frames) == 1 else "frames"
    named = first_few([*map(str, frames)], _NAMED)
    return f"A track is one object, and would be two in {noun} {named}."
