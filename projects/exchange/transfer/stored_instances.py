"""What a project has of one image already, to be asked by key and by shape in constant time."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.store import InstanceRecord, InstanceState
from landmark_annotator.projects.vocabulary import Shape

Mark = tuple[bytes, bytes]
"""Equal for shapes with equal positions and visibilities."""


@dataclass
class StoredInstances:
    """key: the name of a record that entries have. An image may have thousands of instances."""

    key: Callable[[InstanceRecord], str]
    entries: list[tuple[InstanceRecord, Shape]] = field(default_factory=list)
    _of_key: dict[str, list[int]] = field(default_factory=dict)
    _marks: set[Mark] = field(default_factory=set)
    _waiting: dict[int, None] = field(default_factory=dict)
    _excluded_keys: set[str] = field(default_factory=set)
    _excluded_marks: set[Mark] = field(default_factory=set)

    def add(self, record: InstanceRecord, shape: Shape) -> None:
        self.entries.append((record, shape))
        self._index(len(self.entries) - 1)

    def replace(self, place: int, record: InstanceRecord, shape: Shape) -> None:
        self._waiting.pop(place, None)
        self.entries[place] = (record, shape)
        self._index(place)

    def _index(self, place: int) -> None:
        record, shape = self.entries[place]
        key, mark = self.key(record), _mark(shape)
        places = self._of_key.setdefault(key, [])
        if place not in places:
            places.append(place)
        self._marks.add(mark)
        if record.excluded is not None:
            self._excluded_keys.add(key)
            self._excluded_marks.add(mark)
        elif is_empty(record):
            self._waiting[place] = None

    def of_key(self, key: str) -> Shape | None:
        """The shape of the first instance of that key of which something is known."""
        for place in self._of_key.get(key, ()):
            record, shape = self.entries[place]
            if self.key(record) == key and not is_empty(record):
                return shape
        return None

    def has(self, entry: ImportedInstance) -> bool:
        """Whether the image has such a shape; of an entry without labels, whether it has any."""
        if entry.shape.known.any():
            return _mark(entry.shape) in self._marks
        return entry.box is None and len(self.entries) > 0

    def has_excluded(self, key: str, shape: Shape) -> bool:
        return key in self._excluded_keys or _mark(shape) in self._excluded_marks

    def waiting(self, key: str) -> int | None:
        """An instance that waits for labels, one of the same key first: two may be waiting for two
        objects."""
        same = (place for place in self._of_key.get(key, ()) if place in self._waiting)
        return next(same, next(iter(self._waiting), None))


def is_empty(record: InstanceRecord) -> bool:
    """Whether nothing is known of it yet: it waits for labels."""
    return record.state is InstanceState.UNTOUCHED and record.box is None


def equal(one: Shape, other: Shape) -> bool:
    return _mark(one) == _mark(other)


def _mark(shape: Shape) -> Mark:
    # Of 0 and -0, and of the many NaN, there is one each.
    points = np.where(np.isnan(shape.points), np.nan, shape.points + 0.0)
    return points.tobytes(), shape.visibility.tobytes()
