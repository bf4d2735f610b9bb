"""Images without labels: each is one instance of which nothing is known yet."""

from pathlib import Path

from projects.exchange.codecs.common.entries import Contents, ImportedInstance
from projects.exchange.codecs.common.files import files_below
from projects.images import IMAGE_SUFFIXES
from projects.vocabulary import Scheme, Shape
from projects.vocabulary.errors import FormatError


def sniff(source: Path) -> bool:
    files = files_below(source)[0] if source.is_dir() else [source]
    return any(_is_image(file) for file in files)


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """An image, or all in a folder and its subfolders in the order of their paths."""
    if annotator is not None or images is not None:
        raise FormatError("A folder of images has no annotator and needs no folder of images.")
    files, unreadable = files_below(source) if source.is_dir() else ([source], [])
    empty = Shape.unknown(len(scheme))
    found = [
        ImportedInstance(file, empty, None, f"{file.name}#0") for file in files if _is_image(file)
    ]
    return Contents(found, unreadable)


def _is_image(file: Path) -> bool:
    return file.suffix.lower() in IMAGE_SUFFIXES
