"""How long the exact curves take; the figures are for reading, nothing is asserted of times."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.projects.budgets import Curve, affinity, curve
from landmark_annotator.projects.budgets.solvers.gurobi import Gurobi
from landmark_annotator.projects.budgets.solvers.highs import Highs
from landmark_annotator.projects.exchange.codecs import tem

SOLVERS = {"highs": Highs, "gurobi": Gurobi}


@pytest.fixture(scope="module")
def shapes(landmark_data: Path) -> dict[int, np.ndarray]:
    files = sorted((landmark_data / "london189").glob("*.tem"))
    london = np.stack([tem.parse(f.read_text(encoding="utf-8"), f, 189) for f in files])
    faces = np.stack([f.shape.points for f in faces300w.faces(faces300w.TRAINING)])
    some = np.sort(np.random.default_rng(0).permutation(189)[:98])
    return {68: faces, 98: london[:, some], 189: london}


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("size", [68, 98, 189])
def test_time_of_the_whole_curve(
    shapes: dict[int, np.ndarray], size: int, solver: str, benchmark: Callable[..., Curve]
) -> None:
    found = benchmark(curve, affinity(shapes[size]), solver=SOLVERS[solver]())
    assert found.proven
    assert found.sizes == list(range(1, size + 1))


def test_time_of_affinities_with_gaps(
    shapes: dict[int, np.ndarray], benchmark: Callable[..., object]
) -> None:
    gaps = shapes[189].copy()
    gaps[::5, 20] = np.nan
    assert benchmark(affinity, gaps) is not None
