"""What is proposed follows what a model sees once landmarks were placed, a moment later."""

from functools import partial

from PySide6.QtCore import QObject

from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.labelling.reconsidering import Question, question
from landmark_annotator.backends.shapes import Proposal

_KEY = "second thoughts"


class SecondThoughts(QObject):
    """The click itself has moved the others at once. What no longer holds is never shown late."""

    def __init__(self, controller: LabelController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._asked: Question | None = None
        controller.changed.connect(self._refresh)

    def _refresh(self) -> None:
        controller, record = self._controller, self._controller.record
        if controller.phase is not Phase.READY or record is None:
            return
        asked = question(controller.session)
        if asked is not None and asked.same(self._asked):
            return
        preparation = controller.preparation
        preparation.models_at_work.drop(_KEY)
        self._asked = asked
        # What all frames of a clip propose together is no model's own.
        in_time = preparation.in_time(record.id) is not None
        maker = preparation.proposer if in_time else preparation.maker(record.id)
        picture = preparation.picture(record.image_id)
        if asked is None or picture is None or maker is None or not maker.reconsiders:
            return
        look = maker.look_where_missed if in_time else maker.reconsider
        preparation.models_at_work.request(
            _KEY,
            partial(look, picture.pixels, asked.first, asked.evidence),
            partial(self._show, record.id, asked),
            controller.fail,
            urgent=True,
        )

    def _show(self, instance_id: int, asked: Question, again: Proposal) -> None:
        controller = self._controller
        session = controller.session
        if session.proposal is asked.first and session.belief.reconsider(asked.first, again):
            controller.preparation.tell_anew(instance_id)
