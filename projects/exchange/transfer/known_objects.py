"""Objects that a project has already, and of which either it or a label file has no more than a
box."""

from collections.abc import Callable, Sequence

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.people.same_objects import SAME_OBJECT
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.wording import counted


class KnownObjects:
    """Of one import. Boxes of a detector are read once some of the images are labelled, or before
    the labels are: a second object beside each labelled one would be in every count of what is left
    to be done.

    Two entries of one file are two objects, however much their boxes overlap: each object of the
    project is that of one entry at most, and one that this import has brought is that of none.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._boxes = ErrorBoxes(project)
        self._taken = set[int]()
        self._known = self._labelled = 0

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

    def boxed(
        self, entry: ImportedInstance, there: Callable[[], Sequence[int]]
    ) -> InstanceRecord | None:
        """Of these instances of its image the one that the entry's labels are of, if that has no
        more than a box, from a file or of a model here: it keeps that box.

        None where they are rather of one that has labels, as another person's, or of one that
        somebody here has drawn, or is to label for the second time. A label in a track is of the
        object of that track, or else of one of no track.
        """
        if not entry.shape.known.any():
            return None
        free = [number for number in there() if number not in self._taken]
        if entry.track:
            of_track = {number: self._track_of(number) for number in free}
            own = [number for number in free if of_track[number] == entry.track]
            free = own or [number for number in free if of_track[number] is None]
        wait = InstanceState.UNTOUCHED
        # Also where undo took the image back: it is there again with the first label that comes in.
        if all(self._project.instance(number).state is not wait for number in free):
            return None
        boxes = [box for box in (entry.box, _close_box(None, entry.shape)) if box is not None]
        if entry.shape.known.sum() >= 2:
            boxes.append(Box.square_around(entry.shape.points))
        shared = {n: max((self._overlap(n, box) for box in boxes), default=0.0) for n in free}
        best = max(shared, key=lambda number: shared[number], default=None)
        if best is None or shared[best] <= SAME_OBJECT:
            # The box of a head is far larger than what is around eyes and mouth.
            around = [number for number in free if self._has_inside(number, entry.shape)]
            best = around[0] if len(around) == 1 else None
        record = None if best is None else self._project.instance(best)
        if record is None or record.box is None or record.second_opinion_on is not None:
            return None
        if record.state is not wait or not self._project.only_brought(record.id):
            return None
        self._labelled += 1
        return record

    def mark_taken(self, record: int | None) -> None:
        """This import has brought the instance, or another of its entries is of it."""
        if record:
            self._taken.add(record)

    def notes(self) -> list[str]:
        """What a person is told."""
        found = []
        if self._known:
            boxes = counted(self._known, "box is", "boxes are")
            found.append(f"{boxes} of objects that are there already, which stay as they are.")
        if self._labelled:
            labels = counted(self._labelled, "label is", "labels are")
            found.append(f"{labels} of objects that had a box alone, which they keep.")
        return found

    def _overlap(self, instance_id: int, box: Box) -> float:
        """Of the box and the object's: the stored one, what stands for it, or as close around the
        landmarks as other programs draw theirs."""
        record, shape = self._project.instance(instance_id), self._project.shape(instance_id)
        boxes = (record.box, self._boxes.box(record, shape), _close_box(record, shape))
        return max((box.overlap(own) for own in boxes if own is not None), default=0.0)

    def _track_of(self, instance_id: int) -> str | None:
        track_id = self._project.instance(instance_id).track_id
        return None if track_id is None else self._project.track(track_id).name

    def _has_inside(self, instance_id: int, shape: Shape) -> bool:
        """Whether all landmarks of the label lie in the instance's box."""
        box = self._project.instance(instance_id).box
        if box is None:
            return False
        return bool((np.abs(box.to_frame(shape.points[shape.known])) <= box.half).all())


def _close_box(record: InstanceRecord | None, shape: Shape) -> Box | None:
    """The record's box of landmarks that say nothing of how large the object is."""
    points = shape.points[shape.known]
    if len(points) < 2:
        return None if record is None else record.box
    low, high = points.min(axis=0), points.max(axis=0)
    if not (high > low).all():
        return None if record is None else record.box
    return Box.from_corner(*low.tolist(), *(high - low).tolist())
