"""Whether images still hold what was labelled: by size and time first, then by their content.

What was read once and not touched since is not read again: beside the project a small file keeps
size and time of every file whose content was compared, and of images elsewhere what their server
said of them. It can be deleted at any time.
"""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from landmark_annotator.projects.images.elsewhere import Elsewhere
from landmark_annotator.projects.images.facts import sha256_of
from landmark_annotator.projects.remote import address_of, fetching
from landmark_annotator.projects.vocabulary.errors import ImageError, SourceAway

REMEMBERED = "compared_images.json"


class State(StrEnum):
    SAME = "same"
    MISSING = "missing"
    """Not where it was."""
    CHANGED = "another content than was labelled"
    UNREADABLE = "it cannot be read"
    AWAY = "its source cannot be asked"


class Recorded(Protocol):
    @property
    def path(self) -> Path: ...

    @property
    def sha256(self) -> str: ...


class Comparison:
    """Of the images of the project in this folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / REMEMBERED
        self._known: dict[str, list[Any]] = _read(self._file)
        self._new = False

    def state(self, image: Recorded) -> State:
        """Reads the file only where its size or time is another than when it was compared, and
        fetches an image elsewhere only where its server says something else of it."""
        if (address := address_of(image.path)) is not None:
            return self._elsewhere(address, image.sha256)
        try:
            found = image.path.stat()
        except OSError:
            return State.MISSING
        stamp = [found.st_size, found.st_mtime_ns, image.sha256]
        if self._known.get(str(image.path)) == stamp:
            return State.SAME
        try:
            same = sha256_of(image.path) == image.sha256
        except ImageError:
            return State.UNREADABLE
        if not same:
            return State.CHANGED
        self._known[str(image.path)] = stamp
        self._new = True
        return State.SAME

    def _elsewhere(self, address: str, sha256: str) -> State:
        try:
            stamp = fetching.stamp(address)
            if self.hashes(address, stamp) == [sha256]:
                return State.SAME
            same = Elsewhere(address).sha256() == sha256
        except SourceAway:
            return State.AWAY
        except ImageError:
            return State.MISSING
        if not same:
            return State.CHANGED
        self.note(address, sha256, stamp)
        return State.SAME

    def hashes(self, address: str, stamp: str) -> list[str]:
        """The hash of its content where its server says of it what it said when that was compared;
        else none."""
        known = self._known.get(address, [])
        same = len(known) == 2 and not fetching.differs(str(known[0]), stamp)
        return [str(known[1])] if same else []

    def note(self, address: str, sha256: str, stamp: str) -> None:
        """What its server says of it, whose content this is."""
        self._known[address] = [stamp, sha256]
        self._new = True

    def remember(self, write: Callable[[Path, str], object]) -> None:
        """write: replaces a file's text as a whole. Where it cannot, the next one reads again."""
        if self._new and os.access(self._file.parent, os.W_OK):
            with suppress(OSError):
                write(self._file, json.dumps(self._known))
            self._new = False


def _read(file: Path) -> dict[str, list[Any]]:
    """What is damaged is as if it were not there."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
