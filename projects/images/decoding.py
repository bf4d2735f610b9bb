"""From an image file to pixels, or to a reason why not."""

import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from landmark_annotator.projects.images import tiff_scale
from landmark_annotator.projects.images.colours import (
    colours_have_16_bits,
    rgb_pixels,
    scaled_to_8_bits,
)
from landmark_annotator.projects.images.dicom import SUFFIXES as DICOM_SUFFIXES
from landmark_annotator.projects.images.dicom import Dicom, is_dicom
from landmark_annotator.projects.images.kinds import ImageKind, ImageSuffixes
from landmark_annotator.projects.images.large import MAX_PIXELS as MAX_ON_DISK
from landmark_annotator.projects.images.large import large_pixels
from landmark_annotator.projects.remote import address_of
from landmark_annotator.projects.remote.fetching import fetched
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import FileMissing, ImageError, why

MAX_PIXELS = 200_000_000
"""Larger images are mapped from the disk: their pixels alone would fill 600 MB of memory."""

_EXIF_ORIENTATION = 274
_TIFF_SUBFILE, _TIFF_REDUCED = 254, 1
_TIFF_SIDES = 256, 257
_TIFF_BITS, _TIFF_COMPRESSION, _TIFF_SAMPLES = 258, 259, 277
_TIFF_COUNTS = 279, 325
"""How many bytes each strip has, or each tile."""
_TIFF_AT_MOST = {1: 1, 5: 2800, 8: 1100, 32946: 1100, 32773: 64}
"""Times as many bytes as are stored can come out of a compression: none, LZW (a string of up to
4,096 bytes in 12 bits), Deflate by either number (258 bytes in two bits), PackBits (128 in two).
Of the others that is not known."""
_NO_MEMORY = -4
"""The code of OpenCV's error."""
_ON_THEIR_SIDE = (5, 6, 7, 8)
_TURNED = (2, 3, 4, *_ON_THEIR_SIDE)
_TIFF_SUFFIXES = (".tif", ".tiff")
_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF", "PPM", "JPEG2000")

IMAGE_SUFFIXES = ImageSuffixes(
    {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".ppm", ".pgm", ".jp2"}
    | DICOM_SUFFIXES
)
"""Lower case, with the dot: what a folder of images is searched for."""

# Pillow's own limit is lower than ours, and what it prints as a warning (a large image, a damaged
# EXIF entry) is either refused here with a reason or does not matter.
Image.MAX_IMAGE_PIXELS = MAX_ON_DISK
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.TiffImagePlugin")


def read_pixels(path: Path | str, page: int | None = None) -> Pixels:
    """(height, width, 3) RGB, upright: the EXIF orientation is applied.

    page: of a file with several (TIFF), or a frame of one that is animated, from 0.

    16-bit, grey, palette, CMYK and transparent images come out as 8-bit RGB. The picture that a
    phone stores with a second view of it (MPO) is a still: its first view is read.

    Raises ImageError where the file is missing, empty, not an image, cut short, of more than
    MAX_ON_DISK pixels (known from its header, before decoding), without that page, or animated or
    of several pages where none is named; of more than MAX_PIXELS as `large_pixels` does.
    """
    path = Path(path)
    if is_dicom(path):
        return _dicom_pixels(path, page)
    if (other := _other(path)) is not None:
        with _decoding(path):
            _refuse_no_page(page or 0, 1, path)
            _refuse_large(other.extent(path), path)
            return other.pixels(path)
    with _decoding(path), Image.open(path, formats=_FORMATS) as image:
        if page is None:
            _refuse_several(image, path)
        else:
            _refuse_no_page(page, _pages(image), path)
            image.seek(page)
        _refuse_large(image.size, path)
        if image.width * image.height > MAX_PIXELS:
            if image.format == "TIFF":
                _refuse_tiff_without_bytes(image, path)
            return large_pixels(path, page)
        if page is None and image.format == "PNG" and colours_have_16_bits(image, path):
            return rgb_pixels(image, path)  # another decoder reads these
        if image.format == "TIFF":
            # Pillow maps a file whose name it knows, and one that lies on its side in rows as long
            # as those of the upright image are.
            image.filename = ""
        image.load()
        if image.format in ("JPEG", "MPO"):
            _refuse_jpeg_without_end(path)
        return rgb_pixels(image, path)


def page_count(path: Path) -> int:
    """Of a TIFF or DICOM, frames of an animation; 1 of any other image. Raises ImageError."""
    if is_dicom(path):
        with _decoding(path):
            return Dicom(path).pages
    if _other(path) is not None:
        return 1
    with _decoding(path), Image.open(path, formats=_FORMATS) as image:
        return _pages(image)


def upright_size(path: Path) -> tuple[int, int]:
    """(width, height) in pixels of the upright image, from the file's header alone.

    Of one elsewhere a copy is fetched where there is none. Raises ImageError where there is no
    image, or none of a known kind.
    """
    if (address := address_of(path)) is not None and not path.is_file():
        path = fetched(address)
    if is_dicom(path):
        with _decoding(path):
            return Dicom(path).size
    if (other := _other(path)) is not None:
        with _decoding(path):
            return other.extent(path)
    with _decoding(path), Image.open(path, formats=_FORMATS) as image:
        width, height = _stored_size(image)
        turned = image.getexif().get(_EXIF_ORIENTATION, 1) in _ON_THEIR_SIDE
        return (height, width) if turned else (width, height)


def _stored_size(image: Image.Image) -> tuple[int, int]:
    """(width, height) before the EXIF orientation is applied, which Pillow has done to the size of
    a TIFF that is opened."""
    if image.format != "TIFF":
        return image.size
    width, height = (int(getattr(image, "tag_v2", {})[side]) for side in _TIFF_SIDES)
    return width, height


def is_stored_turned(path: Path) -> bool:
    """Whether its EXIF orientation turns or mirrors what is stored, from the file's header alone.
    Raises ImageError, also of an image elsewhere: nothing is fetched."""
    if is_dicom(path) or _other(path) is not None:
        return False
    with _decoding(path), Image.open(path, formats=_FORMATS) as image:
        return image.getexif().get(_EXIF_ORIENTATION, 1) in _TURNED


def pixel_size(path: Path, page: int = 0) -> float | None:
    """Millimetres a pixel, where the file says so: DICOM does, and TIFF of microscopes, of its
    first page and those of the same size: others may be smaller copies. Raises ImageError."""
    if is_dicom(path):
        with _decoding(path):
            return Dicom(path).mm_per_pixel
    if path.suffix.lower() not in _TIFF_SUFFIXES or _other(path) is not None:
        return None
    with _decoding(path), Image.open(path, formats=_FORMATS) as image:
        said, size = tiff_scale.mm_per_pixel(image), image.size
        image.seek(page)
        return said if image.size == size else None


def _other(path: Path) -> ImageKind | None:
    """Of another package, that opens such files."""
    return IMAGE_SUFFIXES.other(path.suffix.lower())


@contextmanager
def _decoding(path: Path) -> Iterator[None]:
    """Whatever a decoder stumbles over in a file becomes an ImageError."""
    _refuse_no_bytes(path)
    try:
        yield
    except ImageError:
        raise
    except UnidentifiedImageError as error:
        raise ImageError(
            f"{path} is not an image of a known kind, or its beginning is damaged.",
            remedy="Known kinds are JPEG, PNG, TIFF, BMP, WebP, GIF, PPM, JPEG 2000 and DICOM; "
            "convert others (HEIC, raw) to JPEG or PNG.",
        ) from error
    except Image.DecompressionBombError as error:
        raise _too_large(path, f"more than {2 * MAX_ON_DISK // 1_000_000:,}") from error
    except MemoryError as error:
        raise _no_memory(path) from error
    except Exception as error:
        if getattr(error, "code", None) == _NO_MEMORY:
            raise _no_memory(path) from error
        # Decoders raise nearly everything on damaged files: OSError, SyntaxError, KeyError,
        # struct.error. Nothing but decoding happens within this context.
        raise ImageError(
            f"The image {path} is damaged or cut short: {error}.", remedy="Copy the file again."
        ) from error


def _no_memory(path: Path) -> ImageError:
    return ImageError(
        f"There is not enough memory to decode the image {path}.",
        remedy="Close other programs, or scale the image down.",
    )


def _refuse_no_bytes(path: Path) -> None:
    with opened(path) as file:
        if not file.read(1):
            raise ImageError(f"The image {path} is empty (0 bytes).", remedy="Copy the file again.")


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """The file. Raises ImageError where it cannot be read, or is none: a pipe may never end."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            kind = "a folder" if path.is_dir() else "a pipe or a device"
            raise OSError(0, f"it is {kind} and no file")
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise FileMissing(
            f"There is no image {path}.",
            remedy="Put the file back, or say where it is now: annotator locate PROJECT FOLDER.",
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a path that no system can have
        raise ImageError(
            f"The image {path} cannot be read: {why(error)}.",
            remedy="Check that it is a file that you may read.",
        ) from error


def _dicom_pixels(path: Path, page: int | None) -> Pixels:
    with _decoding(path):
        opened = Dicom(path)
        if page is None:
            _refuse_several_pages(opened.pages, "pages", path)
        _refuse_no_page(page or 0, opened.pages, path)
        _refuse_large(opened.size, path, MAX_PIXELS)
        values = opened.values(page or 0)
        if values.ndim == 2:
            values = np.repeat(scaled_to_8_bits(values)[..., None], 3, axis=2)
        return np.ascontiguousarray(values, dtype=np.uint8)


def _refuse_large(size: tuple[int, int], path: Path, most: int = MAX_ON_DISK) -> None:
    width, height = size
    pixels = width * height
    if pixels > most:
        raise _too_large(path, f"{width} x {height} = {pixels / 1e6:,.2f}", most)


def _too_large(path: Path, megapixels: str, most: int = MAX_ON_DISK) -> ImageError:
    return ImageError(
        f"The image {path} has {megapixels} megapixels; {most // 1_000_000:,} is the limit.",
        remedy="Scale it down, or cut out the part that holds the object.",
    )


def _refuse_several(image: Image.Image, path: Path) -> None:
    several = "pages" if image.format == "TIFF" else "frames: it is animated"
    _refuse_several_pages(_pages(image), several, path)


def _refuse_several_pages(count: int, several: str, path: Path) -> None:
    if count > 1:
        raise ImageError(
            f"The image {path} has {count} {several}.",
            remedy="In the window, import this file by itself and say which are to be labelled; at "
            "a terminal: annotator frames PROJECT FILE --every 1.",
        )


def _pages(image: Image.Image) -> int:
    """Neither the second view of a phone's picture is a page, nor are the smaller copies behind
    the last page of a TIFF that is a pyramid."""
    count: int = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    if image.format != "TIFF" or count == 1:
        return count
    here = image.tell()
    image.seek(count - 1)
    while count > 1 and getattr(image, "tag_v2", {}).get(_TIFF_SUBFILE, 0) & _TIFF_REDUCED:
        count -= 1
        image.seek(count - 1)
    image.seek(here)
    return count


def _refuse_no_page(page: int, count: int, path: Path) -> None:
    if not 0 <= page < count:
        raise ImageError(f"{path} has no page {page:,}: it has {count:,}, from 0 on.")


def _refuse_tiff_without_bytes(image: Image.Image, path: Path) -> None:
    """A damaged header can claim billions of pixels of a file of 2 KB. The whole of a strip would
    be allocated before that is found out, which takes as long as if it were there."""
    tags = getattr(image, "tag_v2", {})
    if any(0 in tags.get(counts, ()) for counts in _TIFF_COUNTS):
        return  # tiles that were never stored
    bits = tags.get(_TIFF_BITS, (1,))[0] * tags.get(_TIFF_SAMPLES, 1)
    most = _TIFF_AT_MOST.get(tags.get(_TIFF_COMPRESSION, 1))
    if most and path.stat().st_size * most < image.width * image.height * bits // 8:
        raise ValueError("it has too few bytes for as many pixels as its header says")


def _refuse_jpeg_without_end(path: Path) -> None:
    """A copy that broke off can have its full size, with zeros for the rest.

    Decoders fill what is missing with grey and say nothing. An end marker cannot occur within
    coded pixels, so where none follows their start, some are missing.
    """
    content = path.read_bytes()
    position = 2
    while 0 <= position < len(content) - 4:
        marker = content[position + 1]
        if marker == 0xDA:  # the coded pixels start here
            if content.find(b"\xff\xd9", position) < 0:
                raise ValueError("the JPEG has no end")
            return
        length = int.from_bytes(content[position + 2 : position + 4], "big")
        after = position + 1 if marker == 0xFF else position + 2 + length
        position = content.find(b"\xff", after)  # some programs leave bytes between segments
    raise ValueError("the JPEG holds no pixels")
