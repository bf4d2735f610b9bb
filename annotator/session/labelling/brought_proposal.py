"""What another program or model proposes, as what a person looks at and corrects.

It says nothing of how its errors belong together, so a click moves that landmark only; and it is
no evidence: what nobody has clicked or confirmed stays that proposal's.
"""

from dataclasses import replace

import numpy as np

from landmark_annotator.annotator.session.labelling.view import View, as_stored
from landmark_annotator.backends.shapes.queries import worth_asking
from landmark_annotator.projects.store import WHICH_PROPOSAL, InstanceRecord, StoredProposal
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats


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


def seen(
    record: InstanceRecord,
    stored: Shape,
    absent: frozenset[int],
    brought: StoredProposal,
    hidden: Floats | None,
    marked: frozenset[int],
) -> View:
    """hidden, marked: as of the view."""
    shape = overlaid(stored, absent, brought)
    return replace(
        as_stored(record, shape, absent, ()),
        query=asked_for(shape, absent, hidden),
        predicted_error=brought.predicted_error,
        backend=brought.name,
        brought=said(brought),
        hidden=hidden,
        marked=marked,
    )


def asked_for(shape: Shape, absent: frozenset[int], hidden: Floats | None) -> int | None:
    """What is missing comes first, for nothing can be accepted without it, then what the other
    program was least sure of; what cannot be seen comes last of each. hidden: as of a `View`."""
    waiting = [j for j, mark in enumerate(shape.provenance) if mark is None and j not in absent]
    if not waiting:
        return None
    variances = np.nan_to_num(np.trace(shape.covariances, axis1=1, axis2=2))
    variances[~shape.known] = np.finfo(np.float64).max
    worth = worth_asking(variances, hidden)
    worth[shape.visibility == Visibility.OCCLUDED] = -1.0
    return max(waiting, key=lambda j: (not shape.known[j], worth[j], -j))


def accepted(view: View, scheme: Scheme, brought: StoredProposal | None) -> Shape:
    """The shape that is seen, once a person accepts it: every position says where it came from, and
    so does what is not in the image. brought: whose proposal is seen, where somebody brought it.

    Raises IncompleteShape where a landmark has no position yet.
    """
    view.refuse_incomplete(scheme)
    shape, of_rest = view.shape, Provenance.IMPORTED if brought else Provenance.INFERRED
    provenance = [
        mark or (of_rest if known else Provenance.INFERRED if j in view.absent else None)
        for j, (mark, known) in enumerate(zip(shape.provenance, shape.known, strict=True))
    ]
    return Shape(shape.points, shape.visibility, provenance, shape.covariances)
