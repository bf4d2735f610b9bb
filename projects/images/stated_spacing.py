"""How large a pixel is by what its file says of resolution, as programs built on ITK take it."""

from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from landmark_annotator.projects.vocabulary.errors import ImageError

Spacing = tuple[float, float]
"""Of a pixel, its width and its height in millimetres."""

NONE_SAID: Spacing = (1.0, 1.0)
_INCH, _CENTIMETRE = 25.4, 10.0
_BY_UNIT = {"TIFF": {2: _INCH, 3: _CENTIMETRE}}
_BY_UNIT["JPEG"] = _BY_UNIT["MPO"] = {1: _INCH, 2: _CENTIMETRE}
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 282, 283, 296


def stated_spacing(path: Path) -> Spacing:
    """Of a JPEG by the density of its JFIF header, of a TIFF by its resolution; `NONE_SAID` of all
    other files, whose resolution ITK passes over, and where they say none. What EXIF says of it
    does not count there either. From the file's header alone, as it lies on the disk; raises
    ImageError where it cannot be read."""
    try:
        with Image.open(path, formats=tuple(_BY_UNIT)) as image:
            kind, said = image.format or "", image.info
            if kind == "TIFF":
                tags = getattr(image, "tag_v2", {})
                unit = tags.get(_RESOLUTION_UNIT)
                density = tags.get(_X_RESOLUTION, 0), tags.get(_Y_RESOLUTION, 0)
            else:
                unit, density = said.get("jfif_unit"), said.get("jfif_density", (0, 0))
        # ITK keeps them in single precision.
        x, y = (float(np.float32(each)) for each in density)
    except UnidentifiedImageError:
        return NONE_SAID
    except Exception as error:  # Pillow raises nearly everything on damaged files
        raise ImageError(
            f"The image {path} cannot be read: {error}.", remedy="Copy the file again."
        ) from error
    length = _BY_UNIT[kind].get(unit or 0)
    if length is None or not (0 < x < np.inf and 0 < y < np.inf):
        return NONE_SAID
    return length / x, length / y
