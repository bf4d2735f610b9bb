"""The box frame is a similarity of the image, there and back."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landmark_annotator.backends.learning.box_refinement import corrected, correction, mirrored
from landmark_annotator.backends.shapes.fitting.alignment import similarity_box
from landmark_annotator.projects.vocabulary import Box

NUMBERS = st.floats(-500, 500)
BOXES = st.builds(Box, NUMBERS, NUMBERS, st.floats(1, 400), st.floats(1, 400), st.floats(-3.1, 3.1))
SQUARES = st.builds(
    lambda x, y, side, angle: Box(x, y, side, side, angle),
    st.floats(-50, 50),
    st.floats(-50, 50),
    st.floats(80, 160),
    st.floats(-1, 1),
)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=8, unique=True).map(np.array)


@given(box=BOXES, points=POINTS)
def test_to_image_undoes_to_frame(box: Box, points: np.ndarray) -> None:
    np.testing.assert_allclose(box.to_image(box.to_frame(points)), points, atol=1e-6)


@given(box=BOXES, points=POINTS)
def test_distances_scale_with_the_side(box: Box, points: np.ndarray) -> None:
    framed = box.to_frame(points)
    np.testing.assert_allclose(
        np.linalg.norm(framed[0] - framed[1]) * box.side,
        np.linalg.norm(points[0] - points[1]),
        atol=1e-6,
    )


@given(box=BOXES)
def test_covariances_follow_the_points(box: Box) -> None:
    """The covariance of mapped points is the mapped covariance."""
    cloud = np.random.default_rng(0).normal(size=(50, 2)) * [3.0, 1.0]
    mapped = np.cov(box.to_image(cloud).T)
    np.testing.assert_allclose(mapped, box.covariance_to_image(np.cov(cloud.T)), rtol=1e-6)
    np.testing.assert_allclose(box.covariance_to_frame(mapped), np.cov(cloud.T), rtol=1e-6)


@given(box=BOXES, points=POINTS)
def test_alignment_finds_the_box_that_made_the_points(box: Box, points: np.ndarray) -> None:
    reference = (points - points.mean(axis=0)) / 100.0
    if np.abs(reference).max() < 0.01:
        return
    found = similarity_box(reference, box.to_image(reference))
    np.testing.assert_allclose(
        found.to_image(reference), box.to_image(reference), atol=1e-5 * max(box.side, 1)
    )


@given(box=SQUARES, canonical=SQUARES)
def test_a_correction_leads_to_the_canonical_box(box: Box, canonical: Box) -> None:
    found = corrected(box, correction(box, canonical))
    corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5]])
    centre = box.to_frame(np.array([canonical.centre_x, canonical.centre_y]))
    if np.abs(centre).max() <= 1:
        np.testing.assert_allclose(found.to_image(corners), canonical.to_image(corners), atol=1e-6)


@given(box=SQUARES, canonical=SQUARES)
def test_mirroring_a_correction_twice_is_the_identity(box: Box, canonical: Box) -> None:
    move = correction(box, canonical)
    np.testing.assert_array_equal(mirrored(mirrored(move)), move)
