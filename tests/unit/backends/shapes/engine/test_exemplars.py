import subprocess
import sys

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Exemplars, ShapeMixture, condition
from landmark_annotator.backends.shapes.fitting.perturbed_shapes import perturbed
from landmark_annotator.projects.vocabulary import Box, Evidence

BOX = Box(50, 50, 100, 100)


def shapes(count: int, size: int = 4) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.1, (count, size, 2))


def test_columns_are_the_coordinates_of_all_classes() -> None:
    exemplars = Exemplars(shapes(5000))
    np.testing.assert_array_equal(exemplars.columns[5], exemplars.shapes[:, 2, 1])


def test_the_mixtures_of_a_model_share_its_exemplars() -> None:
    exemplars = Exemplars(shapes(10))
    first = ShapeMixture(np.zeros(10), exemplars, np.eye(8))
    second = condition(
        ShapeMixture(np.ones(10), exemplars, np.eye(8)), [Evidence.click(0, np.zeros(2), 0.1)]
    )
    assert first.exemplars.columns is second.exemplars.columns


@pytest.mark.parametrize("shape", [(3, 2), (0, 4, 2), (3, 4, 3)])
def test_what_is_not_a_set_of_shapes_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="exemplars"):
        Exemplars(np.zeros(shape))


def test_importing_shapes_loads_no_numba() -> None:
    """Its import costs more than half a second; only a large model asks for it."""
    command = "import sys, landmark_annotator.backends.shapes; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


def test_perturbed_shapes_start_with_the_real_ones_and_stay_near_them() -> None:
    real = shapes(30).astype(np.float32)
    made = perturbed(real, 40_000, 1)
    assert made.shape == (40_000, 4, 2)
    assert made.dtype == np.float32
    np.testing.assert_array_equal(made[:30], real)
    assert np.abs(made).max() < 3 * np.abs(real).max()
    np.testing.assert_array_equal(made, perturbed(real, 40_000, 1))
    assert not np.array_equal(made, perturbed(real, 40_000, 2))
