"""The part of a project that keeps what a model found in its images."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from landmark_annotator.projects.store.journal import find_actions, object_actions
from landmark_annotator.projects.store.open_project import Opened
from landmark_annotator.projects.vocabulary import Box


class Finding(Opened):
    def add_found(
        self,
        boxes: Mapping[int, Sequence[Box]],
        *,
        tracks: Mapping[int, Sequence[int | None]] | None = None,
        title: str = "",
        who: str,
        at: datetime | None = None,
    ) -> list[int]:
        """Boxes that a model found, by image's id, as one step for undo; returns the ids of the
        instances, in that order.

        Instances that wait for a box get one, and others are added. tracks: by image's id, the id
        of the track of each box, None of one without; a track that is gone, or has another object
        in the image, is not given. title: what the step is called in a menu. who: the person at
        whose wish or window it was looked for; the journal says that nobody drew them. at: when, of
        what is one step for undo with what `move_found` and `gather_tracks` do at this time.
        """
        count = sum(map(len, boxes.values()))
        title = title or f"finding of {count:,} object{'' if count == 1 else 's'}"
        with self._writing() as connection:
            return find_actions.add_found(connection, boxes, tracks or {}, title, who, at)

    def move_found(
        self, boxes: Mapping[int, Box], *, title: str, who: str, at: datetime | None = None
    ) -> list[int]:
        """Other boxes for instances whose box a model found and which nobody has begun, by their
        ids, as one step for undo; others are left as they are. Returns which were moved. at: as of
        `add_found`."""
        with self._writing() as connection:
            return find_actions.move_found(connection, boxes, title, who, at)

    def some_hold_several(self) -> bool:
        """Whether an image holds several objects that count, second opinions aside."""
        return find_actions.some_hold_several(self._reading)

    def begin_object(self, image_id: int, *, who: str) -> int:
        """One more in the image, without a box, as one step for undo; its id."""
        with self._writing() as connection:
            return object_actions.begin_object(connection, image_id, who)

    def found_in(self, image_id: int) -> frozenset[int]:
        """Instances of an image, excluded ones too, that a model once found."""
        return find_actions.found_in(self._reading, image_id)

    def found_boxes(self) -> frozenset[int]:
        """Instances, excluded ones too, whose box is as a model found it."""
        return find_actions.found_boxes(self._reading)
