"""An image that is an object's box, where labelled objects have boxes of their own.

A label file brings a box around its landmarks; an image of which it was said that its object fills
it has a box that is the whole image. To a model these are objects of two sizes, and what it learned
from one kind it finds nowhere in the other. So where a labelled object has a box of its own a whole
image is taken for a box that nobody has drawn yet: of what is labelled in it the square around its
landmarks stands for it, as for labels from a file, and of all else the box that labelled objects
mostly have in their images.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from landmark_annotator.annotator.session.models.library import BOXES, KeptModel
from landmark_annotator.annotator.session.models.usual_box import UsualBox, boxes_in_images
from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels

_FRAME_POINTS = 2
"""Known landmarks from which on they say how large the object is."""


@dataclass(frozen=True)
class OwnBoxes:
    """typical: of the labelled objects."""

    typical: UsualBox

    def of_pixels(self, box: Box, pixels: Pixels) -> Box:
        """The box itself; in place of all of the image (height, width, 3) the typical one."""
        height, width = pixels.shape[:2]
        return self.typical.box(width, height) if is_whole(box, width, height) else box

    def of_labelled(self, instance: LabelledInstance, width: int, height: int) -> LabelledInstance:
        """Of an image of this size."""
        if not is_whole(instance.box, width, height):
            return instance
        around = _square_around(instance.shape)
        return replace(instance, box=around or self.typical.box(width, height))


def is_whole(box: Box, width: int, height: int) -> bool:
    """Whether the box is all of an image of this size."""
    return box == Box.whole_image(width, height)


def _square_around(shape: Shape) -> Box | None:
    """None around part of a shape: what is not known of it yet may be far from the rest."""
    if not (shape.known | shape.absent).all() or shape.known.sum() < _FRAME_POINTS:
        return None
    return Box.square_around(shape.points)


def own_boxes_of(project: Project) -> OwnBoxes | None:
    """By its accepted objects. None where all of them fill their images, or there are none: then a
    whole image is a box like any other."""
    sizes = {image.id: (image.width, image.height) for image in project.images()}
    drawn, whole = [], []
    for record in project.instances():
        if record.box is None or record.state is not InstanceState.ACCEPTED:
            continue
        size = sizes[record.image_id]
        if is_whole(record.box, *size):
            whole.append(record.id)
        else:
            drawn.append((record.box, *size))
    if not drawn:
        return None
    for record, shape in project.shapes(among=whole) if whole else ():
        if (square := _square_around(shape)) is not None:
            drawn.append((square, *sizes[record.image_id]))
    return OwnBoxes(UsualBox.of(boxes_in_images(drawn)))


def keep(kept: KeptModel, own: OwnBoxes | None) -> None:
    """What a model has learned from: boxes may be drawn, or whole images be labelled, after it."""
    write_whole(kept.boxes_file, json.dumps(None if own is None else asdict(own.typical)) + "\n")


def learned_from(folder: Path, now: OwnBoxes | None) -> OwnBoxes | None:
    """What `keep` has kept beside the model in the folder. now: of the project, where that is not
    known."""
    try:
        content = json.loads((folder / BOXES).read_text(encoding="utf-8"))
        if content is None:
            return None
        (x, y), (width, height) = content["centre"], content["sides"]
        return OwnBoxes(UsualBox((float(x), float(y)), (float(width), float(height))))
    except (OSError, ValueError, KeyError, TypeError):
        return now
