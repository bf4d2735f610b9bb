"""What a model proposes once people have placed landmarks of the object."""

from collections.abc import Sequence

from landmark_annotator.backends.registry import Reconsidering, TrainedModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary import Evidence
from landmark_annotator.projects.vocabulary.arrays import Pixels

_LOOKS = 3
"""At most, each where the evidence has the object by the one before."""


def looked_again(
    model: TrainedModel, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]
) -> Proposal:
    """In place of its own first proposal; that one itself where there is nothing else to say. A
    model without second thoughts of its own (`Reconsidering`) says something only where it may have
    missed the object. The order of the evidence is of no matter."""
    if not evidence:
        return proposal
    if isinstance(model, Reconsidering):
        return model.reconsider(pixels, proposal, evidence)
    return looked_where_missed(model, pixels, proposal, evidence)


def looked_where_missed(
    model: TrainedModel, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]
) -> Proposal:
    """Of an object that may have been missed, what the model proposes where the evidence has it, if
    that explains the evidence better than the proposal, whoever made that; else the proposal. The
    order of the evidence is of no matter."""
    best = first = proposal.settled(evidence)  # the angle of its box may have been open
    for _ in range(_LOOKS):
        box = best.where_missed(evidence)
        again = None if box is None else model.propose(pixels, box)
        if again is None or again.explains(evidence) <= best.explains(evidence):
            break
        best = again
    return proposal if best is first else best
