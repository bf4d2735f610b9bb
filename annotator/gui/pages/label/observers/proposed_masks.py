"""Masks that a model has proposed follow the landmarks that a person places, a moment later."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.annotator.session.labelling.masks_anew import (
    MaskQuestion,
    mask_question,
    masks_anew,
)
from landmark_annotator.projects.vocabulary import Mask, Scheme


class ProposedMasks(QObject):
    """What no longer holds is never shown late. With the last placed landmark its word goes too."""

    _renewed = Signal()

    def __init__(self, controller: LabelController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._at_work = Tasks(1, self, quiet=True)
        self._asked: object = None
        """What the last question was about."""
        controller.changed.connect(self._refresh)
        self._renewed.connect(controller.changed)

    def close(self) -> None:
        self._at_work.close()

    def _refresh(self) -> None:
        controller, record = self._controller, self._controller.record
        if controller.phase is not Phase.READY or record is None:
            return
        session, view = controller.session, controller.session.view
        asked = record.id, view.shape.points.tobytes(), session.masks.said
        if asked == self._asked:
            return
        self._asked = asked
        self._at_work.drop("masks")
        picture = controller.preparation.picture(record.image_id)
        question = None if picture is None else mask_question(session, picture.pixels)
        if question is not None:
            find = partial(_found, session.project.folder, session.project.scheme, question)
            self._at_work.request("masks", find, self._show, controller.fail)
        else:
            self._show({})

    def _show(self, found: dict[str, Mask]) -> None:
        if self._controller.session.masks.propose_anew(found):
            self._renewed.emit()


def _found(folder: Path, scheme: Scheme, question: MaskQuestion) -> dict[str, Mask]:
    """In any thread."""
    from landmark_annotator.annotator.session.models.segmenters import segmenter

    model = segmenter(folder, scheme, question.names[0])
    return {} if model is None else masks_anew(question, model)
