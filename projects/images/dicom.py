"""DICOM: radiographs and scans as the devices of hospitals store them, by pydicom."""

from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.projects.vocabulary.errors import ImageError

SUFFIXES = frozenset({".dcm", ".dicom"})


def is_dicom(path: Path) -> bool:
    """By its name alone."""
    return path.suffix.lower() in SUFFIXES


class Dicom:
    """One opened file. Raises ImageError without pydicom, or where the file holds no picture."""

    def __init__(self, path: Path) -> None:
        try:
            import pydicom
        except ImportError as error:
            raise ImageError(
                f"{path.name} is DICOM, which takes one more package.",
                remedy="Install it: pip install -e '.[dicom]', or convert the file to PNG.",
            ) from error
        self._path = path
        self._content: Any = pydicom.dcmread(path)
        if "PixelData" not in self._content:
            raise ImageError(f"{path} is DICOM without a picture: a report or a plan, perhaps.")

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return int(self._content.Columns), int(self._content.Rows)

    @property
    def mm_per_pixel(self) -> float | None:
        """As the device says: in the patient, or else on the detector; None where it does not, or
        where pixels are not square."""
        for name in ("PixelSpacing", "ImagerPixelSpacing"):
            spacing = self._content.get(name)
            if spacing is not None and len(spacing) == 2:
                down, across = (float(value) for value in spacing)
                return across if down == across and 0 < across < float("inf") else None
        return None

    @property
    def pages(self) -> int:
        return int(self._content.get("NumberOfFrames", None) or 1)

    def values(self, page: int) -> np.ndarray[Any, Any]:
        """(height, width) as the device wants them seen, bright where they are bright on the
        screen; or (height, width, 3) RGB of 8 bits."""
        from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut
        from pydicom.pixels.utils import pixel_array

        content = self._content
        try:
            stored = pixel_array(content, index=page)
        except (NotImplementedError, RuntimeError) as error:
            kind = content.file_meta.TransferSyntaxUID.name
            raise ImageError(
                f"The picture of {self._path} cannot be decoded: it is stored as {kind}.",
                remedy="Export it without compression, or as PNG.",
            ) from error
        if stored.ndim == 3:
            return np.asarray(stored)
        # The window that the device has chosen, where it has.
        seen = apply_voi_lut(apply_modality_lut(stored, content), content)
        inverted = content.PhotometricInterpretation == "MONOCHROME1"
        return np.asarray(seen.max() + seen.min() - seen if inverted else seen)
