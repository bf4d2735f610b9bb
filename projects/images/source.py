"""A photograph as a thing that is opened, whatever it is stored as.

Today that is a file of its own, a `Still`. A frame of a video, a page of a TIFF or an image in a
bucket is one more class here that `source_of` gives; who asks for pixels does not change.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from projects.images.decoding import read_pixels
from projects.images.facts import ImageFacts, examine, sha256_of
from projects.vocabulary.arrays import Pixels
from projects.vocabulary.errors import ImageError


class Source(Protocol):
    """A small value that can be pickled: worker processes open it themselves.

    What opens it raises ImageError where there is no image, or a damaged one.
    """

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def file(self) -> Path | None:
        """The file that holds this image alone, for programs that read files; else None."""
        ...

    def is_there(self) -> bool:
        """Whether there is something to open; asks no more than that."""
        ...

    def pixels(self) -> Pixels:
        """(height, width, 3) RGB, upright; see `read_pixels`."""
        ...

    def facts(self) -> ImageFacts:
        """What a project remembers of it. Decodes it once."""
        ...

    def sha256(self) -> str:
        """The hash of its content, without decoding it."""
        ...


@dataclass(frozen=True)
class Still:
    """An image file."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def file(self) -> Path | None:
        return self.path

    def is_there(self) -> bool:
        return self.path.is_file()

    def pixels(self) -> Pixels:
        return read_pixels(self.path)

    def facts(self) -> ImageFacts:
        return examine(self.path)

    def sha256(self) -> str:
        return sha256_of(self.path)


class Recorded(Protocol):
    """How a project records an image. frame: of a video, None for a still."""

    @property
    def path(self) -> Path: ...

    @property
    def frame(self) -> int | None: ...


def source_of(image: Recorded) -> Source:
    """Raises ImageError for what this version cannot open."""
    if image.frame is not None:
        raise ImageError(
            f"Frame {image.frame} of {image.path} cannot be opened: this version reads no videos.",
            remedy="Update this program: pip install --upgrade landmark-annotator.",
        )
    return Still(image.path)


def pixels_of(image: Recorded) -> Pixels:
    """(height, width, 3) RGB, upright. Raises ImageError where it cannot be opened."""
    return source_of(image).pixels()
