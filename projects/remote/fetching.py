"""From an address to a file of this machine: once, and whole, or not at all."""

import hashlib
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from landmark_annotator.projects.remote import cache, filesystems, settings
from landmark_annotator.projects.remote.addresses import place_of, source_name
from landmark_annotator.projects.remote.troubles import trouble, who_are_you
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    ImageError,
    NotConfirmed,
    SourceAway,
)

T = TypeVar("T")


@dataclass
class Patience:
    """attempts: in all. pause_s: before the second one, twice as long before each later one.
    total_s: for one image, all attempts together. away_s: for how long a source that cannot be
    reached is not asked again."""

    attempts: int = 4
    pause_s: float = 0.5
    total_s: float = 120.0
    away_s: float = 15.0


PATIENCE = Patience()
_MAX_BYTES = 20_000_000_000
_PIECE = 1 << 18
_one_at_a_time: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
_away: dict[str, tuple[float, ImageError]] = {}


def fetched(address: str, sha256: str | None = None) -> Path:
    """The file that holds it: a copy from the cache where that has it, else fetched now.

    sha256: of its content; None: whatever is there now. Raises ImageError where it cannot be
    fetched or holds something else, SourceAway where nothing of its source can, NotConfirmed,
    MissingPackage, DiskFull.
    """
    place = place_of(address)
    with _one_at_a_time[address]:
        if sha256 is not None and is_kept(address, sha256):
            cache.used(place)
            return place
        confirm(address)
        with cache.unfinished() as file:
            _tried(address, lambda end: _download(address, file, sha256, end))
            cache.put(file, place)
    return place


def is_kept(address: str, sha256: str) -> bool:
    """Whether its copy is in the cache. What a disk has spoiled is not."""
    try:
        with place_of(address).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def stamp(address: str) -> str:
    """What its server says of the content that is there now: its size, its ETag, when it changed.
    Nothing is downloaded. Raises as `fetched` does."""
    confirm(address)
    facts = _tried(address, lambda _: _facts(address))
    said = {
        "size": facts.get("size"),
        "etag": facts.get("ETag"),
        "modified": facts.get("LastModified") or facts.get("Last-Modified") or facts.get("mtime"),
    }
    return json.dumps({name: str(value) for name, value in said.items() if value is not None})


def differs(stamp: str, other: str) -> bool:
    """Whether two stamps are of different contents, as far as they say."""
    try:
        one, two = dict(json.loads(stamp)), dict(json.loads(other))
    except (ValueError, TypeError):
        return True
    both = [name for name in ("etag", "size", "modified") if name in one and name in two]
    if "etag" in both:
        return bool(one["etag"] != two["etag"])
    return not both or any(one[name] != two[name] for name in both)


def confirm(address: str) -> None:
    """Raises NotConfirmed where nobody has said on this machine that its source may be asked."""
    source = source_name(address)
    if source not in settings.allowed():
        raise NotConfirmed(
            f"Images of {source} are not fetched: nobody has confirmed that source on this "
            "machine yet.",
            kept="Nothing was fetched.",
            remedy=f"{settings.to_allow(source)}.",
        )


def asked(address: str, ask: Callable[[filesystems.Opened], T]) -> T:
    """What its file system answers, with attempts and failures as of `fetched`."""
    confirm(address)

    def once(_: float) -> T:
        opened = filesystems.opened(address)
        if opened.one is None:
            return ask(opened)
        with opened.one:
            return ask(opened)

    return _tried(address, once)


def forget_failures() -> None:
    """Sources that could not be reached are asked again."""
    _away.clear()


def _tried(address: str, once: Callable[[float], T]) -> T:
    """once: gets the time at which it has to end."""
    source = source_name(address)
    until, reason = _away.get(source, (0.0, None))
    if reason is not None and time.monotonic() < until:
        raise reason
    end = time.monotonic() + PATIENCE.total_s
    pause, attempt = PATIENCE.pause_s, 1
    while True:
        try:
            answer = once(end)
        except ActionableError as error:
            raised: ActionableError = error
            again = isinstance(error, _OtherContent)
        except Exception as error:  # noqa: BLE001 - libraries raise nearly everything
            found = trouble(error, address)
            if found.nobody and filesystems.ask_as_anybody(address):
                continue  # a public bucket answers
            if found.forbidden and filesystems.asked_as_anybody(address):
                found = who_are_you("s3")
            filesystems.forget(address)
            raised, again = found.error(address), found.again
            raised.__cause__ = error
        else:
            _away.pop(source, None)
            return answer
        last = attempt >= (2 if isinstance(raised, _OtherContent) else PATIENCE.attempts)
        if not again or last or time.monotonic() + pause > end:
            if isinstance(raised, SourceAway):
                _away[source] = time.monotonic() + PATIENCE.away_s, raised
            raise raised
        time.sleep(pause)
        pause, attempt = pause * 2, attempt + 1


class _OtherContent(ImageError):
    """It may have been spoiled on the way: it is fetched once more."""


def _facts(address: str) -> dict[str, Any]:
    opened = filesystems.opened(address)
    if opened.one is None:
        found = opened.system.info(opened.path)
    else:
        with opened.one:
            found = opened.system.info(opened.path)
    if found.get("type") == "directory":
        raise IsADirectoryError(address)
    return dict(found)


def _download(address: str, file: Path, sha256: str | None, end: float) -> None:
    opened = filesystems.opened(address)
    if opened.one is None:
        _stream(opened, file, end)
    else:
        with opened.one:
            _read(opened, file, end)
    if sha256 is None:
        return
    with file.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != sha256:
        raise _OtherContent(
            f"The image {address} is not the one that was added: its content has changed.",
            kept="What was labelled in it is kept as it was, for the image as it was.",
            remedy="Ask whoever keeps the images to put the original back, or exclude the image "
            "and add the new one under another name.",
        )


class _Watch:
    """Ends what takes too long, or never ends."""

    def __init__(self, end: float) -> None:
        self.end, self.come = end, 0
        self.most = min(settings.cache_limit(), _MAX_BYTES)

    def came(self, size: int) -> None:
        self.come += size
        if time.monotonic() > self.end:
            raise TimeoutError
        if self.come > self.most:
            cache.make_room(self.come)  # which says that it does not fit
            raise ImageError(
                "It is larger than any image.", kept="Nothing was kept.", remedy="Scale it down."
            )


def _stream(opened: filesystems.Opened, file: Path, end: float) -> None:
    from fsspec.callbacks import Callback

    watch = _Watch(end)

    class Watching(Callback):  # type: ignore[misc]
        def relative_update(self, inc: int = 1) -> None:
            watch.came(inc)

    opened.system.get_file(opened.path, str(file), callback=Watching())


def _read(opened: filesystems.Opened, file: Path, end: float) -> None:
    watch = _Watch(end)
    with opened.system.ftp.open(opened.path, "rb") as there, file.open("wb") as here:
        there.prefetch()
        while piece := there.read(_PIECE):
            watch.came(len(piece))
            here.write(piece)
