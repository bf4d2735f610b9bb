"""Several objects in one image: add one, go from one to the next, remove one never touched."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from annotator.gui.canvas.layers.landmarks import OtherObject
from annotator.gui.pages.label.commands.list_changes import ListChanges
from annotator.gui.pages.label.controller.controller import LabelController
from annotator.session.review.second_opinions import is_second_opinion
from projects.store import InstanceRecord, InstanceState


class Objects(QObject):
    def __init__(self, controller: LabelController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._list_changes = ListChanges(controller)
        self.others: Sequence[OtherObject] = ()
        """The objects of the open image that are not open themselves."""
        controller.opened.connect(self._look)

    def add(self) -> None:
        """One more in the open image; it is opened and needs a box."""
        controller, record = self._controller, self._controller.record
        if record is not None:
            add, who = controller.project.add_instance, controller.session.who
            self._list_changes.one(lambda: add(record.image_id, None, who=who).id)

    def step(self) -> None:
        """The next object of the open image, after the last the first."""
        record = self._controller.record
        if record is None:
            return
        ids = [other.id for other in self._of_image(record)]
        if len(ids) == 1:
            self._controller.note("There is only one object in this image.")
        else:
            self._controller.open(ids[(ids.index(record.id) + 1) % len(ids)])

    def remove(self) -> None:
        """The open one, of which nothing was ever stored; never the last of its image."""
        controller, record = self._controller, self._controller.record
        if record is None:
            return
        same = [other.id for other in self._of_image(record)]
        if len(same) == 1:
            controller.note("This is the only object in the image, so it stays.")
            return

        def remove() -> int:
            controller.project.remove_instance(record.id)
            return same[same.index(record.id) - 1]

        self._list_changes.one(remove)

    def _of_image(self, record: InstanceRecord) -> list[InstanceRecord]:
        """Those that count, and the open one."""
        same = self._controller.project.instances_of(record.image_id, excluded=True)
        return [other for other in same if other.excluded is None or other.id == record.id]

    def _look(self, instance_id: int) -> None:
        project = self._controller.project
        opened = project.instance(instance_id)
        found = []
        # Numbered as in the list, where those that were excluded keep their numbers.
        same = project.instances_of(opened.image_id, excluded=True)
        for number, other in enumerate(same, start=1):
            if (
                other.excluded is None
                and other.id != instance_id
                and not is_second_opinion(opened, other)
            ):
                points = project.shape(other.id).points
                proposal = project.proposal(other.id)
                if proposal is not None and other.state is not InstanceState.ACCEPTED:
                    points = proposal.points
                found.append(OtherObject(number, points, other.box))
        self.others = tuple(found)
