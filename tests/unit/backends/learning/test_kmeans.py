import numpy as np
import pytest

from landmark_annotator.backends.learning.kmeans import centres, class_distances


def test_distances_leave_missing_landmarks_out() -> None:
    shape = np.array([[[0.0, 0.0], [np.nan, np.nan]]])
    exemplars = np.array([[[3.0, 4.0], [9.0, 9.0]]])
    assert class_distances(shape, exemplars)[0, 0] == pytest.approx(5.0)


def test_every_centre_is_the_mean_of_as_many_instances_as_it_must() -> None:
    random = np.random.default_rng(0)
    crowds = random.normal(0, 0.01, (20, 4, 2)) + np.repeat([0.0, 1.0], 10)[:, None, None]
    shapes = np.concatenate([crowds, np.full((1, 4, 2), 9.0)])
    alone = centres(shapes, 3, seed=0)
    assert np.abs(alone - 9.0).max(axis=(1, 2)).min() < 1e-6
    found = centres(shapes, 3, seed=0, fewest=2)
    assert len(found) == 2
    assert np.abs(found - 9.0).max(axis=(1, 2)).min() > 1
    joined = found[found.mean(axis=(1, 2)).argmax()]
    np.testing.assert_allclose(joined, shapes[10:].mean(axis=0), rtol=1e-5)


def test_a_shape_and_its_mirror_image_are_one_instance() -> None:
    shapes = np.concatenate([np.zeros((6, 4, 2)), np.ones((2, 4, 2))])
    instances = np.array([0, 1, 2, 3, 4, 5, 6, 6])
    assert len(centres(shapes, 2, 0, instances, fewest=2)) == 1


def test_where_no_group_is_large_enough_all_are_one() -> None:
    shapes = np.arange(24, dtype=float).reshape(3, 4, 2)
    [found] = centres(shapes, 3, seed=0, fewest=4)
    np.testing.assert_allclose(found, shapes.mean(axis=0))
