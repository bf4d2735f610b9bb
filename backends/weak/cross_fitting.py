"""What networks say of densely labelled instances that they have not learned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from landmark_annotator.backends.learning.held_out import jittered
from landmark_annotator.backends.shapes.fitting.gaussian_fit import fit_gaussian
from landmark_annotator.backends.weak.localiser import Localiser, Located
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance

_BOXES = 2
"""Boxes tried for each instance."""
_USUAL = 0.98
"""Of images like the labelled ones that are to be familiar."""
_PSEUDO_SAMPLES = 60.0
"""How many instances the assumed pattern of the residual counts as, beside the unseen ones."""


@dataclass(frozen=True, eq=False)
class Unseen:
    """H observations. instances: (H,) of which instance; boxes: H, refined; found and truths:
    (H, L, 2) in them, truths NaN where unknown; moves: (H,) see `Located`."""

    instances: Ints
    boxes: list[Box]
    found: Floats
    truths: Floats
    moves: Floats

    @classmethod
    def observed(
        cls,
        localiser: Localiser,
        instances: Sequence[LabelledInstance],
        first: int,
        seed: int,
    ) -> "Unseen":
        """Each in several boxes as a person might draw them. first: its number, then counting."""
        groups, truths, located = list[int](), list[Floats](), list[Located]()
        for index, instance in enumerate(instances, first):
            pixels = instance.read_pixels()
            random = np.random.default_rng((seed, 3, index))
            for _ in range(_BOXES):
                located.append(localiser.locate(pixels, jittered(instance.box, random)))
                groups.append(index)
                truths.append(located[-1].box.to_frame(instance.shape.points))
        return cls(
            np.array(groups),
            [each.box for each in located],
            np.array([each.points for each in located]),
            np.array(truths),
            np.array([each.moved for each in located]),
        )

    @classmethod
    def joined(cls, parts: Sequence["Unseen"]) -> "Unseen":
        return cls(
            np.concatenate([part.instances for part in parts]),
            [box for part in parts for box in part.boxes],
            np.concatenate([part.found for part in parts]),
            np.concatenate([part.truths for part in parts]),
            np.concatenate([part.moves for part in parts]),
        )

    def without(self, instances: Ints) -> "Unseen":
        rows = np.flatnonzero(~np.isin(self.instances, instances))
        return Unseen(
            self.instances[rows],
            [self.boxes[i] for i in rows],
            self.found[rows],
            self.truths[rows],
            self.moves[rows],
        )

    @cached_property
    def usual_move(self) -> float:
        """What answers move by on all but a few images like these; see `Located`. NaN where they
        are from a training before that was measured."""
        return float(np.quantile(self.moves, _USUAL))

    def residual(self) -> Floats:
        """(2L, 2L) covariance of the truth around what was found.

        Few observations do not fill so large a matrix: the covariance of the shapes themselves, at
        the scale of the errors, counts as some more.
        """
        offsets = (self.truths - self.found).reshape(len(self.found), -1)
        known = np.isfinite(offsets)
        offsets = np.where(known, offsets, 0.0)
        together = known.T.astype(float) @ known
        scatter = offsets.T @ offsets / np.maximum(together, 1.0)
        shown = np.asarray(known.any(axis=0))
        # What none of them shows lies about where it was found.
        told = np.where(shown.reshape(self.found.shape[1:]), self.truths, self.found)
        pattern = fit_gaussian(told)[1]
        pattern = pattern * (np.trace(scatter) / np.diag(pattern)[shown].sum())
        if not known.all():
            scatter = _positive(np.where(np.outer(shown, shown), scatter, pattern))
        count = len(np.unique(self.instances))
        return np.asarray((count * scatter + _PSEUDO_SAMPLES * pattern) / (count + _PSEUDO_SAMPLES))


def _positive(covariance: Floats) -> Floats:
    """The nearest one that is a covariance, of one that was told pair by pair: landmarks that are
    hardly ever seen together may seem to go together more than each of them moves (Higham,
    "Computing a nearest symmetric positive semidefinite matrix", 1988)."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)
