"""A frame of a video that came in with the boxes of one beside it: they go to where flow takes what
is in them, beside the window, as long as nobody has begun there. Between frames that are half a
second apart a fly or a mouse leaves the box that it was in."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.tracking.carried_boxes import (
    FARTHEST_COPY,
    FrameBeside,
    carried_boxes,
    copied_beside,
)
from landmark_annotator.projects.images.source import Frame
from landmark_annotator.projects.store import VideoRecord
from landmark_annotator.projects.store.rows.records import BY_ITSELF
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.wording import counted


class CopiedBoxes(QObject):
    def __init__(self, controller: LabelController, parent: QObject) -> None:
        super().__init__(parent)
        self._controller, self._project = controller, controller.project
        self._at_work = Tasks(1, self)

    def close(self) -> None:
        self._at_work.leave()

    def follow(self, video: VideoRecord) -> None:
        """Those of the open image, which has just come in."""
        record = self._controller.record
        if record is None:
            return
        image, ways = self._project.image(record.image_id), self._controller.preparation.two_clicks
        found = copied_beside(self._project, video, image, ways)
        if found is None:
            return
        beside, ids = found
        if abs(beside.opened - beside.labelled) > FARTHEST_COPY:
            boxes = "box is" if len(ids) == 1 else f"{len(ids)} boxes are"
            self._controller.note(
                f"The {boxes} as in frame {beside.labelled:,}, too far away to be followed here."
            )
            return
        before = {each: self._project.instance(each).box for each in ids}
        self._at_work.request(
            f"copies {image.id}",
            partial(_places, beside, ids),
            partial(self._take, image.id, before, beside.labelled),
            self._controller.fail,
        )

    def _take(
        self,
        image_id: int,
        before: Mapping[int, Box | None],
        labelled: int,
        places: Mapping[int, Box],
    ) -> None:
        """Of the open image or, by now, of another one. labelled: the frame that they are from."""
        controller, project = self._controller, self._project
        if controller.away:  # nothing is to come between the hand and what it goes to
            return
        free = {
            each: box
            for each, box in places.items()
            if project.instance(each).box == before[each] and not controller.in_hands(each)
        }
        title = f"box as in frame {labelled:,}"
        moved = project.move_found(free, title=title, who=BY_ITSELF)
        record = controller.record
        if moved:
            for each in moved:
                controller.preparation.forget(each)
            controller.changes.announce(Change(Kind.LIST, frozenset(moved), by=controller))
            if record is not None and not controller.in_hands(record.id):
                controller.open(record.id)
        if record is not None and record.image_id == image_id:
            lost = before.keys() - places.keys()
            self._tell(sum(project.instance(each).box == before[each] for each in lost), labelled)

    def _tell(self, copied: int, labelled: int) -> None:
        """How many boxes are copies still, of what has probably gone elsewhere."""
        if copied:
            lost = f"{counted(copied, 'object')} of frame {labelled:,} could not be followed"
            self._controller.note(f"{lost}: boxes stay as they are there.")


def _places(beside: FrameBeside, ids: Sequence[int]) -> dict[int, Box]:
    """By the instances' ids; of what flow loses nothing."""
    found: dict[int, Box] = {}
    with suppress(ImageError):  # of a frame between, which nobody has asked for
        found = carried_boxes(beside, Frame(beside.video, beside.opened).pixels())
    return {ids[place]: box for place, box in found.items()}
