"""Images of a project by what people call them."""

from collections.abc import Iterable
from pathlib import PurePath

from projects.images import source_of
from projects.store import ImageRecord, Project
from projects.vocabulary import ActionableError
from projects.vocabulary.errors import closest


def images_named(project: Project, names: Iterable[str]) -> list[ImageRecord]:
    """In the order of the names, excluded ones too; each once.

    A name is a file's, with as many of its folders before it as it takes to tell it from others.
    Raises ActionableError where the project has no such image, or several.
    """
    of_name: dict[str, list[ImageRecord]] = {}
    for record in project.images(excluded=True):
        of_name.setdefault(source_of(record).name, []).append(record)
    found = {}
    for name in names:
        path = PurePath(name)
        alike = [r for r in of_name.get(path.name, ()) if _ends_with(r.path, path)]
        if not alike:
            raise ActionableError(
                f"The project has no image {name}.{closest(path.name, of_name)}",
                kept="Nothing was changed.",
                remedy="Give the name of a file as the list of images has it.",
            )
        if len(alike) > 1:
            raise ActionableError(
                f"{len(alike)} images are called {name}.",
                kept="Nothing was changed.",
                remedy=f"Give it with its folder, such as {'/'.join(alike[0].path.parts[-2:])}.",
            )
        found[alike[0].id] = alike[0]
    return list(found.values())


def _ends_with(path: PurePath, end: PurePath) -> bool:
    return path.parts[len(path.parts) - len(end.parts) :] == end.parts
