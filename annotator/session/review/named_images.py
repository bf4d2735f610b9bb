"""Images of a project by what people call them."""

from collections.abc import Iterable
from pathlib import PurePath

from landmark_annotator.projects.images import source_of
from landmark_annotator.projects.images.source import numbered_name
from landmark_annotator.projects.store import ImageRecord, Project
from landmark_annotator.projects.video import is_numbered
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import closest


class NamedImages:
    """A name is a file's, or as `row_name` has it, with as many of its folders before it as it
    takes to tell it from others. excluded: whether those that were left out can be named as well.
    """

    def __init__(self, project: Project, *, excluded: bool = False) -> None:
        self._of_name: dict[str, list[tuple[PurePath, ImageRecord]]] = {}
        """What is called so, and the image."""
        for record in project.images(excluded=excluded):
            self._take(source_of(record).name, record.path, record)
            if record.frame is not None and is_numbered(record.path):
                folder = record.path.parent
                self._take(numbered_name(folder.name, record.frame), folder, record)

    def _take(self, name: str, place: PurePath, record: ImageRecord) -> None:
        self._of_name.setdefault(name, []).append((place, record))

    def find(self, name: str) -> ImageRecord | None:
        """None where no image is called so. Raises ActionableError where several are."""
        path = PurePath(name)
        known = self._of_name.get(path.name, ())
        alike = [(place, r) for place, r in known if _ends_with(place, path.parent)]
        if len(alike) > 1:
            raise ActionableError(
                f"{len(alike)} images are called {name}.",
                kept="Nothing was changed.",
                remedy=f"Give it with its folder, such as {alike[0][0].parent.name}/{path.name}.",
            )
        return alike[0][1] if alike else None

    def image(self, name: str) -> ImageRecord:
        """Raises ActionableError where no image is called so, or several are."""
        found = self.find(name)
        if found is None:
            raise ActionableError(
                f"The project has no image {name}.{self.closest(name)}",
                kept="Nothing was changed.",
                remedy="Give the name of a file as the list of images has it.",
            )
        return found

    def closest(self, name: str) -> str:
        """A sentence that names what may have been meant; '' for nothing."""
        return closest(PurePath(name).name, self._of_name)


def images_named(project: Project, names: Iterable[str]) -> list[ImageRecord]:
    """In the order of the names, excluded ones too; each once.

    Raises ActionableError where the project has no such image, or several.
    """
    images = NamedImages(project, excluded=True)
    found = {record.id: record for record in map(images.image, names)}
    return list(found.values())


def _ends_with(path: PurePath, folder: PurePath) -> bool:
    """Whether the file lies in the folder, of which the last parts may be given."""
    parts = path.parent.parts
    return parts[len(parts) - len(folder.parts) :] == folder.parts
