"""What the placed landmarks of a contour say of those between them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from landmark_annotator.annotator.protocols.datasets.campaign_sets import london_scheme, set_named
from landmark_annotator.backends.shapes.along_contours import along_contours
from landmark_annotator.projects.vocabulary import Curve, Scheme

NAMES = tuple(f"p{n}" for n in range(14))
SCHEME = Scheme(
    "leaf",
    NAMES,
    curves=(Curve("edge", tuple(range(8))), Curve("spot", tuple(range(8, 13)), closed=True)),
)
"""The last landmark lies on no contour."""
RING = np.linspace(0, 2 * np.pi, 5, endpoint=False)
TRUTH = np.concatenate(
    [
        np.stack([np.arange(8) * 10.0, 30 * np.sin(np.arange(8) * 0.6)], axis=1),
        20 * np.stack([np.cos(RING), np.sin(RING)], axis=1) + 60,
        [[5.0, 90.0]],
    ]
)
WHERE = st.sets(st.integers(0, 13))


def placed(landmarks: set[int] | list[int]) -> np.ndarray:
    there = np.isin(np.arange(14), list(landmarks))[:, None]
    return np.where(there, TRUTH, np.nan)


def test_an_open_contour_is_the_natural_cubic_spline() -> None:
    known = [0, 2, 5, 7]
    points, _ = along_contours(placed(known), SCHEME)
    spline = CubicSpline(known, TRUTH[known], bc_type="natural")
    np.testing.assert_allclose(points[[1, 3, 4, 6]], spline([1, 3, 4, 6]), atol=1e-6)


def test_a_closed_contour_comes_back_to_where_it_began() -> None:
    points, _ = along_contours(placed([8, 9, 11]), SCHEME)
    off = np.linalg.norm(points[[10, 12]] - TRUTH[[10, 12]], axis=1)
    assert (off < 6).all()


@given(WHERE)
def test_only_what_lies_between_placed_landmarks_follows(known: set[int]) -> None:
    points, covariances = along_contours(placed(known), SCHEME)
    edge, spot = sorted(known & set(range(8))), known & set(range(8, 13))
    expected = set(range(edge[0], edge[-1])) - known if edge else set()
    if len(spot) >= 3:
        expected |= set(range(8, 13)) - known
    assert set(np.flatnonzero(np.isfinite(points[:, 0])).tolist()) == expected
    assert set(np.flatnonzero(np.isfinite(covariances[:, 0, 0])).tolist()) == expected


@given(WHERE, st.floats(-3, 3), st.floats(0.1, 10), st.floats(-100, 100))
def test_it_turns_and_grows_with_what_was_placed(
    known: set[int], angle: float, scale: float, shift: float
) -> None:
    turn = scale * np.array(
        [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    )
    points, covariances = along_contours(placed(known), SCHEME)
    turned, turned_covariances = along_contours(placed(known) @ turn.T + shift, SCHEME)
    np.testing.assert_allclose(turned, points @ turn.T + shift, atol=1e-5)
    np.testing.assert_allclose(turned_covariances, turn @ covariances @ turn.T, atol=1e-4)


def test_it_is_less_sure_the_farther_from_what_was_placed_and_surer_the_more_was() -> None:
    few = np.trace(along_contours(placed([0, 7]), SCHEME)[1], axis1=1, axis2=2)
    assert few[1] < few[2] < few[3]
    more = np.trace(along_contours(placed([0, 3, 7]), SCHEME)[1], axis1=1, axis2=2)
    assert (more[[1, 2, 4, 5, 6]] < few[[1, 2, 4, 5, 6]]).all()


def test_where_two_contours_cross_is_a_point_of_its_own() -> None:
    crossing = Scheme("cross", NAMES[:5], curves=(Curve("a", (0, 1, 2)), Curve("b", (3, 1, 4))))
    points, _ = along_contours(np.where([[1], [0], [1], [1], [1]], TRUTH[:5], np.nan), crossing)
    assert np.isnan(points).all()


@pytest.mark.parametrize("name", ["london189", "helen"])
def test_its_ellipses_hold_on_faces(name: str) -> None:
    """With the ends and the middle of each contour placed."""
    one = set_named(name)
    scheme = london_scheme() if name == "london189" else one.scheme()
    inside = []
    for instance in one.job(0, 0.05, 20):
        truth = instance.shape.points
        known = np.isfinite(truth[:, 0])
        for curve in scheme.curves:
            path = list(curve.landmarks)
            left = {path[0], path[len(path) // 3], path[len(path) // 2], path[2 * len(path) // 3]}
            if not curve.closed:
                left = {path[0], path[len(path) // 2], path[-1]}
            known[[j for j in path if j in scheme.semilandmarks and j not in left]] = False
        points, covariances = along_contours(np.where(known[:, None], truth, np.nan), scheme)
        there = np.isfinite(points[:, 0])
        squares = ((points - truth)[there] ** 2).sum(axis=1) / covariances[there, 0, 0]
        inside += (squares < 5.99).tolist()
    assert np.mean(inside) > 0.8
