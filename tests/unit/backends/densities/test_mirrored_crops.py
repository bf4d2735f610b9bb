"""Training crops are mirrored where that shows what there may be."""

import numpy as np
import pytest

from landmark_annotator.backends.densities.augmentation import Patch
from landmark_annotator.backends.densities.training_data import TrainingData
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

SCHEME = Scheme("profile", ("brow", "nose", "chin", "ear"))
HEAD = np.array([[95.0, 80.0], [70.0, 112.0], [92.0, 150.0], [150.0, 115.0]])


def crops(facing: list[bool]) -> Floats:
    """(N, L, 2) of one epoch."""
    random, patches = np.random.default_rng(0), []
    for other in facing:
        points = HEAD + random.normal(0, 2, HEAD.shape)
        if other:
            points = points * [-1, 1] + [223, 0]
        pixels = random.integers(0, 255, (224, 224, 3), np.uint8)
        patches.append(Patch(pixels, points, np.ones(4), Box(111.5, 111.5, 106.0, 106.0)))
    settings = Settings(size=64, seed=3)
    batches = TrainingData(patches, SCHEME, settings, stride=4).batches(0)
    return np.concatenate([targets[..., :2].numpy() for _, targets in batches])


def turning(points: Floats) -> Floats:
    """(N,) which way round the ear, the nose and the brow lie: a mirror changes its sign."""
    ear, nose, brow = points[:, 3], points[:, 1], points[:, 0]
    (a, b), (c, d) = (nose - ear).T, (brow - ear).T
    return np.sign(a * d - b * c)


def test_of_those_that_face_one_way_none_is_mirrored() -> None:
    assert len(set(turning(crops([False] * 8)).tolist())) == 1


@pytest.mark.parametrize("facing", [[False] * 5 + [True] * 3, [False] * 7 + [True]])
def test_of_those_that_face_either_way_half_are_mirrored(facing: list[bool]) -> None:
    signs = turning(crops(facing))
    assert set(signs.tolist()) == {-1.0, 1.0}
    assert 1 < (signs > 0).sum() < len(signs) - 1
