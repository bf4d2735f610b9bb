"""What another program or model proposes, as what a person looks at and corrects.

It says nothing of how its errors belong together, so a click moves that landmark only; and it is
no evidence: what nobody has clicked or confirmed stays that proposal's.
"""

import numpy as np

from landmark_annotator.projects.store import WHICH_PROPOSAL, StoredProposal
from landmark_annotator.projects.vocabulary import Provenance, Shape, Visibility


def said(proposal: StoredProposal) -> str:
    """Whose proposal is seen, and by which rule."""
    return f"Proposed by {proposal.whose}. {WHICH_PROPOSAL}"


def overlaid(stored: Shape, absent: frozenset[int], brought: StoredProposal) -> Shape:
    """What a person placed, and the proposal where nobody has said anything."""
    points, covariances = stored.points.copy(), stored.covariances.copy()
    visibility = stored.visibility.copy()
    for j in np.flatnonzero(~stored.known).tolist():
        if j not in absent and np.isfinite(brought.points[j]).all():
            points[j], covariances[j] = brought.points[j], brought.covariances[j]
            visibility[j] = visibility[j] or Visibility.VISIBLE
    return Shape(points, visibility, stored.provenance, covariances)


def asked_for(shape: Shape, absent: frozenset[int]) -> int | None:
    """What is missing comes first, then what the other program was least sure of."""
    waiting = [j for j, mark in enumerate(shape.provenance) if mark is None and j not in absent]
    if not waiting:
        return None
    variances = np.nan_to_num(np.trace(shape.covariances, axis1=1, axis2=2))
    variances[~shape.known] = np.inf
    return max(waiting, key=lambda j: (variances[j], -j))


def accepted_provenance(shape: Shape, of_rest: Provenance) -> list[Provenance | None]:
    """Where each position came from once a person accepts the shape as seen."""
    return [
        mark or (of_rest if known else None)
        for mark, known in zip(shape.provenance, shape.known, strict=True)
    ]
