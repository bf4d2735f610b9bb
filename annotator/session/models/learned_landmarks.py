"""The landmarks that some label shows, as a scheme of their own: a model of these proposes the rest
as what it has never learned, so that one landmark that no label shows yet keeps back no other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.backends.registry import Reconsidering, TrainedModel
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.some_landmarks import among_all, some_of
from landmark_annotator.projects.vocabulary import (
    Box,
    Evidence,
    LabelledInstance,
    Scheme,
    SchemeChange,
)
from landmark_annotator.projects.vocabulary.arrays import Ints, Pixels


@dataclass(frozen=True)
class LearnedLandmarks:
    """labelled: the instances with the shapes of `change.after`, which has those landmarks of
    `change.before` that one of them shows."""

    change: SchemeChange
    labelled: tuple[LabelledInstance, ...]

    @classmethod
    def of(cls, labelled: Sequence[LabelledInstance], scheme: Scheme) -> "LearnedLandmarks":
        """Of instances that show one at least; all landmarks, where there are none."""
        labelled = [each for each in labelled if each.shape.known.any()]
        shown = np.array([each.shape.known for each in labelled]).reshape(-1, len(scheme)).any(0)
        if shown.all() or not shown.any():
            return cls(SchemeChange.none(scheme), tuple(labelled))
        change = without(scheme, np.flatnonzero(~shown).tolist())
        carried = [replace(each, shape=change.carried(each.shape)) for each in labelled]
        return cls(change, tuple(carried))

    def whole(self, model: TrainedModel) -> TrainedModel:
        """A model of all landmarks, by one of those that are shown."""
        return whole(model, self.change)


def without(scheme: Scheme, unlearned: Sequence[int]) -> SchemeChange:
    """From the scheme to the one without these landmarks."""
    change = SchemeChange.none(scheme)
    for landmark in sorted(unlearned, reverse=True):
        change = change.remove(landmark)
    return change


def whole(model: TrainedModel, change: SchemeChange) -> TrainedModel:
    """A model of `change.before`, by one of `change.after`, which has some of its landmarks."""
    if len(change.after) == len(change.before):
        return model
    learned = np.array([i for i in change.origins if i is not None])
    kind = _Reconsidering if isinstance(model, Reconsidering) else _Whole
    return kind(model, learned, len(change.before))


@dataclass(frozen=True, eq=False)
class _Whole:
    """learned: which of the `size` landmarks the model proposes, in its order."""

    model: TrainedModel
    learned: Ints
    size: int

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        return among_all(self.model.propose(pixels, box), self.learned, self.size)


class _Reconsidering(_Whole):
    def reconsider(
        self, pixels: Pixels, proposal: Proposal, evidence: Sequence[Evidence]
    ) -> Proposal:
        """See `Reconsidering`. What was never learned says nothing of the others."""
        place = {landmark: own for own, landmark in enumerate(self.learned.tolist())}
        told = [replace(e, landmark=place[e.landmark]) for e in evidence if e.landmark in place]
        if not told or not isinstance(self.model, Reconsidering):
            return proposal
        part = some_of(proposal, self.learned)
        return among_all(self.model.reconsider(pixels, part, told), self.learned, self.size)
