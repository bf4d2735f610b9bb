"""Shapes in one frame: each lies in it as it would by itself."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes.fitting.alignment import align, similarity_box
from landmark_annotator.projects.vocabulary import Box

KNOWN_ALONE, IN_ONE_PLACE = 3, 5


def _shapes() -> list[np.ndarray]:
    """Turned, scaled and elsewhere, with landmarks unknown here and there."""
    rng = np.random.default_rng(0)
    first = rng.normal(size=(7, 2))
    shapes = []
    for _ in range(12):
        (cos, sin), size = _turn(rng.normal(0, 0.5)), rng.uniform(20, 60)
        turned = first @ np.array([[cos, sin], [-sin, cos]]) * size
        shapes.append(turned + rng.normal(0, 2, first.shape) + rng.uniform(0, 400, 2))
        shapes[-1][rng.integers(7)] = np.nan
    shapes[KNOWN_ALONE][1:] = np.nan
    shapes[KNOWN_ALONE][0] = 30.0, 40.0
    shapes[IN_ONE_PLACE][:] = 70.0, 80.0
    return shapes


def _turn(angle: float) -> tuple[float, float]:
    return float(np.cos(angle)), float(np.sin(angle))


def test_each_box_is_that_of_its_shape_beside_the_mean() -> None:
    shapes = _shapes()
    mean, boxes = align(shapes)
    for shape, box in zip(shapes, boxes, strict=True):
        assert box.numbers == pytest.approx(similarity_box(mean, shape).numbers)


def test_the_mean_is_that_of_the_shapes_in_their_boxes() -> None:
    shapes = [s for n, s in enumerate(_shapes()) if n not in (KNOWN_ALONE, IN_ONE_PLACE)]
    mean, boxes = align(shapes)
    again = np.nanmean([b.to_frame(s) for b, s in zip(boxes, shapes, strict=True)], axis=0)
    fitted = similarity_box(mean, again)
    assert fitted.to_frame(again) == pytest.approx(mean, abs=1e-3)


def test_shapes_that_differ_by_a_similarity_alone_lie_on_their_mean() -> None:
    first = np.random.default_rng(1).normal(size=(5, 2))
    shapes = [first * 40 + 7, first @ np.array([[0.8, 0.6], [-0.6, 0.8]]) * 9 - 3]
    mean, boxes = align(shapes)
    for shape, box in zip(shapes, boxes, strict=True):
        assert box.to_frame(shape) == pytest.approx(mean)


_ONE_PLACE = np.full((3, 2), (100.3, 50.7))
"""Whose mean is another by rounding."""


def test_landmarks_in_one_place_show_no_size() -> None:
    reference = np.array([[-0.5, -0.5], [0.5, -0.5], [0.0, 0.5]])
    assert similarity_box(reference, _ONE_PLACE) == Box.square_around(_ONE_PLACE)


def test_a_shape_in_one_place_does_not_turn_the_mean() -> None:
    shape = np.array([[0.0, 0.0], [100.0, 0.0], [50.0, 80.0]])

    mean, boxes = align([shape, shape + 3, shape - 7, _ONE_PLACE])

    np.testing.assert_allclose(mean, align([shape])[0], atol=1e-6)
    assert boxes[-1].side == 1.0
