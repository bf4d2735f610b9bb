"""What masks say of landmarks where some have no place."""

from dataclasses import replace

import numpy as np

from landmark_annotator.backends.borders.landmark_evidence import border_evidence
from tests.unit.backends.borders.ring import BOX, SIDE, borders, disk, proposal, ring


def test_a_landmark_without_a_place_bends_no_contour_beside_it() -> None:
    believed = replace(proposal().given([]), points=ring(30.0))
    points, covariances = believed.points.copy(), believed.covariances.copy()
    points[3], covariances[3] = BOX.centre, np.eye(2) * SIDE**2 / 12
    lacking = replace(believed, points=points, covariances=covariances, unlearned=frozenset({3}))
    masks, learned = {"disk": disk(32.0)}, borders()

    whole = {e.landmark: e for e in border_evidence(believed, SIDE, masks, learned)}
    found = {e.landmark: e for e in border_evidence(lacking, SIDE, masks, learned)}

    assert found.keys() == whole.keys() - {2, 3, 4}
    for landmark, piece in found.items():
        np.testing.assert_allclose(piece.position, whole[landmark].position, atol=0.1)
