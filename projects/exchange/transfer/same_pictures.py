"""Files that are byte for byte the same picture: a project keeps it once."""

import os
from pathlib import Path

from landmark_annotator.projects.exchange.transfer.stored_instances import KnownImage
from landmark_annotator.projects.vocabulary.wording import counted


class SamePictures:
    """Labelled files that are copies of others, whose labels came in all the same."""

    def __init__(self) -> None:
        self._labelled: set[Path] = set()

    def add(self, image: Path, known: KnownImage) -> None:
        """image: which the project has as `known`, and of which it takes another object."""
        if first_of(image, known) is not None:
            self._labelled.add(image)

    def notes(self) -> list[str]:
        """A sentence for people; none where there were none."""
        if not self._labelled:
            return []
        number = len(self._labelled)
        copies = f"{counted(number, 'labelled image')} {'is' if number == 1 else 'are'}"
        return [
            f"{copies} byte for byte the same picture as another: it is kept once, with the "
            "labels of all as objects of it."
        ]


def first_of(image: Path, known: KnownImage) -> Path | None:
    """The file of the project's picture that this one is a copy of; None where it is that file
    itself, or where that was moved."""
    first = Path(os.fsdecode(known.path))
    return first if first != whole(image) and first.is_file() else None


def whole(image: Path) -> Path:
    """As the project knows it: a link stays one."""
    return image.parent.resolve() / image.name
