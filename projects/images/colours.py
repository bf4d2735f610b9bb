"""Any decoded image to 8-bit RGB."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageOps

from landmark_annotator.projects.vocabulary.arrays import Pixels

_TIFF_BITS_PER_SAMPLE = 258
_EXIF_ORIENTATION = 274
_BACKGROUND = (128, 128, 128)
_BAND = 256
"""Rows of an image that are scaled at a time."""


def rgb_pixels(image: Image.Image, path: Path) -> Pixels:
    """(height, width, 3) 8-bit RGB, upright. `image` is opened; `path` is its file, for what Pillow
    throws away.

    Transparent pixels are laid over mid grey: the colours stored under them are whatever a
    program left there, and on grey both dark and light objects stay visible.
    """
    # Pillow takes every CMYK JPEG for Adobe's, which is stored inverted. Without Adobe's mark in
    # the file it is not.
    inverted = image.mode == "CMYK" and image.format == "JPEG" and "adobe" not in image.info
    if colours_have_16_bits(image, path):
        colours = _read_16_bit_colours(path, image.tell())
        if colours is None:
            np.empty((image.height, image.width, 8), dtype=np.uint16)  # raises what OpenCV swallows
            raise ValueError("its 16-bit colours cannot be decoded")
        # Of a TIFF both OpenCV and Pillow have already applied it, and Pillow has then dropped it.
        orientation = _orientation(image)
        if colours.shape[2] == 3 and orientation == 1:
            return colours
        image = _upright(Image.fromarray(colours), orientation)
    elif image.mode in ("I", "F") or image.mode.startswith("I;16"):
        grey = Image.fromarray(scaled_to_8_bits(np.asarray(image)))
        image = _upright(grey, _orientation(image))
    elif image.getexif().get(_EXIF_ORIENTATION, 1) != 1:
        image = ImageOps.exif_transpose(image)
    if inverted:
        image = ImageChops.invert(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        background = Image.new("RGBA", image.size, _BACKGROUND)
        image = Image.alpha_composite(background, image)
    # Pillow would copy what is so already, which takes a while of a large photograph.
    return np.array(image if image.mode == "RGB" else image.convert("RGB"))


def scaled_to_8_bits(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """The range of the values themselves to 0..255.

    Cameras and scanners put 10 to 14 bits into 16: divided by 257 such an image would be
    almost black. All channels share one range, so colours stay as they are.
    """
    bands = [slice(start, start + _BAND) for start in range(0, len(values), _BAND)]
    ranges = [_range(values[band]) for band in bands]
    low = min((one for one, _ in ranges), default=np.float32(0))
    high = max((other for _, other in ranges), default=np.float32(0))
    if not high > low:  # no contrast to show
        return np.full(values.shape, 128, dtype=np.uint8)
    eight_bits = np.empty(values.shape, dtype=np.uint8)
    table = None
    if values.dtype == np.uint16:
        table = _shares(np.arange(1 << 16, dtype=np.uint16), low, high)
    for band in bands:  # in single precision all at once would take four times the image
        part = values[band]
        eight_bits[band] = _shares(part, low, high) if table is None else table[part]
    return eight_bits


def _shares(values: npt.NDArray[Any], low: Any, high: Any) -> npt.NDArray[np.uint8]:
    shares = (values.astype(np.float32) - np.float32(low)) / (np.float32(high) - np.float32(low))
    eight_bits: npt.NDArray[np.uint8] = np.rint(np.nan_to_num(shares).clip(0, 1) * 255).astype(
        np.uint8
    )
    return eight_bits


def _range(values: npt.NDArray[Any]) -> tuple[Any, Any]:
    """The least and the largest finite value; infinities the other way round where none is."""
    finite = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    return (finite.min(), finite.max()) if finite.size else (np.inf, -np.inf)


def colours_have_16_bits(image: Image.Image, path: Path) -> bool:
    """Whether Pillow cuts 16-bit colours down to their high bytes."""
    if image.mode not in ("RGB", "RGBA", "LA"):
        return False
    if image.format == "PNG":
        with path.open("rb") as file:
            return file.read(25)[24] == 16  # the bit depth, in a header of fixed size
    if image.format == "TIFF":
        bits = getattr(image, "tag_v2", {}).get(_TIFF_BITS_PER_SAMPLE, (8,))
        return bool(max(bits) == 16)
    return False


def _read_16_bit_colours(path: Path, page: int) -> Pixels | None:
    """(height, width, 3 or 4) 8-bit RGB of a page, with alpha where the file has it."""
    import cv2

    content = np.fromfile(path, dtype=np.uint8)
    values: Any
    if page == 0:
        values = cv2.imdecode(content, cv2.IMREAD_UNCHANGED)
    else:
        _, pages = cv2.imdecodemulti(content, cv2.IMREAD_UNCHANGED, range=(page, page + 1))
        values = pages[0] if pages else None
    if values is None:
        return None
    colours = scaled_to_8_bits(values[..., 2::-1])  # OpenCV keeps blue first
    if values.shape[2] == 3:
        return colours
    alpha = (values[..., 3:] >> 8).astype(np.uint8)
    return np.concatenate([colours, alpha], axis=2)


def _orientation(image: Image.Image) -> int:
    return int(image.getexif().get(_EXIF_ORIENTATION, 1))


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    """`image` lost its EXIF data on the way here."""
    image.getexif()[_EXIF_ORIENTATION] = orientation
    return ImageOps.exif_transpose(image)
