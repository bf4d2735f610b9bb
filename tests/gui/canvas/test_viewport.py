"""Laws of the viewport: what the wheel and the hand may and may not do to a point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_annotator.annotator.gui.canvas.geometry.viewport import (
    CHI2_95,
    MAX_SCALE,
    Viewport,
    box_corners,
    ellipses_95,
    fitted,
    uncrowded_radius,
    whole_image,
)
from landmark_annotator.projects.vocabulary import Box

coordinates = st.floats(-5000, 5000)
positions = st.tuples(coordinates, coordinates)
angles = st.one_of(st.just(0.0), st.floats(-np.pi, np.pi))
viewports = st.builds(Viewport, st.floats(0.02, 60), coordinates, coordinates, angles)
straight = st.builds(Viewport, st.floats(0.02, 60), coordinates, coordinates)
sizes = st.tuples(st.integers(1, 6000), st.integers(1, 6000))


@given(viewports, positions)
def test_to_image_is_the_inverse_of_to_screen(viewport: Viewport, point: tuple[float, float]):
    there = viewport.to_screen(np.array(point))
    assert np.allclose(viewport.to_image(there), point, atol=1e-6)


@given(viewports, positions, st.floats(0.1, 10))
def test_zooming_keeps_the_pixel_under_the_cursor(
    viewport: Viewport, cursor: tuple[float, float], factor: float
):
    before = viewport.to_image(np.array(cursor))
    zoomed = viewport.zoomed(factor, cursor, 0.001)
    # To a thousandth of a screen pixel.
    assert np.allclose(zoomed.to_screen(before), cursor, atol=1e-3)


@given(viewports, positions, st.floats(0.0001, 10000), st.floats(0.01, 1))
def test_zooming_stays_within_its_limits(
    viewport: Viewport, cursor: tuple[float, float], factor: float, smallest: float
):
    assert smallest <= viewport.zoomed(factor, cursor, smallest).scale <= MAX_SCALE


@given(viewports, positions)
def test_panning_there_and_back_changes_nothing(viewport: Viewport, way: tuple[float, float]):
    back = viewport.panned(*way).panned(-way[0], -way[1])
    assert np.allclose((back.left, back.top), (viewport.left, viewport.top), atol=1e-6)


@given(sizes, sizes, angles)
def test_the_whole_image_lies_inside_the_viewport(
    image: tuple[int, int], size: tuple[int, int], angle: float
):
    viewport = whole_image(image, size, angle)
    right, bottom = image[0] - 0.5, image[1] - 0.5
    places = [[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]]
    corners = viewport.to_screen(np.array(places))
    assert (corners >= -1e-6).all()
    assert (corners <= np.array(size) + 1e-6).all()


@given(positions, st.tuples(st.floats(1, 4000), st.floats(1, 4000)), sizes)
def test_what_is_fitted_is_centred(
    low: tuple[float, float], extent: tuple[float, float], size: tuple[int, int]
):
    high = (low[0] + extent[0], low[1] + extent[1])
    middle = fitted(np.array([low, high]), size).to_screen((np.array(low) + high) / 2)
    assert np.allclose(middle, np.array(size) / 2, atol=1e-5)


@given(straight, sizes, sizes)
def test_the_image_is_never_out_of_sight(
    viewport: Viewport, image: tuple[int, int], size: tuple[int, int]
):
    kept = viewport.kept_in_sight(image, size)
    low, high = kept.to_screen(np.array([[-0.5, -0.5], [image[0] - 0.5, image[1] - 0.5]]))
    seen = np.minimum(high, size) - np.maximum(low, 0)
    enough = np.minimum(0.25 * min(size), np.array(image) * kept.scale)
    assert (seen >= enough - 1e-6).all()


@given(viewports, sizes, sizes)
def test_a_turned_image_is_never_out_of_sight_either(
    viewport: Viewport, image: tuple[int, int], size: tuple[int, int]
):
    kept = viewport.kept_in_sight(image, size)
    middle = kept.to_image(np.array(size) / 2)
    nearest = kept.to_screen(np.clip(middle, -0.5, np.array(image) - 0.5))
    assert (nearest >= -1e-6).all()
    assert (nearest <= np.array(size) + 1e-6).all()


@given(viewports, positions, st.floats(-10, 10))
def test_turning_keeps_the_pixel_in_its_middle(
    viewport: Viewport, middle: tuple[float, float], by: float
):
    before = viewport.to_image(np.array(middle))
    turned = viewport.turned(by, middle)
    assert np.allclose(turned.to_screen(before), middle, atol=1e-3)


@given(straight, positions)
def test_four_quarter_turns_change_nothing(viewport: Viewport, middle: tuple[float, float]):
    turned = viewport
    for _ in range(4):
        turned = turned.turned(np.pi / 2, middle)
    assert turned.angle == 0.0
    assert np.allclose((turned.left, turned.top), (viewport.left, viewport.top), atol=1e-4)


def test_a_positive_angle_turns_clockwise_on_the_screen():
    right = Viewport(2.0, 0.0, 0.0, np.pi / 2).to_screen(np.array([1.0, 0.0]))
    assert np.allclose(right, (0.0, 2.0))


@given(viewports, st.floats(0.1, 50), st.floats(0.1, 50))
def test_an_ellipse_turns_with_the_view(viewport: Viewport, a: float, b: float):
    seen = viewport.spreads_to_screen(np.diag([a**2, b**2])[None])[0]
    axis = viewport.steps_to_screen(np.array([1.0, 0.0]))
    assert axis @ seen @ axis == pytest.approx((axis @ axis * a) ** 2, rel=1e-6)


@given(straight, sizes, sizes)
def test_keeping_in_sight_twice_is_keeping_once(
    viewport: Viewport, image: tuple[int, int], size: tuple[int, int]
):
    once = viewport.kept_in_sight(image, size)
    twice = once.kept_in_sight(image, size)
    assert np.allclose((once.left, once.top), (twice.left, twice.top), atol=1e-6)


@given(st.floats(0.1, 50), st.floats(0.1, 50), st.floats(-np.pi, np.pi))
def test_the_ellipse_of_a_turned_covariance(a: float, b: float, angle: float):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    covariance = turn @ np.diag([a**2, b**2]) @ turn.T
    major, minor, tilt = ellipses_95(covariance[None])[0]
    axis = np.array([np.cos(tilt), np.sin(tilt)])
    assert major == pytest.approx(max(a, b) * CHI2_95**0.5, rel=1e-6)
    assert minor == pytest.approx(min(a, b) * CHI2_95**0.5, rel=1e-4)
    assert axis @ covariance @ axis == pytest.approx(max(a, b) ** 2, rel=1e-6)


def test_an_unknown_covariance_has_no_ellipse():
    covariances = np.stack([np.full((2, 2), np.nan), np.eye(2)])
    ellipses = ellipses_95(covariances)
    assert np.isnan(ellipses[0]).all()
    assert np.isfinite(ellipses[1]).all()


def test_the_corners_of_a_turned_box_go_round_it():
    box = Box(10, 20, 8, 4, angle=np.pi / 2)
    assert np.allclose(box_corners(box), [[12, 16], [12, 24], [8, 24], [8, 16]])


@given(st.integers(2, 60), st.floats(0.01, 500), st.floats(1, 10))
def test_signs_shrink_before_they_touch_but_never_below_half(count, distance, largest):
    row = np.stack([np.arange(count) * distance, np.zeros(count)], axis=1)
    radius = uncrowded_radius(row, largest)
    assert largest / 2 <= radius <= largest
    assert 2 * radius < distance or radius == largest / 2


def test_where_less_than_two_landmarks_are_known_a_sign_has_its_full_size():
    assert uncrowded_radius(np.array([[1.0, 2.0], [np.nan, np.nan]]), 4.0) == 4.0
