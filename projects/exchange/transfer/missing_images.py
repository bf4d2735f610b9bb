"""Images that labels name and that are not there, where the project may have them elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from landmark_annotator.projects.exchange.codecs.common.files import WHERE_IMAGES_ARE
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.wording import counted


def told_once(reasons: Sequence[str]) -> tuple[list[str], int]:
    """Why files were left out, without what to do about images that are missing where there are
    several; and of how many that is then to be said."""
    missing = sum(reason.endswith(WHERE_IMAGES_ARE) for reason in reasons)
    if missing < 2:
        return list(reasons), 0
    return [reason.removesuffix(WHERE_IMAGES_ARE).rstrip() for reason in reasons], missing


class MissingImages:
    """Only told: that a name is the same does not say that an image is."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._paths = set[Path]()

    def add(self, path: Path) -> None:
        """Where it should be."""
        self._paths.add(path)

    def notes(self) -> list[str]:
        """The folder that most of them are found from, if the project has half of them at least."""
        if not self._paths:
            return []
        named = defaultdict[str, list[Path]](list)
        for image in self._project.images():
            if image.frame is None and image.address is None:
                named[image.path.name].append(image.path)
        folders = Counter[Path]()
        for missing in self._paths:
            there = named.get(missing.name, [])
            folders.update({folder for path in there for folder in _starts(missing, path)})
        # Of a folder and those around it the innermost, which needs least of what names say.
        best = max(folders, key=lambda each: (folders[each], len(each.parts)), default=None)
        if best is None or 2 * folders[best] < len(self._paths):
            return []
        have = counted(
            folders[best], "image that is not there has", "images that are not there have"
        )
        return [
            f"{have} the names of images of the project, in {best}. If they are the same, choose "
            "it as the folder of the images (--images at a terminal)."
        ]


def _starts(missing: Path, there: Path) -> list[Path]:
    """Folders from which the same names lead to the image that is there."""
    found = []
    for one, other, folder in zip(
        reversed(missing.parts), reversed(there.parts), there.parents, strict=False
    ):
        if one != other:
            break
        found.append(folder)
    return found
