"""Photographs that a camera has stored turned: labels are of the upright picture, and whoever reads
them with a loader that ignores EXIF gets them beside their places."""

from functools import lru_cache
from pathlib import Path

from landmark_annotator.projects.images import is_stored_turned
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.wording import counted


class TurnedImages:
    """Of an export. Images elsewhere are not fetched for it."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._count = 0

    def look(self, image: ImageRecord) -> None:
        """Frames come out of their video upright."""
        if image.frame is None and image.id not in self._seen:
            self._seen.add(image.id)
            self._count += _is_turned(image.path, image.sha256)

    def notes(self) -> list[str]:
        if not self._count:
            return []
        are = counted(self._count, "image is", "images are")
        return [
            f"{are} stored turned (EXIF orientation), and coordinates are of the upright picture: "
            "where a loader ignores that, as Pillow's Image.open does, turn the picture first "
            "(ImageOps.exif_transpose)."
        ]


@lru_cache(200_000)
def _is_turned(path: Path, sha256: str) -> bool:
    """sha256: of its bytes, so that a preview after each choice reads a header once."""
    try:
        return is_stored_turned(path)
    except ImageError:
        return False
