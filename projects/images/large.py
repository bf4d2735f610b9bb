"""Images that do not fit into memory: decoded once, piece by piece, into a file that is mapped.

libvips reads tiles where the format has them, and rows where not.
"""

import shutil
import tempfile
import threading
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError

MAX_PIXELS = 4_000_000_000
"""Larger images are refused: decoded they would fill 12 GB of the disk."""
_BACKGROUND = 128
"""Under what is transparent, as of other images."""


def large_pixels(path: Path, page: int | None = None) -> Pixels:
    """(height, width, 3) RGB, upright, as of `read_pixels`, of an image of any size up to
    MAX_PIXELS. The array is mapped from a file without a name, which goes with it.

    Raises ImageError where libvips is not installed, the disk has no room, or the file is damaged.
    """
    facts = path.stat()
    with _reading:
        return _mapped(path, page, facts.st_size, facts.st_mtime_ns)


def share_read(path: Path, page: int | None = None) -> float | None:
    """How much of an image is decoded that is being decoded just now: 0 to 1. From any thread."""
    begun = _Begun.image
    return begun[2] if begun is not None and begun[:2] == (path, page) else None


def overview(path: Path, longest: int) -> Pixels:
    """As `large_pixels`, scaled down so that no side is longer than this many pixels. The image is
    not decoded into a file for it, unless somebody waits for that just now.

    Raises ImageError as `large_pixels` does.
    """
    vips = _libvips(path)
    try:
        if share_read(path) is None and vips.Image.new_from_file(str(path)).format == "uchar":
            small = vips.Image.thumbnail(str(path), longest, size="down", fail_on="truncated")
            return np.asarray(_rgb(small).numpy(), np.uint8)
    except vips.Error as error:
        raise _damaged(path, error) from error
    pixels = large_pixels(path)
    step = -(-max(pixels.shape) // longest)
    return pixels[::step, ::step]


class _Begun:
    image: tuple[Path, int | None, float] | None = None
    """What is decoded now, and how much of it is."""


_reading = threading.Lock()
"""One at a time: whoever asks for the same image meanwhile waits for it, and is given the same."""


# The window, the models and the thumbnails ask for the same image one after the other.
@lru_cache(maxsize=1)
def _mapped(path: Path, page: int | None, _size: int, _changed: int) -> Pixels:
    vips = _libvips(path)
    _Begun.image = path, page, 0.0
    try:
        image = _upright_rgb(vips, path, page)
        width, height = int(image.width), int(image.height)
        _refuse_full_disk(path, width * height * 3)
        with tempfile.TemporaryFile() as file:
            _write(vips, image, file, partial(_tell, path, page))
            return np.memmap(file, np.uint8, "r", shape=(height, width, 3))
    except vips.Error as error:
        raise _damaged(path, error) from error
    finally:
        _Begun.image = None


def _damaged(path: Path, error: Exception) -> ImageError:
    return ImageError(
        f"The image {path} is damaged or cut short: {str(error).strip()}.",
        remedy="Copy the file again.",
    )


def _tell(path: Path, page: int | None, percent: int) -> None:
    _Begun.image = path, page, percent / 100


def _write(vips: Any, image: Any, file: IO[bytes], tell: Callable[[int], None]) -> None:
    """All rows, in one pass over the image."""
    target = vips.TargetCustom()
    target.on_write(file.write)
    image.set_progress(True)
    image.signal_connect("eval", lambda _image, progress: tell(progress.percent))
    image.rawsave_target(target)
    file.flush()


def _upright_rgb(vips: Any, path: Path, page: int | None) -> Any:
    """Lazy, 8 bits a colour."""
    options: dict[str, Any] = {} if page is None else {"page": page}
    # revalidate: libvips remembers files by their names alone.
    options |= {"fail_on": "truncated", "revalidate": True}
    image = vips.Image.new_from_file(str(path), **options)
    if image.format == "uchar" and not _lies_on_its_side(image):
        # What is read once from top to bottom need not be decoded into a place of libvips first.
        image = vips.Image.new_from_file(str(path), access="sequential", **options)
    image = image.autorot()
    if image.format != "uchar":
        # The range of the values themselves, as of smaller images.
        low, high = image.min(), image.max()
        image = ((image - low) * (255 / max(high - low, 1e-12)) + 0.5).cast("uchar")
        image = image.copy(interpretation="srgb" if image.bands > 2 else "b-w")
    return _rgb(image)


def _rgb(image: Any) -> Any:
    image = image.colourspace("srgb")
    return image.flatten(background=[_BACKGROUND] * 3) if image.hasalpha() else image


def _lies_on_its_side(image: Any) -> bool:
    return bool(image.get_typeof("orientation")) and image.get("orientation") != 1


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
