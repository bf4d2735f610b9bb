import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import Box, Evidence

seeds = st.integers(0, 2**32 - 1)


@given(seeds)
@settings(max_examples=40, deadline=None)
def test_the_order_of_clicks_and_traces_does_not_matter_and_leaving_one_out_is_undoing_it(
    seed: int,
) -> None:
    random = np.random.default_rng(seed)
    classes, size = int(random.integers(1, 30)), int(random.integers(3, 9))
    root = random.normal(0, 0.05, (2 * size, 2 * size))
    mixture = ShapeMixture(
        random.normal(size=classes), random.normal(0, 0.3, (classes, size, 2)), root @ root.T
    )
    proposal = Proposal(Box(100, 80, 60, 60, float(random.uniform(-3, 3))), mixture, "any")
    evidence = []
    for landmark in random.permutation(size)[: int(random.integers(1, size + 1))].tolist():
        place, angle = random.normal((100, 80), 10), random.uniform(0, np.pi)
        direction = np.array([np.cos(angle), np.sin(angle)])
        evidence.append(
            Evidence.on_contour(landmark, place, direction, 0.2, float(random.uniform(0.3, 9)))
            if random.random() < 0.6
            else Evidence.click(landmark, place, 0.2)
        )
    there, shuffled = (
        proposal.given(order)
        for order in (evidence, [evidence[i] for i in random.permutation(len(evidence))])
    )
    np.testing.assert_allclose(there.points, shuffled.points, atol=1e-5)
    np.testing.assert_allclose(there.covariances, shuffled.covariances, atol=1e-5)
    np.testing.assert_allclose(there.drops, shuffled.drops, atol=1e-5)
    # What was observed lies on the line through the click; elsewhere it may be along it.
    for piece in evidence:
        missed = there.points[piece.landmark] - piece.position
        along = piece.free_along
        off = missed if along is None else missed - along * (along @ missed)
        np.testing.assert_allclose(off, 0.0, atol=1e-9)
    before = proposal.given(evidence[:-1])
    proposal.given(evidence)
    after = proposal.given(evidence[:-1])
    np.testing.assert_array_equal(before.points, after.points)
    np.testing.assert_array_equal(before.covariances, after.covariances)
