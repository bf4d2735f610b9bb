"""Where one landmark may be: its density over a piece of the image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.summaries.marginals import heat_map
from landmark_annotator.projects.vocabulary import Evidence
from landmark_annotator.projects.vocabulary.arrays import Floats

_CELLS = 40
_REACH = 3.5
"""Standard deviations round the mean that are looked at."""


@dataclass(frozen=True, eq=False)
class Heat:
    """density: (40, 40), one at its peak, rows downwards. low, high: the centres of the first
    and the last cell in image pixels."""

    landmark: int
    density: Floats
    low: tuple[float, float]
    high: tuple[float, float]


def heat(proposal: Proposal, evidence: Sequence[Evidence], landmark: int) -> Heat:
    """Slow where many classes have weight; touches nothing, so it may run in any thread.

    evidence: in image pixels.
    """
    box, mixture = proposal.likeliest(evidence)
    centre = box.to_image(mixture.mean[landmark])
    spread = box.covariance_to_image(mixture.landmark_covariances[landmark])
    reach = _REACH * np.sqrt(np.diag(spread))
    across, down = (np.linspace(c - r, c + r, _CELLS) for c, r in zip(centre, reach, strict=True))
    places = np.stack(np.meshgrid(across, down), axis=-1)
    density = heat_map(mixture, landmark, box.to_frame(places))
    return Heat(
        landmark,
        density / density.max(),
        (float(across[0]), float(down[0])),
        (float(across[-1]), float(down[-1])),
    )
