import numpy as np
import pytest

from landmark_annotator.backends.densities import augmentation
from landmark_annotator.backends.densities.augmentation import Patch, occluded_crop
from landmark_annotator.backends.densities.occluders import occlude
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats


def everywhere(size: int) -> Floats:
    return np.stack(np.meshgrid(np.arange(size), np.arange(size)), axis=2).reshape(-1, 2) * 1.0


def test_what_lies_under_a_patch_is_said_to_be_hidden_and_nothing_else() -> None:
    pixels = np.tile(np.arange(64, dtype=np.uint8)[:, None, None] * 3, (1, 64, 3))
    for seed in range(20):
        image, covered = occlude(pixels, everywhere(64), np.random.default_rng(seed))
        changed = (image != pixels).any(axis=2).ravel()
        assert not changed[~covered].any()
        # A patch may happen to show what was there before.
        assert changed[covered].mean() > 0.8


def test_unknown_landmarks_and_those_outside_lie_under_no_patch() -> None:
    pixels = np.zeros((32, 32, 3), np.uint8)
    points = np.array([[np.nan, np.nan], [-3.0, 8.0], [8.0, 32.4]])
    for seed in range(20):
        assert not occlude(pixels, points, np.random.default_rng(seed))[1].any()


def test_a_mirrored_crop_exchanges_what_is_hidden_with_the_landmarks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The hidden one is the one on the dark side, wherever that side comes to lie."""
    pixels = np.full((224, 224, 3), 200, np.uint8)
    pixels[:, :112] = 40
    points = np.array([[90.0, 110.0], [133.0, 110.0]])
    patch = Patch(pixels, points, np.ones(2), Box(111.5, 111.5, 106, 106), np.array([1.0, 0.0]))
    monkeypatch.setattr(augmentation, "_CHANGES", augmentation.Augmentation(occluded=0.0))
    sides = []
    for seed in range(200):
        crop, made, told = occluded_crop(patch, 64, (1, 0), False, np.random.default_rng(seed))
        assert sorted(told.tolist()) == [0, 1]
        hidden = int(np.argmax(told))
        x, y = made[:, :2].round().astype(int).T
        assert crop[y[hidden], x[hidden]].mean() < crop[y[1 - hidden], x[1 - hidden]].mean()
        sides.append(hidden)
    assert 50 < sum(sides) < 150
