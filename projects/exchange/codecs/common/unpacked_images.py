"""Images that a label file holds, as files: a project names files.

They are put beside the label file, into NAME-images, or into the folder that a person has named.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from landmark_annotator.projects.exchange.codecs.common.files import make_folder, replace_file
from landmark_annotator.projects.exchange.codecs.common.staging import inside
from landmark_annotator.projects.images import IMAGE_SUFFIXES
from landmark_annotator.projects.vocabulary.errors import FormatError

MOST_BYTES = 1_000_000_000
"""Of one image."""
_BEGINNINGS = {
    b"\xff\xd8\xff": ".jpg",
    b"\x89PNG": ".png",
    b"II*\0": ".tif",
    b"MM\0*": ".tif",
    b"BM": ".bmp",
    b"GIF8": ".gif",
}
_DRIVE = re.compile("[a-z]:", re.ASCII | re.IGNORECASE)
_LOOKED_AT: ContextVar[Path | None] = ContextVar("looked_at", default=None)
"""Of this thread: the folder that images are put into while somebody only looks what would come."""


@contextmanager
def for_a_look() -> Iterator[None]:
    """Inside it images are put into a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="landmark-look-", ignore_cleanup_errors=True) as place:
        token = _LOOKED_AT.set(Path(place))
        try:
            yield
        finally:
            _LOOKED_AT.reset(token)


class UnpackedImages:
    """images: the folder that a person has named; None: one beside the label file."""

    def __init__(self, source: Path, images: Path | None) -> None:
        home = images or source.with_name(f"{source.name.split('.')[0] or source.name}-images")
        self._folder = _LOOKED_AT.get() or home

    def put(self, name: str, content: bytes) -> Path:
        """Where the image of that name is now. A file that is there with other bytes is left alone,
        and the image gets a number. Raises FormatError where the name is none in the folder or no
        image's, DiskFull."""
        wanted = _plain(name, content)
        place, number = inside(self._folder, wanted), 2
        while (there := _holding(place, content)) is False:
            place = place.with_name(f"{Path(wanted.name).stem}-{number}{wanted.suffix}")
            number += 1
        if there is None:
            make_folder(place.parent)
            replace_file(place, content)
        return place


def _plain(name: str, content: bytes) -> PurePosixPath:
    """The name with the ending of an image. Raises FormatError."""
    path = PurePosixPath(name.replace("\\", "/"))
    parts = path.parts
    odd = any(part == ".." or "\0" in part or _is_drive(part) for part in parts)
    if not path.name or path.is_absolute() or odd or len(name) > 1000:
        raise FormatError(f"{name[:100]!a} is no name of an image below a folder.")
    if path.suffix.lower() in IMAGE_SUFFIXES:
        return path
    ending = next((e for start, e in _BEGINNINGS.items() if content.startswith(start)), None)
    if content[8:12] == b"WEBP":
        ending = ".webp"
    if ending is None:
        raise FormatError(f"{name[:100]!a} holds no image of a known kind.")
    return path.with_name(path.name + ending)


def _is_drive(part: str) -> bool:
    """Or whatever else a colon begins on Windows; elsewhere times have them, as 12:30:05.png."""
    return ":" in part if os.name == "nt" else _DRIVE.match(part) is not None


def _holding(place: Path, content: bytes) -> bool | None:
    """Whether the file has these bytes; None where there is none."""
    if not place.exists() and not place.is_symlink():
        return None
    try:
        same = place.is_file() and place.stat().st_size == len(content)
        return same and place.read_bytes() == content
    except OSError:
        return False
