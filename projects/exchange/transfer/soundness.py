"""Entries of label files that no project should have, and those that somebody should look at."""

from dataclasses import dataclass, field

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted, first_few

FARTHEST = 1e7
"""Pixels from the image's first one beyond which a coordinate is a mistake: no image is as large,
and everything that is computed of such a shape would be of that size."""
_SHOWN = 3
_NOUGHTS = (0.0, -0.5, -1.0, -2.0)
_CORNERS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])


def unfit(entry: ImportedInstance) -> str | None:
    """Why the entry cannot come into a project; None where it can."""
    for text in (str(entry.image), entry.source, entry.annotator):
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            return f"{entry.source!a}: {text!a} is not Unicode: rename it."
    known = entry.shape.points[entry.shape.known]
    box = entry.box
    numbers = [float(np.abs(known).max(initial=0.0))]
    if box is not None:
        numbers += [abs(box.centre_x), abs(box.centre_y), box.width, box.height]
    if max(numbers) > FARTHEST:
        return (
            f"{entry.source}: a coordinate is {max(numbers):.3g}; more than {FARTHEST:.0e} pixels "
            "are none."
        )
    try:
        if box is None and len(known) >= 2:
            Box.square_around(known)
    except ActionableError as error:
        return f"{entry.source}: {error}"
    return None


@dataclass
class _Named:
    """So many that look wrong, of which the first are named."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, entry: ImportedInstance) -> None:
        self.count += 1
        if self.count <= _SHOWN:
            self.first.append(f"{entry.image.name} ({entry.source})")

    @property
    def names(self) -> str:
        return first_few(self.first, _SHOWN, of=self.count)


@dataclass
class FarOutside(_Named):
    """Shapes with landmarks farther from their image than it is long, which may be in other units
    or of another image."""

    def look(self, entry: ImportedInstance, facts: ImageFacts) -> None:
        known = entry.shape.points[entry.shape.known]
        reach = max(facts.width, facts.height)
        farthest = np.array([facts.width, facts.height]) + reach
        if ((known < -reach) | (known > farthest)).any():
            self.add(entry)

    def notes(self) -> list[str]:
        if not self.count:
            return []
        return [
            f"{counted(self.count, 'shape has', 'shapes have')} landmarks far outside of the "
            f"image, by more than its longer side: {self.names}."
        ]


@dataclass
class BoxElsewhere(_Named):
    """Shapes that lie for the most part outside of the box that their file gives them, which may be
    another object's, or in other units. Models learn where landmarks are in their boxes."""

    def look(self, entry: ImportedInstance, facts: ImageFacts) -> None:
        known = entry.shape.points[entry.shape.known]
        if entry.box is None or len(known) < 2:
            return
        inside = (np.abs(entry.box.to_frame(known)) <= entry.box.half).all(axis=1)
        if 2 * np.count_nonzero(inside) < len(known):
            self.add(entry)

    def notes(self) -> list[str]:
        if not self.count:
            return []
        return [
            f"{counted(self.count, 'shape has', 'shapes have')} more landmarks outside of the box "
            f"that the file gives than in it: {self.names}. Models learn where landmarks are in "
            "their boxes: see whether the boxes are of these objects, before you go on."
        ]


@dataclass
class BoxOutside(_Named):
    """Boxes of which less than half lies in the image: of another image, or in other units."""

    def look(self, entry: ImportedInstance, facts: ImageFacts) -> None:
        if entry.box is None:
            return
        corners = entry.box.to_image(entry.box.half * _CORNERS)
        low, high = corners.min(axis=0), corners.max(axis=0)
        first, last = (-0.5, -0.5), (facts.width - 0.5, facts.height - 0.5)
        inside = np.maximum(np.minimum(high, last) - np.maximum(low, first), 0.0)
        if 2 * inside.prod() < (high - low).prod():
            self.add(entry)

    def notes(self) -> list[str]:
        if not self.count:
            return []
        return [
            f"{counted(self.count, 'box lies', 'boxes lie')} for the most part outside of the "
            f"image: {self.names}. See whether they are of these images and in pixels, before you "
            "go on."
        ]


@dataclass
class BoxAsCorners:
    """Boxes that reach beyond their image, and would fit in it if what came as their width and
    height were the corner across: most boxes of a file are so where it says two corners in place of
    a corner and a size."""

    fits: int = 0
    of: int = 0

    def look(self, entry: ImportedInstance, facts: ImageFacts) -> None:
        box = entry.box
        if box is None or box.angle:
            return
        self.of += 1
        size, extent = np.array([facts.width, facts.height]), np.array([box.width, box.height])
        corner = np.array(box.corner) + 0.5  # as files have it, whose first pixel begins at 0
        beyond = (corner + extent > size + 1).any()
        fits = (corner > -1).all() and (extent > corner).all() and (extent < size + 1).all()
        self.fits += bool(beyond and fits)

    def notes(self) -> list[str]:
        if 2 * self.fits <= self.of:
            return []
        return [
            f"{self.fits:,} of {counted(self.of, 'box', 'boxes')} of the file would fit in the "
            "image if its last two numbers were a corner (x1, y1, x2, y2), and reach beyond it as "
            "they are read (x, y, width, height). Where the file has corners, take the import back "
            "and write width and height."
        ]


@dataclass
class Tiny:
    """Shapes of several landmarks within the first pixel of an image: most likely they are shares
    of its size."""

    count: int = 0

    def look(self, entry: ImportedInstance, facts: ImageFacts) -> None:
        known = entry.shape.points[entry.shape.known]
        inside = len(known) >= 2 and min(facts.width, facts.height) > 1
        self.count += inside and bool(((known >= 0) & (known <= 1)).all())

    def notes(self) -> list[str]:
        if not self.count:
            return []
        return [
            f"{counted(self.count, 'shape is', 'shapes are')} within the first pixel of the image: "
            "coordinates are pixels, and these look like shares of its size."
        ]


@dataclass
class AtNought(_Named):
    """Shapes with landmarks where files have 0 0 or -1 -1, which many programs write for a landmark
    that is not there; elsewhere the file counts from 1, from corners of pixels, or upwards."""

    def look(self, entry: ImportedInstance, facts: ImageFacts) -> None:
        x, y = entry.shape.points[entry.shape.known].T
        if ((np.isin(x, _NOUGHTS) & (y == x)) | ((x == 0) & (y == facts.height - 1))).any():
            self.add(entry)

    def notes(self) -> list[str]:
        if not self.count:
            return []
        return [
            f"{counted(self.count, 'shape has', 'shapes have')} landmarks at 0 0 or -1 -1 of the "
            f"file, in the corner of the image: {self.names}. Many programs write that for a "
            "landmark that is not there. Where that is so, take the import back, and leave these "
            "open in the file (see annotator formats NAME)."
        ]


@dataclass
class OtherSizes:
    """Images that are not of the size that their labels were made in: scaled since, or turned.
    what: came in."""

    what: str = "Labels"
    images: set[str] = field(default_factory=set)
    first: list[str] = field(default_factory=list)

    def look(self, entry: ImportedInstance, facts: ImageFacts) -> None:
        now = facts.width, facts.height
        if entry.size is None or entry.size == now or facts.sha256 in self.images:
            return
        self.images.add(facts.sha256)
        if len(self.images) <= _SHOWN:
            was = f"{entry.size[0]} x {entry.size[1]}"
            self.first.append(f"{entry.image.name} has {now[0]} x {now[1]} pixels, not {was}")

    def notes(self) -> list[str]:
        count = len(self.images)
        if not count:
            return []
        return [
            f"{counted(count, 'image is', 'images are')} not as large as the label file says: "
            f"{first_few(self.first, _SHOWN, of=count)}. {self.what} came in as they are; see "
            "whether they fit, before you go on."
        ]


OF_BOXES = BoxOutside, BoxAsCorners
"""Of boxes that come in, also with what is predicted."""
LOOKS = FarOutside, BoxElsewhere, *OF_BOXES, Tiny, AtNought, OtherSizes
"""Of all labels that come in, in the order in which they are told."""
