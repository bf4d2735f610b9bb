"""Images without labels: each is one instance of which nothing is known yet."""

from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.entries import (
    Contents,
    ImportedInstance,
    Unreadable,
)
from landmark_annotator.projects.exchange.codecs.common.files import files_below, refuse_missing
from landmark_annotator.projects.images import IMAGE_SUFFIXES, upright_size
from landmark_annotator.projects.images.elsewhere import refuse_video
from landmark_annotator.projects.remote import address_of, place_of
from landmark_annotator.projects.remote.listing import named_by
from landmark_annotator.projects.vocabulary import Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError, ImageError

_OTHER_KINDS = frozenset(
    {".heic", ".heif", ".avif", ".jxl", ".svg", ".psd", ".dng", ".cr2", ".cr3"}
    | {".nef", ".nrw", ".arw", ".orf", ".rw2", ".raf", ".pef"}
)
"""Suffixes of pictures that are not read."""


def sniff(source: Path) -> bool:
    files = files_below(source)[0] if source.is_dir() else [source]
    return any(_is_image(file) for file in files)


def read(
    source: Path, scheme: Scheme, *, images: Path | None = None, annotator: str | None = None
) -> Contents:
    """An image, or all in a folder and its subfolders in the order of their paths.

    What is a picture by its suffix or content, but of no kind or name that is read, is among what
    was left out; other files are not.
    """
    if annotator is not None or images is not None:
        raise FormatError("A folder of images has no annotator and needs no folder of images.")
    address = address_of(source)
    if address is not None:
        return _elsewhere(address, scheme)
    refuse_missing(source)
    files, unreadable = files_below(source) if source.is_dir() else ([source], [])
    empty = Shape.unknown(len(scheme))
    found = [
        ImportedInstance(file, empty, None, f"{file.name}#0") for file in files if _is_image(file)
    ]
    others = ((file, _why_not(file)) for file in files if not _is_image(file))
    return Contents(found, unreadable + [Unreadable(file, why) for file, why in others if why])


def _elsewhere(address: str, scheme: Scheme) -> Contents:
    """One that is named by itself is an image, whatever its name ends in."""
    refuse_video(address)
    named = named_by(address)
    files = [place_of(one) for one in named if named == [address] or _is_image(place_of(one))]
    empty = Shape.unknown(len(scheme))
    found = [ImportedInstance(file, empty, None, f"{file.name}#0") for file in files]
    others = [place_of(one) for one in named if place_of(one).suffix.lower() in _OTHER_KINDS]
    return Contents(found, [Unreadable(file, _why_not(file)) for file in others])


def _is_image(file: Path) -> bool:
    return file.suffix.lower() in IMAGE_SUFFIXES


def _why_not(file: Path) -> str:
    """Why a picture is none of those that are read; "" where it is no picture."""
    suffix = file.suffix.lower()
    if suffix in _OTHER_KINDS:
        return f"Pictures of the kind {suffix} are not read: convert it to JPEG or PNG."
    try:
        upright_size(file)
    except ImageError:
        return ""
    named = f"its name ends in {suffix}" if suffix else "its name has no ending"
    return f"It holds an image, but {named}: rename it, for example to {file.stem}.jpg."
