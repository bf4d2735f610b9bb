"""What errors of shapes are divided by, also where a shape lacks the landmarks that say it."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.scheme import Scheme


@dataclass(frozen=True)
class ErrorLengths:
    """share: of the box's diagonal that the scheme's normaliser usually is. Without it errors of a
    shape that lacks a landmark of the normaliser, as a profile does an eye, would be divided by the
    whole diagonal: told in percent of the normaliser they were a third of what they are."""

    scheme: Scheme
    share: float = 1.0

    @classmethod
    def usual(cls, scheme: Scheme, labelled: Iterable[tuple[Box, Floats]]) -> "ErrorLengths":
        """By shapes (L, 2), each with its box; where none of them says it the diagonal serves."""
        shares = [
            length / box.diagonal
            for box, points in labelled
            if (length := scheme.named_length(points)) is not None and box.diagonal > 0
        ]
        return cls(scheme, float(np.median(shares)) if shares else 1.0)

    def of(self, points: Floats, box: Box) -> float:
        """Pixels. points: (L, 2) the true shape, NaN where unknown."""
        named = self.scheme.named_length(points)
        return self.share * box.diagonal if named is None else named
