"""Images that do not fit into memory: decoded once, piece by piece, into a file that is mapped.

libvips reads tiles where the format has them, and rows where not. The file is kept in the cache of
fetched images, so that the next time is a matter of mapping it.
"""

import hashlib
import math
import shutil
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from landmark_annotator.projects.remote.addresses import cache_folder
from landmark_annotator.projects.remote.cache import kept
from landmark_annotator.projects.remote.settings import cache_limit
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import DiskFull, ImageError

MAX_PIXELS = 4_000_000_000
"""Larger images are refused: decoded they would fill 12 GB of the disk."""
_SHARE = 4
"""Times as many bytes as a decoded image has must be free on the disk, and allowed to the cache."""
_BACKGROUND = 128
"""Under what is transparent, as of other images."""
_REFUSED = "error"
"""From which severity on libvips refuses: with "truncated" it says nothing of strips of a TIFF that
are missing or damaged, and gives black for them. Tiles that were never stored are no error."""


def large_pixels(path: Path, page: int | None = None) -> Pixels:
    """(height, width, 3) RGB, upright, as of `read_pixels`, of an image of any size up to
    MAX_PIXELS. The array is mapped from a file in the cache, or, where that has no room, from one
    without a name, which goes with it.

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
            small = vips.Image.thumbnail(str(path), longest, size="down", fail_on=_REFUSED)
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
def _mapped(path: Path, page: int | None, size: int, changed: int) -> Pixels:
    found = _from_cache(path, page, f"{size}-{changed}")
    if found is not None:
        return found
    with tempfile.TemporaryFile() as file:
        shape = _decode(path, page, file, _refuse_full_disk)
        return np.memmap(file, np.uint8, "r", file.tell() - math.prod(shape), shape)


def _from_cache(path: Path, page: int | None, version: str) -> Pixels | None:
    """Decoded into it where it is not there; None where it cannot be kept there."""
    which = hashlib.sha256(f"{path.resolve()} {page}".encode()).hexdigest()
    try:
        place = kept(f"decoded/{which}/{version}.npy", partial(_decode_into, path, page))
    except (DiskFull, OSError):
        return None
    try:
        _forget_others(place)
        return cast(Pixels, np.load(place, mmap_mode="r"))
    except (OSError, ValueError):  # it went meanwhile, or was spoiled
        with suppress(OSError):
            place.unlink(missing_ok=True)
        return None


def _decode_into(path: Path, page: int | None, place: Path) -> None:
    with place.open("wb") as file:
        _decode(path, page, file, _leave_room)


def _decode(
    path: Path, page: int | None, file: IO[bytes], refuse: Callable[[Path, int], object]
) -> tuple[int, int, int]:
    """As numpy keeps arrays; the shape of this one. refuse: is asked before, whether there is room
    for so many bytes."""
    vips = _libvips(path)
    _Begun.image = path, page, 0.0
    try:
        image = _upright_rgb(vips, path, page)
        shape = int(image.height), int(image.width), 3
        refuse(path, math.prod(shape))
        head = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, head)
        _write(vips, image, file, partial(_tell, path, page))
        return shape
    except vips.Error as error:
        raise _damaged(path, error) from error
    finally:
        _Begun.image = None


def _leave_room(_path: Path, size: int) -> None:
    """Raises DiskFull where a decoded image would push out most of what else is kept."""
    if size * _SHARE > cache_limit() or size * _SHARE > shutil.disk_usage(cache_folder()).free:
        raise DiskFull("The cache has no room for a decoded image.")


def _forget_others(place: Path) -> None:
    """What the image was before it was replaced."""
    for other in place.parent.iterdir():
        if other != place:
            with suppress(OSError):
                other.unlink()


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
    options |= {"fail_on": _REFUSED, "revalidate": True}
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
