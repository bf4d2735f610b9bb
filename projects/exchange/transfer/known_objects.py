"""Objects that a project has already, and of which either it or a label file has no more than a
box."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.people.same_objects import SAME_OBJECT
from landmark_annotator.projects.vocabulary import Box, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.wording import counted


@dataclass(frozen=True)
class _Seen:
    """An object of the project. corners: (3, 4) x and y of two corners of its stored box, of what
    stands for it, and of one as close around the landmarks as other programs draw theirs; NaN where
    it has none."""

    record: InstanceRecord
    corners: Floats


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
        self._seen: dict[int, _Seen] = {}
        """By id, as they were since `forget`: read for each entry of an image of many objects, they
        would be read as often as there are objects squared."""
        self._known = self._labelled = 0

    def has(self, entry: ImportedInstance, there: Callable[[], Sequence[int]]) -> bool:
        """Whether the entry is a box, and nothing more, of one of these instances of its image.

        A box in a track is not asked: it says of an object that it is the same in several frames.
        """
        if entry.box is None or entry.shape.known.any() or entry.masks or entry.track:
            return False
        best = _most_shared(self._free(there()), [entry.box])
        if best is None:
            return False
        self._taken.add(best.record.id)
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
        free = self._free(there())
        if entry.track:
            tracked = [(one, self._track_of(one.record)) for one in free]
            own = [one for one, track in tracked if track == entry.track]
            free = own or [one for one, track in tracked if track is None]
        wait = InstanceState.UNTOUCHED
        # Also where undo took the image back: it is there again with the first label that comes in.
        if all(one.record.state is not wait for one in free):
            return None
        boxes = [box for box in (entry.box, _close_box(None, entry.shape)) if box is not None]
        if entry.shape.known.sum() >= 2:
            boxes.append(Box.square_around(entry.shape.points))
        best = _most_shared(free, boxes)
        if best is None:
            # The box of a head is far larger than what is around eyes and mouth.
            around = [one for one in free if _has_inside(one.record.box, entry.shape)]
            best = around[0] if len(around) == 1 else None
        record = None if best is None else self._project.instance(best.record.id)
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

    def forget(self) -> None:
        """What was read of objects: others write between two transactions."""
        self._seen.clear()

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

    def _free(self, numbers: Sequence[int]) -> list[_Seen]:
        """Those of these instances that no entry is of yet."""
        free = [number for number in numbers if number not in self._taken]
        missing = [number for number in free if number not in self._seen]
        if missing:
            about = self._project.shapes(None, bare=True, excluded=True, among=missing)
            for record, shape in about:
                boxes = record.box, self._boxes.box(record, shape), _close_box(record, shape)
                self._seen[record.id] = _Seen(record, np.array([*map(_corners, boxes)]))
        return [self._seen[number] for number in free if number in self._seen]

    def _track_of(self, record: InstanceRecord) -> str | None:
        return None if record.track_id is None else self._project.track(record.track_id).name


def _most_shared(objects: Sequence[_Seen], boxes: Iterable[Box]) -> _Seen | None:
    """Of these the one that shares most with any of the boxes, if that is enough for the same
    object; intersection over union, all taken as upright."""
    if not objects:
        return None
    own = np.stack([one.corners for one in objects])
    areas = (own[..., 2:] - own[..., :2]).prod(axis=-1)
    most = np.zeros(len(objects))
    for box in boxes:
        corners = np.array(_corners(box))
        low, high = np.maximum(own[..., :2], corners[:2]), np.minimum(own[..., 2:], corners[2:])
        shared = (high - low).clip(0).prod(axis=-1)
        share = shared / (areas + box.width * box.height - shared)
        most = np.fmax.reduce([most, *share.T])
    best = int(most.argmax())
    return objects[best] if most[best] > SAME_OBJECT else None


def _corners(box: Box | None) -> tuple[float, float, float, float]:
    """x and y of the first and the last corner, taken as upright; NaN of none."""
    if box is None:
        return np.nan, np.nan, np.nan, np.nan
    x, y = box.corner
    return x, y, x + box.width, y + box.height


def _has_inside(box: Box | None, shape: Shape) -> bool:
    """Whether all landmarks of the label lie in the box."""
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
