"""What finds the objects of a project's images, and why that."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from landmark_annotator.annotator.session.models.library import (
    KeptModel,
    ModelLibrary,
    Origin,
    Stamp,
)
from landmark_annotator.annotator.session.models.model_identity import files_of
from landmark_annotator.annotator.session.models.usual_box import usual_box_of
from landmark_annotator.backends.finders import FINDER, ObjectFinder, load_finder
from landmark_annotator.backends.other_sides import (
    found_however_it_lies,
    is_known,
    may_lie,
)
from landmark_annotator.backends.registry import TrainedModel
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.own_boxes import UsualBox


@dataclass(frozen=True)
class Search:
    """reason: a sentence that a person can read. usual: where the one object of every image is;
    finder: what looks for them else. Neither where nothing is known yet."""

    reason: str
    usual: UsualBox | None = None
    finder: ObjectFinder | None = None
    folder: Path | None = None
    """Of the finder's weights."""
    knows: KeptModel | None = None
    """Says whether what is found from another side is an object. None where that is not looked
    from."""

    @property
    def identity(self) -> str:
        """The same on every machine that would find the same."""
        found = hashlib.sha256(repr(self.usual).encode())
        for folder in (self.folder, None if self.knows is None else self.knows.folder):
            for part in () if folder is None else files_of(folder):
                found.update(hashlib.sha256(part).digest())
        return found.hexdigest()[:16]

    @property
    def can_look(self) -> bool:
        return self.usual is not None or self.finder is not None

    @property
    def title(self) -> str:
        """What finding so is called in a menu; empty where the objects are counted."""
        return "" if self.usual is None else "box where the others have it"

    def boxes(self, pixels: Pixels) -> list[Box]:
        """Of all objects of an image, or a frame of a video, the surest first."""
        if self.usual is not None:
            return [self.usual.box(pixels.shape[1], pixels.shape[0])]
        return [] if self.finder is None else [each.box for each in self.finder.find(pixels)]

    def boxes_however_it_lies(self, pixels: Pixels) -> list[Box]:
        """Likewise, also of an image on its side or upside down."""
        if self.usual is not None or self.finder is None or self.knows is None:
            return self.boxes(pixels)
        found = found_however_it_lies(self.finder, self._knows, pixels)
        return [each.box for each in found]

    def _knows(self, pixels: Pixels, box: Box) -> bool:
        return self._model is not None and is_known(self._model, pixels, box)

    @cached_property
    def _model(self) -> TrainedModel | None:
        if self.knows is not None:
            with suppress(ActionableError):  # which is said where it proposes
                return self.knows.load()
        return None


@dataclass(frozen=True)
class SearchRecipe:
    """All that it takes to make a `Search`, read from the store beforehand.

    `make` is slow (it may load a network) and touches no store, so it may run in any thread.
    """

    library: ModelLibrary
    usual: UsualBox | None

    def make(self) -> Search:
        """Where every object is in the same place that is its box; else the finder that was trained
        here, else the one that came with the program."""
        if self.usual is not None:
            return Search("The object of every image is where the labelled ones are.", self.usual)
        own, drawback = self.library.own(FINDER), ""
        shipped = FINDER.shipped(self.library.scheme)
        kept = [own] if own.is_there else []
        if shipped is not None:
            kept.append(KeptModel(FINDER, shipped, Origin.SHIPPED, own.scheme, own.device))
        for model in kept:
            try:
                finder = load_finder(model.folder, model.scheme, model.device)
            except ActionableError as error:
                drawback = f" ({error.happened} {error.remedy})"
                continue
            return Search(
                f"The finder, {model.origin.value}, looks for objects.{drawback}",
                None,
                finder,
                model.folder,
                self._of_shapes,
            )
        return Search(
            "No finder of objects is trained yet: a training makes one from a dozen labelled "
            f"objects in three images on, by command annotator train --backend finder.{drawback}"
        )

    @property
    def _of_shapes(self) -> KeptModel | None:
        """What proposes. None where nothing is looked for from other sides."""
        if not may_lie(self.library.scheme):
            return None
        return next((model for model in self.library.kept() if model.fits), None)

    @property
    def stamp(self) -> tuple[Path | None, int | None, UsualBox | None, Stamp]:
        """Differs when another search would be made."""
        library = self.library
        shipped, trained_at = FINDER.shipped(library.scheme), finder_trained_at(library)
        return shipped, trained_at, self.usual, library.stamp()


def finder_trained_at(library: ModelLibrary) -> int | None:
    """In microseconds; None where none was trained here. A file is looked at and not read."""
    own = library.own(FINDER)
    return int(own.trained_at.timestamp() * 1e6) if own.is_there else None


def search_recipe(project: Project, device: str = "cpu") -> SearchRecipe:
    """Reads what the project offers at this moment."""
    return SearchRecipe(ModelLibrary.of(project, device), usual_box_of(project))
