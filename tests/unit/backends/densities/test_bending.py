"""A bent crop shows at each point what was there before."""

import numpy as np
import pytest

from landmark_annotator.backends.densities.augmentation import Patch, share_bent, training_crop
from landmark_annotator.backends.densities.bending import bent
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

SIZE = 128
POINTS = np.array([[20.0, 30.0], [64.0, 64.0], [100.5, 25.0], [70.2, 110.7]])


def _dot(point: Floats) -> Pixels:
    rows, columns = np.mgrid[:SIZE, :SIZE]
    far = (columns - point[0]) ** 2 + (rows - point[1]) ** 2
    return np.asarray(np.repeat((255 * np.exp(-far / 18))[..., None], 3, axis=2), dtype=np.uint8)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("point", POINTS)
def test_a_point_stays_on_what_it_marks(point: Floats, seed: int) -> None:
    seen, found = bent(_dot(point), point[None], 0.045, np.random.default_rng(seed))
    x, y = np.rint(found[0]).astype(int)
    assert seen[y, x, 0] > 230  # the dot is 255 in its middle, and 200 two pixels beside it


def test_neighbours_go_together_and_others_elsewhere() -> None:
    points = np.array([[40.0, 40.0], [43.0, 40.0], [100.0, 100.0]])
    moves = []
    for seed in range(40):
        _, found = bent(_dot(points[0]), points, 0.045, np.random.default_rng(seed))
        moves.append(found - points)
    one, near, far = np.moveaxis(np.array(moves), 1, 0)
    assert np.linalg.norm(one - near, axis=1).mean() < 0.3 * np.linalg.norm(one, axis=1).mean()
    assert np.linalg.norm(one - far, axis=1).mean() > np.linalg.norm(one, axis=1).mean()


def test_what_is_unknown_stays_unknown() -> None:
    points = np.array([[np.nan, np.nan], [30.0, 30.0]])
    _, found = bent(_dot(points[1]), points, 0.03, np.random.default_rng(0))
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()


def test_many_instances_need_no_bent_crops() -> None:
    shares = [share_bent(count) for count in (12, 60, 600, 6000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.5
    assert shares[-1] < 0.05


def test_a_bent_crop_keeps_the_weights_of_its_labels() -> None:
    box = Box(111.5, 111.5, 106.0, 106.0)
    pixels = np.random.default_rng(0).integers(0, 255, (224, 224, 3), np.uint8)
    patch = Patch(pixels, np.array([[100.0, 100.0], [120.0, 130.0]]), np.array([1.0, 0.25]), box)
    straight, bent_ones = (
        training_crop(patch, 64, None, False, np.random.default_rng(1), share)[1]
        for share in (0, 1)
    )
    assert np.array_equal(straight[:, 2], bent_ones[:, 2])
    assert not np.allclose(straight[:, :2], bent_ones[:, :2])
