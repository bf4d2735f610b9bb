"""Actions on the whole shape of the open instance."""

from collections.abc import Collection

from landmark_annotator.annotator.gui.pages.label.commands.before_landmarks import box_first
from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.labelling.shape_copy import copied
from landmark_annotator.annotator.session.labelling.suggested_marks import RETURN
from landmark_annotator.annotator.session.posterior.hypotheses import Hypothesis
from landmark_annotator.projects.images.source import image_name
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import ActionableError


class WholeShape:
    def __init__(self, controller: LabelController) -> None:
        self._controller = controller

    def hypotheses(self) -> list[Hypothesis]:
        """The distinct shapes that the instance may have; none where there is only one."""
        ready = self._controller.phase is Phase.READY
        return self._controller.session.hypotheses() if ready else []

    def take(self, number: int) -> None:
        """The hypothesis of this number, from 0, is the right one; says so beyond the last."""
        if box_first(self._controller) or self._controller.phase is not Phase.READY:
            return
        found, session = self.hypotheses(), self._controller.session
        if number < len(found):
            what = f"choice of shape {number + 1}"
            self._controller.act(lambda: session.choose(found[number]), what)
        elif found:
            self._controller.note(f"No shape {number + 1} is offered: there are {len(found)}.")
        else:
            self._controller.note("There is only one shape that it may be: none to choose.")

    def swap(self, landmarks: Collection[int] = ()) -> None:
        """Left and right change places, in the whole shape or in the pairs of these landmarks."""
        controller = self._controller
        if not box_first(controller) and controller.phase is Phase.READY:
            controller.act(lambda: controller.session.swap(landmarks), "swap of left and right")

    def start_again(self) -> None:
        """All that people placed is taken back, and so is a copied shape."""
        controller = self._controller
        record = controller.record
        if record is None or box_first(controller) or controller.phase is not Phase.READY:
            return
        if record.state is not InstanceState.UNTOUCHED:
            controller.act(controller.session.start_again, RETURN)
        controller.propose(None)

    def copy_previous(self) -> None:
        """The nearest accepted shape before this one in the list is proposed."""
        controller = self._controller
        record = controller.record
        if record is None or controller.phase in (Phase.LOADING, Phase.BROKEN):
            return
        if record.state is InstanceState.ACCEPTED:
            controller.note("This shape is accepted; take it back to the proposal first.")
            return
        before = controller.project.accepted_before(record.id, who=controller.session.who)
        if before is None:
            controller.note("No image before this one has an accepted shape.")
            return
        try:
            shape = controller.project.shape(before.id)
            proposal = copied(shape, before.box, record.box)
        except ActionableError as error:
            controller.fail(error)
            return
        if record.box is None:
            controller.set_box(proposal.box)
        controller.propose(proposal)
        name = image_name(controller.project.image(before.image_id))
        controller.note(f"The shape of {name} is proposed.")
