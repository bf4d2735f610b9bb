"""Accepting what is seen and going on: the next photograph is seen before the disk is done."""

from PySide6.QtCore import QObject, Signal

from annotator.gui.pages.label.controller.controller import Labelling
from annotator.gui.pages.label.controller.prompt import Phase
from annotator.session.labelling.session import LabellingSession, View
from projects.store import InstanceState


class Accepting(QObject):
    ahead = Signal(object)
    """(View) The instance that will be open, to be painted now; nothing can be done to it yet."""
    back = Signal()
    """What was to be stored is not: what was open is open still."""

    def __init__(self, labelling: Labelling) -> None:
        super().__init__(labelling)
        self._labelling = labelling

    def accept(self) -> None:
        """Stores the shape as seen and goes on; what is accepted already is only left.

        While the box is being changed, only that is done. No event of the user's comes between
        the next photograph's being seen and its being open, so no click is lost.
        """
        labelling = self._labelling
        view, record = labelling.view, labelling.record
        if labelling.changes_box and record is not None and record.box is not None:
            labelling.about_to_act.emit()
            labelling.want_box(False)
            return
        waits = (Phase.LOADING, Phase.BROKEN, Phase.THINKING)
        if view is None or record is None or labelling.phase in waits:
            return
        if record.state is InstanceState.ACCEPTED:
            labelling.next_unlabelled()
            return
        labelling.about_to_act.emit()
        following = labelling.session.following() if labelling.can_accept else None
        seen = following is not None and self._look_ahead(following)
        what = "acceptance of the shape"
        if not labelling.act(labelling.session.accept, what, leaving=following is not None):
            if seen:
                self.back.emit()
        elif following is not None:
            labelling.open(following)
        else:
            labelling.next_unlabelled()

    def _look_ahead(self, instance_id: int) -> bool:
        """Whether all is there to show it."""
        labelling, preparation = self._labelling, self._labelling.preparation
        proposal, prior = preparation.proposal(instance_id), preparation.prior(instance_id)
        if proposal is None or prior is None or labelling.project.read_only:
            return False
        session = LabellingSession(labelling.project, who=labelling.session.who)
        view: View = session.open(instance_id, proposal, prior)
        if preparation.picture(view.instance.image_id) is None:
            return False
        self.ahead.emit(view)
        return True
