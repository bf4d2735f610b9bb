"""What a pixel measures as microscopes' TIFF files say it: those of ImageJ, and OME-TIFF.

The dots per inch of other files, TIFF as well, are about paper, and say nothing of what is seen.
"""

import re
from html import unescape

from PIL import Image

_DESCRIPTION, _ACROSS, _DOWN = 270, 282, 283
_MILLIMETRES = {
    "nm": 1e-6,
    "um": 1e-3,
    "micron": 1e-3,
    "microns": 1e-3,
    "micrometer": 1e-3,
    "mm": 1.0,
    "cm": 10.0,
    "m": 1000.0,
    "in": 25.4,
    "inch": 25.4,
}
"""In a unit, both kinds of mu written as u."""
_SQUARE = 1e-3
"""By which share of itself a pixel may be longer one way, as rounded numbers make it."""


def mm_per_pixel(image: Image.Image) -> float | None:
    """Of an opened TIFF; None where it does not say so, or pixels are not square."""
    tags = getattr(image, "tag_v2", {})
    said = tags.get(_DESCRIPTION)
    if not isinstance(said, str):
        return None
    said = _of_utf_8(said)
    if said.startswith("ImageJ="):
        return _of_imagej(said, tags.get(_ACROSS), tags.get(_DOWN))
    return _of_ome(said) if "<OME" in said else None


def _of_utf_8(said: str) -> str:
    """OME's XML is UTF-8, in which it says "\xb5m"; to Pillow all text in a TIFF is Latin-1."""
    try:
        return said.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return said


def _of_imagej(said: str, across: object, down: object) -> float | None:
    """across, down: pixels in a unit, which the description names."""
    unit = re.search(r"^unit=(.*)$", said, re.MULTILINE)
    if unit is None:
        return None
    return _square(_over(across), _over(down), unit[1])


def _of_ome(said: str) -> float | None:
    sizes = [_attribute(said, f"PhysicalSize{axis}") for axis in "XY"]
    units = {_attribute(said, f"PhysicalSize{axis}Unit") or "um" for axis in "XY"}
    return _square(_number(sizes[0]), _number(sizes[1]), units.pop()) if len(units) == 1 else None


def _attribute(said: str, name: str) -> str | None:
    found = re.search(rf'\b{name}="([^"]*)"', said)
    return None if found is None else unescape(found[1])


def _square(across: float | None, down: float | None, unit: str) -> float | None:
    plain = unit.strip().replace("\\u00B5", "u").replace("\xb5", "u").replace("\u03bc", "u")
    one = _MILLIMETRES.get(plain)
    if one is None or across is None or down is None or abs(across - down) > _SQUARE * across:
        return None
    size = across * one
    return size if 0 < size < float("inf") else None


def _over(value: object) -> float | None:
    number = _number(value)
    return 1 / number if number else None


def _number(value: object) -> float | None:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
