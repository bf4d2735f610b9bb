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
        odds, unlike = np.zeros(len(proposals)), list[float]()
        for t, each in enumerate(proposals):
            if each is None or each.sight is None:
                continue
            own = each.sight.odds
            if own is not None:
                odds[t] = own
                unlike.append(each.sight.unlike)
        return cls(odds, float(np.mean(unlike))) if unlike else None
