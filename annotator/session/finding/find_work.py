"""Looking for the objects of one image after another, as work that any process can do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from landmark_annotator.annotator.session.finding.search import Search, SearchRecipe
from landmark_annotator.annotator.session.models.model_identity import check_same
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import ImageError


@dataclass(frozen=True)
class FoundBoxes:
    """boxes: of an image, the surest first; a sentence where it could not be read."""

    image_id: int
    boxes: tuple[Box, ...] | str


@dataclass(frozen=True)
class Gone:
    """An image that waited when the work began and is no more when its turn has come."""

    id: int


Task = ImageRecord | Gone


class FindWork:
    """recipe: of the search. finder: its identity; the rest as of `ProposalWork`."""

    def __init__(self, recipe: SearchRecipe, finder: str, here: Search | None = None) -> None:
        self._recipe = recipe
        self._finder = finder
        self._here = here

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return FindWork, (self._recipe, self._finder)

    def make(self) -> Callable[[Task], FoundBoxes]:
        search = self._here
        if search is None:
            search = self._recipe.make()
            check_same(self._finder, search.identity)
        return lambda image: _looked(search, image)


def _looked(search: Search, image: Task) -> FoundBoxes:
    if isinstance(image, Gone):
        return FoundBoxes(image.id, f"Image {image.id} was removed meanwhile.")
    try:
        return FoundBoxes(image.id, tuple(search.boxes_however_it_lies(pixels_of(image))))
    except ImageError as error:
        return FoundBoxes(image.id, error.happened)
