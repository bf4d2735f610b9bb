"""The name that stands for a folder of numbered images: FOLDER/img_%04d.png, and which they are."""

import re
from collections import defaultdict
from pathlib import Path

from landmark_annotator.projects.vocabulary.errors import ImageError

_PLACE = re.compile(r"%(?:0\d+)?d")
_SUFFIXES = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
_NUMBERED = re.compile(r"(.*?)(\d+)", re.DOTALL)
_FEWEST = 2


def is_numbered(path: Path) -> bool:
    """Whether it stands for many; by its name alone."""
    return path.suffix.lower() in _SUFFIXES and _PLACE.search(path.name) is not None


def video_name(path: Path) -> str:
    """What people call a video: its file's name, or that of the folder of numbered images."""
    return path.parent.name if is_numbered(path) else path.name


def numbered_files(path: Path) -> list[Path]:
    """In the order of their numbers; none where there is no such folder."""
    before, after = _PLACE.split(path.name, maxsplit=1)
    fits = re.compile(re.escape(before) + r"(\d+)" + re.escape(after))
    try:
        names = [file.name for file in path.parent.iterdir()]
    except OSError:
        return []
    found = ((fits.fullmatch(name), name) for name in names)
    ordered = sorted((int(match[1]), name) for match, name in found if match is not None)
    return [path.with_name(name) for _, name in ordered]


def video_at(path: Path) -> Path:
    """The path itself; of a folder, what stands for the numbered images in it. Raises ImageError
    where there are none."""
    return numbered_images(path) if path.is_dir() else path


def numbered_images(folder: Path) -> Path:
    """What stands for the images in the folder: those that differ in their last number alone, of
    several such rows the longest. Raises ImageError where there is none."""
    rows = defaultdict[tuple[str, str], list[str]](list)
    for file in sorted(folder.iterdir()):
        match = _NUMBERED.fullmatch(file.stem)
        if match is not None and file.suffix.lower() in _SUFFIXES:
            rows[match[1], file.suffix].append(match[2])
    if not rows or max(map(len, rows.values())) < _FEWEST:
        raise ImageError(
            f"{folder} holds no numbered images.",
            remedy="Their names differ in a number at the end: img_0001.png, img_0002.png.",
        )
    (before, suffix), numbers = max(rows.items(), key=lambda row: len(row[1]))
    widths = {len(number) for number in numbers}
    padded = len(widths) == 1 and any(number.startswith("0") for number in numbers)
    return folder / f"{before}{f'%0{widths.pop()}d' if padded else '%d'}{suffix}"
