"""Actions on the whole shape of the open instance."""

from collections.abc import Collection

from annotator.gui.pages.label.controller.controller import Labelling
from annotator.gui.pages.label.controller.prompt import Phase
from annotator.session.labelling.shape_copy import copied
from annotator.session.posterior.hypotheses import Hypothesis
from projects.store import InstanceState
from projects.vocabulary import ActionableError


class WholeShape:
    def __init__(self, labelling: Labelling) -> None:
        self._labelling = labelling

    def hypotheses(self) -> list[Hypothesis]:
        """The distinct shapes that the instance may have; none where there is only one."""
        ready = self._labelling.phase is Phase.READY
        return self._labelling.session.hypotheses() if ready else []

    def take(self, number: int) -> None:
        """The hypothesis of this number, from 0, is the right one; nothing beyond the last."""
        found, session = self.hypotheses(), self._labelling.session
        if number < len(found):
            what = f"choice of shape {number + 1}"
            self._labelling.act(lambda: session.choose(found[number]), what, clicks=1)

    def swap(self, landmarks: Collection[int] = ()) -> None:
        """Left and right change places, in the whole shape or in the pairs of these landmarks."""
        labelling = self._labelling
        if labelling.phase is Phase.READY:
            labelling.act(lambda: labelling.session.swap(landmarks), "swap of left and right")

    def start_again(self) -> None:
        """All that people placed is taken back, and so is a copied shape."""
        labelling = self._labelling
        if labelling.phase is not Phase.READY or labelling.record is None:
            return
        if labelling.record.state is not InstanceState.UNTOUCHED:
            labelling.act(labelling.session.start_again, "return to the proposal")
        labelling.propose(None)

    def copy_previous(self) -> None:
        """The nearest accepted shape before this one in the list is proposed."""
        labelling = self._labelling
        record = labelling.record
        if record is None or labelling.phase in (Phase.LOADING, Phase.BROKEN):
            return
        if record.state is InstanceState.ACCEPTED:
            labelling.noted.emit("This shape is accepted; take it back to the proposal first.")
            return
        before = labelling.project.accepted_before(record.id)
        if before is None:
            labelling.noted.emit("No image before this one has an accepted shape.")
            return
        try:
            shape = labelling.project.shape(before.id)
            proposal = copied(shape, before.box, record.box)
        except ActionableError as error:
            labelling.failed.emit(error)
            return
        if record.box is None:
            labelling.set_box(proposal.box)
        labelling.propose(proposal)
        name = labelling.project.image(before.image_id).path.name
        labelling.noted.emit(f"The shape of {name} is proposed.")
