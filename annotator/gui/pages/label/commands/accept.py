"""Accepting what is seen and going on: the next photograph is seen before the disk is done."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.pages.label.commands.place_by_clicks import TwoClickPlacement
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.labelling import after_storing
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.labelling.view import View
from landmark_annotator.projects.store import InstanceState

_ALL_DONE = "Everything is accepted: there is nothing left to label."
_FRAMES_DONE = (
    "All frames that are in the project are accepted. A click in any other one of the video brings "
    "it in."
)


class Acceptance(QObject):
    ahead = Signal(object)
    """(View) The instance that will be open, to be painted now; nothing can be done to it yet."""
    back = Signal()
    """What was to be stored is not: what was open is open still."""

    def __init__(self, controller: LabelController, placement: TwoClickPlacement) -> None:
        super().__init__(controller)
        self._controller, self._placement = controller, placement
        self._on_canvas: int | None = None
        self._seen: int | None = None
        """The instance that has been painted, of the one that the canvas shows."""

    def show(self, instance_id: int) -> None:
        """The canvas shows this instance from now on, though it is not painted yet."""
        if instance_id != self._on_canvas:
            self._on_canvas, self._seen = instance_id, None

    def see(self) -> None:
        """What the canvas shows has been painted."""
        self._seen = self._on_canvas

    def sees(self, instance_id: int) -> bool:
        """Whether it has been painted as what is open."""
        return self._seen == instance_id

    def accept(self) -> None:
        """Stores the shape as seen and goes on; what is accepted already is only left.

        While the box is being changed, only that is done; and nothing is while the first of two
        clicks in place of a box is held, which would be lost. No event of the user's comes between
        the next photograph's being seen and its being open, so no click is lost.
        """
        controller = self._controller
        if self._placement.asks_for_second():
            return
        if controller.phase is Phase.BOX:
            controller.settle()  # keys may have made a box where there was none
        view, record = controller.view, controller.record
        if controller.changes_box and record is not None and record.box is not None:
            controller.want_box(False)
            return
        waits = (Phase.LOADING, Phase.BROKEN, Phase.THINKING)
        if view is None or record is None or controller.phase in waits:
            return
        if controller.phase is Phase.BOX and not controller.can_accept:
            return  # the box is asked for already, or looked for
        if record.state is InstanceState.ACCEPTED:
            self.go_on()
            return
        if not self.sees(record.id):
            # Keys can be faster than the screen, and nobody accepts what nobody has seen.
            return
        controller.settle()
        following = self._following() if controller.can_accept else None
        ahead = None if following is None else self._look_ahead(following)
        what, leaving = "acceptance of the shape", following is not None
        accept = partial(controller.session.accept, leaving=leaving)
        if not controller.act(accept, what, leaving=leaving):
            if ahead is not None:
                self.back.emit()
        elif following is not None:
            with after_storing.stored():
                controller.open(following, ahead)
        else:
            self.go_on()

    def go_on(self) -> None:
        """Opens the next one that is not accepted, and leaves this one as it is."""
        controller = self._controller
        following, record = self._following(), controller.record
        if following is not None:
            controller.open(following)
        elif record is not None and record.state is InstanceState.ACCEPTED:
            goes_on = controller.project.image(record.image_id).video_id is not None
            controller.note(_FRAMES_DONE if goes_on else _ALL_DONE)
        else:
            controller.note("This is the only one left without accepted landmarks.")

    def _following(self) -> int | None:
        """The next one that is not accepted; what was begun in this image comes before others."""
        controller = self._controller
        begun = self._objects_begun()
        return begun[0] if begun else controller.session.following()

    def _objects_begun(self) -> list[int]:
        """Beside the open one, as the image was when that was opened: no question to the store."""
        controller, record = self._controller, self._controller.record
        begun = [
            other
            for other in controller.inside
            if other.state is InstanceState.STARTED
            and other.excluded is None
            and record is not None
            and other.id != record.id
            and other.image_id == record.image_id
        ]
        if any(other.second_opinion_on is not None for other in controller.inside):
            # Nobody is sent to what somebody else makes of the same object.
            hidden = controller.project.hidden_from(controller.session.who)
            begun = [o for o in begun if o.id not in hidden and o.second_opinion_on is None]
        return [other.id for other in begun]

    def _look_ahead(self, instance_id: int) -> LabellingSession | None:
        """What was read to show it, where all is there for that."""
        controller, preparation = self._controller, self._controller.preparation
        proposal, prior = preparation.proposal(instance_id), preparation.prior(instance_id)
        if proposal is None or prior is None or controller.project.read_only:
            return None
        session = LabellingSession(controller.project, who=controller.session.who)
        view: View = session.open(instance_id, proposal, prior)
        if preparation.picture(view.instance.image_id) is None:
            return None
        if not self._opens_among_others(view):
            self.ahead.emit(view)
        return session

    def _opens_among_others(self, view: View) -> bool:
        """Whether it will be seen with others of its image that wait. Alone, it would be seen
        closely for a moment before."""
        controller, image = self._controller, view.instance.image_id
        if controller.record is None or controller.record.image_id == image:
            return False
        inside = controller.project.instances_of(image)
        return sum(other.state is not InstanceState.ACCEPTED for other in inside) > 1
