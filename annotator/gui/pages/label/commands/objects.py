"""Several objects in one image: add one, go from one to the next, remove what is none."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.canvas.geometry.box_geometry import holds
from landmark_annotator.annotator.gui.canvas.layers.crosses import FoundObject
from landmark_annotator.annotator.gui.canvas.layers.landmarks import OtherObject
from landmark_annotator.annotator.gui.canvas.scene import Scene
from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.gui.pages.label.commands.list_changes import ListChanges
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.finding.found_objects import NOT_AN_OBJECT
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.review.second_opinions import is_second_opinion
from landmark_annotator.projects.store import InstanceRecord, InstanceState
from landmark_annotator.projects.vocabulary.arrays import Floats


class Objects(QObject):
    changed = Signal(object)
    """(tuple of OtherObject) The objects of the open image that are not open themselves."""
    retold = Signal()
    """They are others than before, though nothing was done to the open one."""

    def __init__(
        self, controller: LabelController, scene: Scene, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller, self._scene = controller, scene
        self._list_changes = ListChanges(controller)
        self.others: tuple[OtherObject, ...] = ()
        self._found: frozenset[int] = frozenset()
        """By the tool, in the open image; beside the open one only what is untouched."""
        self._several: bool | None = None
        """Whether images of this project hold several objects; None: nobody has looked yet."""
        self.changed.connect(scene.show_others)
        controller.changed.connect(self._offer)
        controller.opened.connect(self._look_at_opened)
        controller.picture_changed.connect(self._tell)
        controller.preparation.proposal_ready.connect(self._look_again)
        controller.changes.show_later(self._hear)

    @property
    def slots(self) -> Mapping[str, Callable[[], object]]:
        return {
            "add_object": self.add,
            "next_object": self.step,
            "remove_object": self.remove,
        }

    @property
    def may_be_more(self) -> bool:
        """Whether the open image may hold more than its only known object, which a person has to
        say: other images hold several, and no model has looked for them here."""
        record = self._controller.record
        ready = self._controller.phase is Phase.READY
        if record is None or not ready or self.others or record.id in self._found:
            return False
        if self._several is None:
            self._several = self._controller.project.some_hold_several()
        return self._several

    @property
    def guess(self) -> bool:
        """Whether nobody has said yet that the open one is an object, and `remove` says it is none:
        a model has found it, or it was added beside others and has no box."""
        record = self._controller.record
        if record is None or record.state is not InstanceState.UNTOUCHED:
            return False
        return record.id in self._found or (record.box is None and bool(self.others))

    def add(self) -> None:
        """One more in the open image; it is opened and needs a box."""
        controller, record = self._controller, self._controller.record
        if record is not None:
            add, who = controller.project.begin_object, controller.session.who
            self._list_changes.one(
                lambda: add(record.image_id, who=who), "Stored: adding of an object"
            )

    def step(self) -> None:
        """The next object of the open image, after the last the first."""
        record = self._controller.record
        if record is None:
            return
        ids = [other.id for other in self._of_image(record)]
        if not set(ids) - {record.id}:
            self._controller.note("There is only one object in this image.")
            return
        # Another window may just have removed the open one.
        place = ids.index(record.id) if record.id in ids else -1
        self._controller.open(ids[(place + 1) % len(ids)])

    def remove(self) -> None:
        """What the tool or another program found under the cursor, else the open one: what nobody
        has begun with is left out, as one step for undo; of an image the last one only if found.
        """
        controller, record = self._controller, self._controller.record
        if record is None:
            return
        same = [other.id for other in self._of_image(record)]
        under = self._under_cursor(record)
        gone = next((i for i in (under, record.id) if self._only_found(i)), None)
        if gone is not None:
            self._throw_out(gone, record, same)
        elif same == [record.id]:
            controller.note(
                "This is the only object in the image, so it stays. Exclude it where there is none."
            )
        elif record.state is InstanceState.UNTOUCHED:
            self._throw_out(record.id, record, same)
        else:

            def remove() -> int:
                controller.project.remove_instance(record.id)
                return same[same.index(record.id) - 1]

            self._list_changes.one(remove)

    def throw_out(self, instance_id: int) -> None:
        """What the tool found, by its cross: left out, as one step for undo."""
        record = self._controller.record
        if record is None:
            return
        if self._only_found(instance_id):
            same = [other.id for other in self._of_image(record)]
            self._throw_out(instance_id, record, same)
        else:
            self._controller.note("Somebody has worked on this object meanwhile, so it stays.")
            self._look(record.id)

    def _throw_out(self, gone: int, record: InstanceRecord, same: Sequence[int]) -> None:
        controller = self._controller
        exclude, who = controller.project.exclude, controller.session.who
        rest = (each for each in same if each != gone)
        following = record.id if gone != record.id else next(rest, None)
        self._list_changes.many(
            lambda: exclude(instances=[gone], why=NOT_AN_OBJECT, who=who), following
        )
        if gone != record.id:
            self._look(record.id)
            controller.show_again()

    def _only_found(self, instance_id: int) -> bool:
        """Whether the tool or another program has found it, and nobody has placed anything in
        it."""
        project = self._controller.project
        record = project.instance(instance_id)
        if record.state is not InstanceState.UNTOUCHED:
            return False
        if instance_id in project.found_in(record.image_id):
            return True
        proposal = project.proposal(instance_id)
        return proposal is not None and proposal.imported_from is not None

    def _under_cursor(self, record: InstanceRecord) -> int:
        """Of the objects whose boxes hold the cursor the one whose middle is nearest, else the
        open one; the open one also as long as the hand has not moved since it was opened."""
        cursor = None if self._scene.resting else self._scene.cursor
        boxes = {other.id: other.box for other in self.others} | {record.id: record.box}
        if cursor is None or record.box is None:
            return record.id
        at = np.array(self._scene.image_point(cursor))
        away = {
            i: float(np.abs(box.to_frame(at)).max())
            for i, box in boxes.items()
            if box is not None and holds(box, at)
        }
        return min(away, key=away.__getitem__, default=record.id)

    def _of_image(self, record: InstanceRecord) -> list[InstanceRecord]:
        """Those that count, and the open one."""
        same = self._controller.project.instances_of(record.image_id, excluded=True)
        return [other for other in same if other.excluded is None or other.id == record.id]

    def _look_again(self, instance_id: int) -> None:
        """Something is proposed for one of the objects, or one of them counts no more."""
        record = self._controller.record
        beside = any(other.id == instance_id for other in self.others)
        if record is not None and (beside or instance_id == record.id):
            self._look(record.id)

    def _hear(self, change: Change) -> None:
        """Somebody else, or another window, may have accepted one of them, added one or taken one
        away."""
        beside = {other.id for other in self.others}
        if change.instances & beside or Kind.LIST in change.kinds:
            self.look_again()
            self.retold.emit()

    def _look_at_opened(self, instance_id: int) -> None:
        """What was just read of its image need not be read again."""
        self._look(instance_id, self._controller.inside)

    def _look(self, instance_id: int, inside: Sequence[InstanceRecord] | None = None) -> None:
        """inside: all of the image, as it is now; None: to be read."""
        project, opened = self._controller.project, self._controller.record
        assert opened is not None
        others: list[OtherObject] = []
        # Numbered as in the list, where those that were excluded keep their numbers.
        same = project.instances_of(opened.image_id, excluded=True) if inside is None else inside
        # Of two that label an object both are in the image.
        of_two = any(other.second_opinion_on is not None for other in same)
        hidden = project.hidden_from(self._controller.session.who) if of_two else ()
        for number, other in enumerate(same, start=1):
            if (
                other.excluded is None
                and other.id not in hidden
                and other.id != instance_id
                and not is_second_opinion(opened, other)
            ):
                waits = other.state is not InstanceState.ACCEPTED
                points = self._expected(other.id) if waits else project.shape(other.id).points
                others.append(OtherObject(other.id, number, points, other.box, waits))
        self.others = tuple(others)
        if others:
            self._several = True
        begun = {r.id for r in same if r.state is not InstanceState.UNTOUCHED}
        self._found = project.found_in(opened.image_id) - (begun - {instance_id})
        self._tell()
        self._offer()

    def _expected(self, instance_id: int) -> Floats:
        """(L, 2) What would be accepted of it now, NaN where nothing."""
        session, project = self.session_at(instance_id), self._controller.project
        if session is not None:
            return session.view.shape.points
        proposal = project.proposal(instance_id)
        return (project.shape(instance_id) if proposal is None else proposal).points

    def session_at(self, instance_id: int) -> LabellingSession | None:
        """At one beside the open one; None as long as nothing is proposed for it yet."""
        controller, preparation = self._controller, self._controller.preparation
        prior, thinks = preparation.prior(instance_id), preparation.thinks(instance_id)
        if prior is None and thinks:
            return None
        session = LabellingSession(controller.project, who=controller.session.who)
        session.open(instance_id, preparation.proposal(instance_id), prior, by_hand=not thinks)
        return session

    def look_again(self) -> None:
        """At what is expected of them now."""
        if self._controller.record is not None:
            self._look(self._controller.record.id)

    def _tell(self) -> None:
        """Who they are, unless another frame of the video is seen, with objects of its own."""
        if not self._controller.away:
            self.changed.emit(self.others)

    def hide(self) -> None:
        """Another image is seen before one of its objects is open."""
        self.changed.emit(())
        self._scene.show_found(())

    def _offer(self) -> None:
        """What the tool found and nobody has touched is thrown out by a click on its cross."""
        record = self._controller.record
        if record is None or self._controller.project.read_only or self._controller.away:
            return
        boxes = {other.id: other.box for other in self.others}
        if record.state is InstanceState.UNTOUCHED and record.excluded is None:
            boxes[record.id] = record.box
        found = [FoundObject(i, box) for i, box in boxes.items() if box and i in self._found]
        self._scene.show_found(found)
