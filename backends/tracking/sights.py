"""Whether the frames of a clip show its object at all, by what each of them shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.projects.vocabulary.arrays import Floats


@dataclass(frozen=True, eq=False)
class Sights:
    """odds: (T,) as of `Sight`, 0 of frames that nobody can tell it of; unlike: likewise, on
    average over the others."""

    odds: Floats
    unlike: float

    @classmethod
    def of(cls, proposals: Sequence[Proposal | None]) -> "Sights | None":
        """None where nobody can tell it of any."""
        odds = sight_odds(proposals)
        unlike = [
            each.sight.unlike
            for each, own in zip(proposals, odds, strict=True)
            if each is not None and each.sight is not None and not np.isnan(own)
        ]
        told = np.where(np.isnan(odds), 0.0, odds)
        return cls(told, float(np.mean(unlike))) if unlike else None


def sight_odds(proposals: Sequence[Proposal | None]) -> Floats:
    """(T,) as of `Sight`, NaN where nobody can tell."""
    sights = [None if each is None else each.sight for each in proposals]
    found = [None if sight is None else sight.odds for sight in sights]
    return np.array([np.nan if odds is None else odds for odds in found])
