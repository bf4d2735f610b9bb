"""An image file elsewhere: at an address, with a copy in the cache of this machine."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote

from landmark_annotator.projects.images.decoding import read_pixels
from landmark_annotator.projects.images.facts import ImageFacts, examine, sha256_of
from landmark_annotator.projects.remote import fetching
from landmark_annotator.projects.video import is_video
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError

T = TypeVar("T")
_ATTEMPTS = 3
"""Other processes may take the copy away between fetching and reading it."""


@dataclass(frozen=True)
class Elsewhere:
    """A still at an address. labelled: the hash of what was labelled in it; another content is
    refused. All that reads it fetches it where the cache has no copy, and raises ImageError as
    `fetching.fetched` does."""

    address: str
    labelled: str | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        name = self.address.rpartition("/")[2]
        return name if self.address.startswith(("s3:", "sftp:")) else unquote(name)

    @property
    def file(self) -> Path | None:
        return None

    def is_there(self) -> bool:
        """Nobody is asked: that its server is away says nothing of the image."""
        return True

    def pixels(self) -> Pixels:
        return self._read(read_pixels)

    def facts(self) -> ImageFacts:
        """Of what is there now, fetched anew."""
        return replace(self, labelled=None)._read(examine)

    def sha256(self) -> str:
        """Of what is there now, fetched anew."""
        return replace(self, labelled=None)._read(sha256_of)

    def stamp(self) -> str:
        """What its server says of it, without downloading it."""
        return fetching.stamp(self.address)

    def _read(self, read: Callable[[Path], T]) -> T:
        attempt = 1
        while True:
            path = fetching.fetched(self.address, self.labelled)
            try:
                return read(path)
            except ImageError as error:
                if path.is_file() or attempt == _ATTEMPTS:
                    raise told_of(error, path, self.address) from error
            attempt += 1


def refuse_video(address: str) -> None:
    """By its name alone, before its server is asked. Raises ImageError."""
    if is_video(Path(address)):
        raise ImageError(
            f"{address} is a video, and videos have to be files of this machine.",
            kept="Nothing was changed.",
            remedy="Download it, and add frames of the file: annotator frames PROJECT FILE "
            "--count 40 --different.",
        )


def told_of(error: ImageError, path: Path, address: str) -> ImageError:
    """What is said of a copy, said of what it is a copy of."""
    said = (text.replace(str(path), address) for text in (error.happened, error.kept))
    happened, kept = said
    return ImageError(happened, kept=kept, remedy=error.remedy.replace(str(path), address))
