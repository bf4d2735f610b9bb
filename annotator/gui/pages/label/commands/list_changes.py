"""Instances come, go, or count no more: the list is another, and something else is opened."""

from collections.abc import Callable, Sequence

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.projects.store import Entry, InstanceRecord
from landmark_annotator.projects.vocabulary import ActionableError


class ListChanges:
    def __init__(self, controller: LabelController) -> None:
        self._controller = controller

    def one(self, action: Callable[[], int], said: str = "") -> None:
        """An action that adds instances or removes one, and says which one to open then. said:
        what was done, where that is a step for undo."""
        controller = self._controller
        controller.settle()
        try:
            following = action()
        except ActionableError as error:
            controller.fail(error)
            return
        controller.changes.announce(Change(Kind.LIST, said=said, by=controller))
        controller.open(following)

    def many(self, action: Callable[[], Sequence[Entry]], following: int | None = None) -> None:
        """An action that leaves out many, or takes them in again. following: what to open then,
        where what is open counts no more."""
        self._controller.settle()
        try:
            entries = action()
        except ActionableError as error:
            self._controller.fail(error)
            return
        if entries:
            self._changed(f"Stored: {entries[-1].title}", following)

    def turned(self, entry: Entry, what: str) -> None:
        """What was excluded or restored is so no longer, or again; what counts now is shown."""
        controller, project = self._controller, self._controller.project
        image_id = entry.image_id
        if image_id is None and entry.instance_id is not None:
            image_id = project.instance(entry.instance_id).image_id
        inside = [] if image_id is None else project.instances_of(image_id)
        first = next((one.id for one in inside), None)
        if first is None and image_id is not None:  # a frame that came in is out again
            first = self._beside(image_id)
        self._changed(what, first)
        about = (one.id for one in inside if entry.image_id or one.id == entry.instance_id)
        first = next(about, None)
        if first is not None and (controller.record is None or controller.record.id != first):
            controller.open(first)

    def _beside(self, image_id: int) -> int | None:
        """An object of the nearest frame of the image's video, of two the earlier: whoever takes
        back a frame was beside it, and not where the next one waits. None of another image."""
        controller, project = self._controller, self._controller.project
        image, record = project.image(image_id), controller.record
        if image.video_id is None or image.frame is None:
            return None
        track = None if record is None else record.track_id
        beside = project.nearest_object(image.video_id, image.frame, track)
        return None if beside is None else beside.instance_id

    def _changed(self, what: str, following: int | None) -> None:
        controller, project = self._controller, self._controller.project
        before, counted = controller.record, controller.counts
        kinds = Kind.LIST | Kind.STORED | Kind.LABELS
        controller.changes.announce(Change(kinds, said=what, by=controller))
        if before is not None:
            controller.counts = project.counts(before.id)
            if controller.counts and _differ(project.instance(before.id), before):
                controller.open(before.id)  # as it was it could be accepted
                return
            controller.show_again()
            if controller.counts or not counted:
                return
        if following is None or not project.counts(following):
            first = project.first()
            following = controller.session.following() or (None if first is None else first.id)
        if following is None:
            controller.note("Nothing is left that counts: all of it is excluded.")
        else:
            controller.open(following)


def _differ(one: InstanceRecord, other: InstanceRecord) -> bool:
    """Whether one and the same object is elsewhere now, or of another track."""
    return (one.box, one.track_id) != (other.box, other.track_id)
