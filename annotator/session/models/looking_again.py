"""What a model proposes once people have placed landmarks of the object."""

from collections.abc import Sequence

from landmark_annotator.backends.registry import Reconsidering, TrainedModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import Evidence
from landmark_annotator.projects.vocabulary.arrays import Pixels


def looked_again(
    model: TrainedModel, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]
) -> Proposal:
    """In place of its own first proposal; that one itself where there is nothing else to say.

    A model without second thoughts of its own (`Reconsidering`) looks where the evidence has an
    object that it may have missed, and proposes what it sees there if that explains the evidence
    better. The order of the evidence is of no matter.
    """
    if not evidence:
        return proposal
    if isinstance(model, Reconsidering):
        return model.reconsider(pixels, proposal, evidence)
    box = proposal.where_missed(evidence)
    if box is None:
        return proposal
    again = model.propose(pixels, box)
    return again if again.explains(evidence) > proposal.explains(evidence) else proposal
