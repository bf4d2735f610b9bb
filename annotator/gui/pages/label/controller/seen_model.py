"""Which model made what is seen, in words for the line at the bottom."""

from landmark_annotator.annotator.gui.pages.label.controller.controller import LabelController
from landmark_annotator.projects.store import InstanceState


def seen_model(controller: LabelController) -> str | None:
    """Its reason to propose, or whose proposal it is; whether a newer one waits. None while a model
    is looked for."""
    record, preparation = controller.record, controller.preparation
    proposer = preparation.proposer
    if record is None or proposer is None:
        return None
    if controller.view is not None and controller.view.brought:
        return controller.view.brought
    maker = preparation.maker(record.id)
    if maker is None or maker.model is proposer.model or record.state is InstanceState.ACCEPTED:
        return preparation.reason
    if controller.in_hands(record.id):
        return f"{maker.reason} A newer model waits for the next image."
    return f"{maker.reason} A newer model is at work\N{HORIZONTAL ELLIPSIS}"
