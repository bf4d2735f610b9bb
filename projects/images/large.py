"""Images that do not fit into memory: decoded once, piece by piece, into a file that is mapped.

libvips reads tiles where the format has them, and rows where not.
"""

import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError

MAX_PIXELS = 4_000_000_000
"""Larger images are refused: decoded they would fill 12 GB of the disk."""
_ROWS = 512
"""That are decoded at a time."""
_BACKGROUND = 128
"""Under what is transparent, as of other images."""


def large_pixels(path: Path, page: int | None = None) -> Pixels:
    """(height, width, 3) RGB, upright, as of `read_pixels`, of an image of any size up to
    MAX_PIXELS. The array is mapped from a file without a name, which goes with it.

    Raises ImageError where libvips is not installed, the disk has no room, or the file is damaged.
    """
    facts = path.stat()
    return _mapped(path, page, facts.st_size, facts.st_mtime_ns)


# The window, the models and the thumbnails ask for the same image one after the other.
@lru_cache(maxsize=1)
def _mapped(path: Path, page: int | None, _size: int, _changed: int) -> Pixels:
    vips = _libvips(path)
    try:
        image = _upright_rgb(vips, path, page)
        width, height = int(image.width), int(image.height)
        _refuse_full_disk(path, width * height * 3)
        with tempfile.TemporaryFile() as file:
            for top in range(0, height, _ROWS):
                rows = image.crop(0, top, width, min(_ROWS, height - top))
                file.write(rows.write_to_memory())
            file.flush()
            return np.memmap(file, np.uint8, "r", shape=(height, width, 3))
    except vips.Error as error:
        raise ImageError(
            f"The image {path} is damaged or cut short: {str(error).strip()}.",
            remedy="Copy the file again.",
        ) from error


def _upright_rgb(vips: Any, path: Path, page: int | None) -> Any:
    """Lazy, 8 bits a colour."""
    options: dict[str, Any] = {} if page is None else {"page": page}
    # revalidate: libvips remembers files by their names alone.
    options |= {"fail_on": "truncated", "revalidate": True}
    image = vips.Image.new_from_file(str(path), **options).autorot()
    if image.format != "uchar":
        # The range of the values themselves, as of smaller images.
        low, high = image.min(), image.max()
        image = ((image - low) * (255 / max(high - low, 1e-12)) + 0.5).cast("uchar")
        image = image.copy(interpretation="srgb" if image.bands > 2 else "b-w")
    image = image.colourspace("srgb")
    return image.flatten(background=[_BACKGROUND] * 3) if image.hasalpha() else image


def _libvips(path: Path) -> Any:
    try:
        import pyvips
    except ImportError as error:
        raise ImageError(
            f"The image {path} is too large to be held in memory.",
            remedy="Install what reads such images in pieces: pip install "
            "'landmark-annotator[large]'. Or scale it down, or cut out the part that holds the "
            "object.",
        ) from error
    pyvips.block_untrusted_set(True)
    return pyvips


def _refuse_full_disk(path: Path, size: int) -> None:
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if free < size:
        raise ImageError(
            f"Decoded, the image {path} needs {size / 1e9:.1f} GB in {folder}, where "
            f"{free / 1e9:.1f} GB are free.",
            remedy="Make room there, or name another folder in the environment variable TMPDIR.",
        )
