"""Any decoded image to 8-bit RGB."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageOps

_TIFF_BITS_PER_SAMPLE = 258
_EXIF_ORIENTATION = 274
_BACKGROUND = (128, 128, 128)


def to_rgb(image: Image.Image, path: Path) -> Image.Image:
    """8-bit RGB, upright. `image` is decoded; `path` is its file, for what Pillow throws away.

    Transparent pixels are laid over mid grey: the colours stored under them are whatever a
    program left there, and on grey both dark and light objects stay visible.
    """
    # Pillow takes every CMYK JPEG for Adobe's, which is stored inverted. Without Adobe's mark in
    # the file it is not.
    inverted = image.mode == "CMYK" and image.format == "JPEG" and "adobe" not in image.info
    if _colours_have_16_bits(image, path):
        image = _read_16_bit_colours(image, path)
    elif image.mode in ("I", "F") or image.mode.startswith("I;16"):
        grey = Image.fromarray(_scaled_to_8_bits(np.asarray(image)))
        image = _upright(grey, _orientation(image))
    else:
        image = ImageOps.exif_transpose(image)
    if inverted:
        image = ImageChops.invert(image)
    if image.has_transparency_data:
        colours = image.convert("RGBA")
        background = Image.new("RGBA", colours.size, _BACKGROUND)
        return Image.alpha_composite(background, colours).convert("RGB")
    return image.convert("RGB")


def _scaled_to_8_bits(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """The range of the values themselves to 0..255.

    Cameras and scanners put 10 to 14 bits into 16: divided by 257 such an image would be
    almost black. All channels share one range, so colours stay as they are.
    """
    finite = np.isfinite(values)
    low, high = (values[finite].min(), values[finite].max()) if finite.any() else (0, 0)
    if high == low:  # no contrast to show
        return np.full(values.shape, 128, dtype=np.uint8)
    shares = (values.astype(np.float32) - np.float32(low)) / (np.float32(high) - np.float32(low))
    eight_bits: npt.NDArray[np.uint8] = np.rint(np.nan_to_num(shares).clip(0, 1) * 255).astype(
        np.uint8
    )
    return eight_bits


def _colours_have_16_bits(image: Image.Image, path: Path) -> bool:
    """Whether Pillow has cut 16-bit colours down to their high bytes."""
    if image.mode not in ("RGB", "RGBA", "LA"):
        return False
    if image.format == "PNG":
        with path.open("rb") as file:
            return file.read(25)[24] == 16  # the bit depth, in a header of fixed size
    if image.format == "TIFF":
        bits = getattr(image, "tag_v2", {}).get(_TIFF_BITS_PER_SAMPLE, (8,))
        return bool(max(bits) == 16)
    return False


def _read_16_bit_colours(image: Image.Image, path: Path) -> Image.Image:
    import cv2

    values: npt.NDArray[np.uint16] | None = cv2.imdecode(  # type: ignore[assignment]
        np.fromfile(path, dtype=np.uint8), cv2.IMREAD_UNCHANGED
    )
    if values is None:
        raise ValueError("its 16-bit colours cannot be decoded")
    colours = _scaled_to_8_bits(values[..., 2::-1])  # OpenCV keeps blue first
    # Of a TIFF both OpenCV and Pillow have already applied it, and Pillow has then dropped it.
    orientation = _orientation(image)
    if values.shape[2] == 3:
        return _upright(Image.fromarray(colours), orientation)
    alpha = (values[..., 3:] >> 8).astype(np.uint8)
    return _upright(Image.fromarray(np.concatenate([colours, alpha], axis=2)), orientation)


def _orientation(image: Image.Image) -> int:
    return int(image.getexif().get(_EXIF_ORIENTATION, 1))


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    """`image` lost its EXIF data on the way here."""
    image.getexif()[_EXIF_ORIENTATION] = orientation
    return ImageOps.exif_transpose(image)
