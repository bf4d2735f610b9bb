"""The finder of objects: its card, and the way to it. Importing this imports no torch."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

from landmark_annotator.backends.registry import Backend
from landmark_annotator.projects.vocabulary import Found, LabelledImage, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels

FEWEST_OBJECTS = 12
"""Accepted ones, from which on a finder learns."""
FEWEST_IMAGES = 3
"""In which these are: of a tray of a dozen it has to be seen what else is on one."""


class ObjectFinder(Protocol):
    """A finder read from its folder. Used from one thread at a time."""

    def find(self, pixels: Pixels, threshold: float | None = None) -> list[Found]:
        """Boxes of all objects of the scheme in a whole image, in its pixels, best first.

        threshold: of their scores; by default the one that its training chose.
        """
        ...


TrainFinder = Callable[
    [Sequence[LabelledImage], Scheme, Path, Mapping[str, Any], Progress], Mapping[str, Any]
]
"""(images, scheme, model folder, settings, progress) to the card that was written."""

FINDER = Backend(
    name="finder",
    title="finder",
    needs=("torch", "safetensors"),
    citation="Zhou, Wang, Kraehenbuehl: Objects as Points. arXiv 1904.07850, 2019.",
    module="landmark_annotator.backends.finder",
    from_nothing={"trunk": "none"},
)
"""Beside the backends that propose shapes: it says where they are to be proposed."""


def load_finder(folder: Path, scheme: Scheme, device: str = "cpu") -> ObjectFinder:
    """Raises MissingPackage, or WeightsMismatch where the weights do not fit the scheme."""
    return cast(ObjectFinder, FINDER.imported().load(folder, scheme, device))


def train_finder() -> TrainFinder:
    """Raises MissingPackage."""
    return cast(TrainFinder, FINDER.imported().train)
