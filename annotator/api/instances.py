"""Instances as a script reads them: labelled or not, each with its image, box and shape."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.images.source import image_name
from landmark_annotator.projects.store import ImageRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import PLACED, ActionableError, Box, Provenance, Shape
from landmark_annotator.projects.vocabulary.arguments import told
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Ints, Pixels, whole


@dataclass(frozen=True, eq=False)
class Instance:
    """One object in one image. box: None where nobody has drawn one. shape: all unknown where
    nothing is labelled."""

    id: int
    image: ImageRecord
    box: Box | None
    shape: Shape
    state: InstanceState

    @property
    def name(self) -> str:
        """Of the image, or of the frame of a video; of numbered images that of their folder, with
        the frame."""
        return image_name(self.image)

    @property
    def path(self) -> Path:
        """Of the file that holds the image."""
        return self.image.path

    @property
    def labelled(self) -> bool:
        """Whether it has all its landmarks and was accepted."""
        return self.state is InstanceState.ACCEPTED

    def read_pixels(self) -> Pixels:
        """The whole image, (H, W, 3) RGB. Raises ImageError."""
        return pixels_of(self.image)


@told
def instances(project: Project, state: InstanceState | str | None = None) -> Iterator[Instance]:
    """Of all images, in their order, those without labels like those with them; what was excluded
    is left out. state: these alone, also by its text."""
    images = {image.id: image for image in project.images()}
    for record, shape in project.shapes(state):
        yield Instance(record.id, images[record.image_id], record.box, shape, record.state)


@dataclass(frozen=True, eq=False)
class Arrays:
    """Of N instances with L landmarks. ids: (N,). names: of their images. points: (N, L, 2) image
    pixels, NaN where unknown. visibility: (N, L), as in COCO: 0 not labelled, 1 hidden, 2 visible.
    placed: (N, L) whether a person or a file says so, and no model. boxes: (N, 5) centre x and y,
    width, height, angle in radians; NaN where there is none. accepted: (N,)."""

    ids: Ints
    names: tuple[str, ...]
    points: Floats
    visibility: Ints
    placed: Bools
    boxes: Floats
    accepted: Bools


def each(chosen: Iterable[Instance] | Instance) -> Iterator[Instance]:
    """Of one or several. Raises ActionableError for what is none."""
    for one in chosen if isinstance(chosen, Iterable) else (chosen,):
        if not isinstance(one, Instance):
            raise ActionableError(
                f"Instances are needed, not {type(one).__name__}.",
                remedy="Choose among those that landmark_annotator.instances(project) gives.",
            )
        yield one


@told
def arrays(chosen: Iterable[Instance] | Instance, landmarks: int | None = None) -> Arrays:
    """What `instances` gives, stacked. landmarks: L where there is no instance, else 0."""
    found = list(each(chosen))
    count = len(found)
    size = len(found[0].shape) if found else whole(landmarks or 0, "A number of landmarks", least=0)
    none = [np.nan] * 5
    boxes = [list(one.box.numbers) if one.box is not None else none for one in found]
    return Arrays(
        ids=np.array([one.id for one in found], dtype=np.int64),
        names=tuple(one.name for one in found),
        points=np.array([one.shape.points for one in found]).reshape(count, size, 2),
        visibility=np.array([one.shape.visibility for one in found], np.int64).reshape(count, size),
        placed=np.array([_placed(one.shape.provenance) for one in found], bool).reshape(
            count, size
        ),
        boxes=np.array(boxes, dtype=float).reshape(count, 5),
        accepted=np.array([one.labelled for one in found], dtype=bool),
    )


def _placed(marks: Iterable[Provenance | None]) -> list[bool]:
    return [mark in PLACED for mark in marks]
