"""Objects that a project has already and of which a label file has no more than a box."""

from collections.abc import Callable, Sequence

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.store import InstanceRecord, Project
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.people.same_objects import SAME_OBJECT
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.wording import counted


class KnownObjects:
    """Of one import. Boxes of a detector are mostly read once some of the images are labelled: a
    second object beside each labelled one would be in every count of what is left to be done.

    Two entries of one file are two objects, however much their boxes overlap: each object of the
    project is that of one entry at most, and one that this import has brought is that of none.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._boxes = ErrorBoxes(project)
        self._taken = set[int]()
        self._known = 0

    def has(self, entry: ImportedInstance, there: Callable[[], Sequence[int]]) -> bool:
        """Whether the entry is a box, and nothing more, of one of these instances of its image.

        A box in a track is not asked: it says of an object that it is the same in several frames.
        """
        if entry.box is None or entry.shape.known.any() or entry.masks or entry.track:
            return False
        free = [number for number in there() if number not in self._taken]
        shared = {number: self._overlap(number, entry.box) for number in free}
        best = max(shared, key=lambda number: shared[number], default=None)
        if best is None or shared[best] <= SAME_OBJECT:
            return False
        self._taken.add(best)
        self._known += 1
        return True

    def mark_taken(self, record: int | None) -> None:
        """This import has brought the instance, or another of its entries is of it."""
        if record:
            self._taken.add(record)

    def notes(self) -> list[str]:
        """What a person is told."""
        if not self._known:
            return []
        boxes = counted(self._known, "box is", "boxes are")
        return [f"{boxes} of objects that are there already, which stay as they are."]

    def _overlap(self, instance_id: int, box: Box) -> float:
        """Of the box and the object's: the stored one, what stands for it, or as close around the
        landmarks as other programs draw theirs."""
        record, shape = self._project.instance(instance_id), self._project.shape(instance_id)
        boxes = (record.box, self._boxes.box(record, shape), _close_box(record, shape))
        return max((box.overlap(own) for own in boxes if own is not None), default=0.0)


def _close_box(record: InstanceRecord, shape: Shape) -> Box | None:
    """None of landmarks that say nothing of how large the object is."""
    points = shape.points[shape.known]
    if len(points) < 2:
        return record.box
    low, high = points.min(axis=0), points.max(axis=0)
    if not (high > low).all():
        return record.box
    return Box.from_corner(*low.tolist(), *(high - low).tolist())
