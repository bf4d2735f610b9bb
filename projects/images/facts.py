"""What a project remembers of an image file."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from landmark_annotator.projects.images.decoding import opened, pixel_size, read_pixels


@dataclass(frozen=True)
class ImageFacts:
    """width and height in pixels of the upright image; sha256 of the file's bytes, in hex;
    mm_per_pixel: what a pixel measures, where the file says so."""

    width: int
    height: int
    sha256: str
    mm_per_pixel: float | None = None


def examine(path: Path | str) -> ImageFacts:
    """Decodes the whole image once, so a file that passes here can be labelled.

    Raises ImageError where `read_pixels` would.
    """
    path = Path(path)
    height, width = read_pixels(path).shape[:2]
    return ImageFacts(width, height, sha256_of(path), pixel_size(path))


def sha256_of(path: Path) -> str:
    """The hash that names an image in a project, without decoding it.

    Raises ImageError where the file cannot be read.
    """
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
