"""Which mistake an odd shape is put down to."""

import numpy as np
import pytest

from landmark_annotator.backends.audit.explanation import Kind, explained
from landmark_annotator.backends.audit.shape_surprise import ShapeModel
from landmark_annotator.projects.vocabulary import Scheme

SCHEME = Scheme("ring", tuple(f"p{i}" for i in range(14)))
"""Without edges and without mirror partners."""


def rings(count: int, seed: int) -> np.ndarray:
    """(n, L, 2) of landmarks round an egg, that bends as a whole."""
    random = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * np.pi, len(SCHEME), endpoint=False)
    mean = np.stack([np.cos(angles), 0.7 * np.sin(angles) + 0.1 * np.cos(2 * angles)], axis=1) / 3
    ways = random.normal(0, 0.02, (count, 3))
    bent = np.stack([mean * np.cos(k * angles)[:, None] for k in (1, 2, 3)])
    noise = random.normal(0, 0.003, (count, *mean.shape))
    return np.asarray(mean + np.einsum("nk,kli->nli", ways, bent) + noise)


MODEL = ShapeModel.of(rings(60, 0), None)


def why(shape: np.ndarray) -> tuple[Kind, tuple[int, ...]]:
    worst = int(np.nanargmax(MODEL.surprise(shape[None]).landmarks[0]))
    return explained(shape, MODEL, SCHEME, worst, as_a_whole=False)


@pytest.mark.parametrize("pair", [(3, 9), (0, 7), (4, 5), (2, 13)])
def test_two_that_changed_places_are_named_wherever_they_are(pair: tuple[int, int]) -> None:
    """Of two far apart a third one was called out of place, which their places made odd."""
    for shape in rings(8, 1):
        shape[list(pair)] = shape[list(pair[::-1])]
        assert why(shape) == (Kind.SWAPPED, pair)


def test_one_that_was_moved_has_changed_places_with_none() -> None:
    random = np.random.default_rng(2)
    for shape in rings(20, 3):
        at = int(random.integers(len(SCHEME)))
        shape[at] += 0.1 * np.array([np.cos(at), np.sin(at)])
        assert why(shape) == (Kind.MOVED, (at,))


def test_a_shape_with_two_landmarks_missing_is_judged_by_the_others() -> None:
    for shape in rings(4, 4):
        shape[[3, 9]] = shape[[9, 3]]
        shape[[0, 6]] = np.nan
        assert why(shape) == (Kind.SWAPPED, (3, 9))


def test_every_swap_gains_what_each_by_itself_does() -> None:
    shape = rings(1, 5)[0]
    shape[6] = np.nan
    pairs = np.array([(a, b) for a in range(len(SCHEME)) for b in range(a)])
    each = MODEL.swap_gains(shape[None], pairs)[0]
    assert MODEL.every_swap(shape)[tuple(pairs.T)] == pytest.approx(each, nan_ok=True)
