"""Exact sparse formats: how long the whole curve takes, where it jumps, and formats that exist.

On the training faces of the 300-W set, on 98 and all 189 landmarks of the London faces. Timed
with HiGHS alone; Gurobi, where it is there, must find the same.
"""

import time

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.projects.budgets import Affinity, affinity, curve, spread
from landmark_annotator.projects.budgets.curve import Curve
from landmark_annotator.projects.budgets.known_formats import compared
from landmark_annotator.projects.budgets.solvers.covering import Solver
from landmark_annotator.projects.budgets.solvers.gurobi import Gurobi, GurobiUnusable
from landmark_annotator.projects.budgets.solvers.highs import Highs
from landmark_annotator.projects.exchange.codecs import tem
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.arrays import Floats

_LONDON = "london189"
_LONDON_LANDMARKS = 189
_FEWER = 98
"""As many as WFLW has, drawn from the London landmarks: that set is not at hand."""
_SAMPLES = 10
_TIMES = 3
"""Each curve is timed so often; the least time counts, the others had to share the machine."""


def run(options: Options, progress: Progress) -> Figures:
    faces = np.stack([face.shape.points for face in faces300w.faces(faces300w.TRAINING)])
    folder = faces300w.data_folder() / _LONDON
    london = np.stack(
        [
            tem.parse(file.read_text(encoding="utf-8"), file, _LONDON_LANDMARKS)
            for file in sorted(folder.glob("*.tem"))
        ]
    )
    random = np.random.default_rng(options.seed)
    some = np.sort(random.permutation(_LONDON_LANDMARKS)[:_FEWER])
    sets = {"68": faces, "98": london[:, some], "189": london}
    figures: Figures = {}
    progress.start("curves", len(sets) + 2)
    for name, shapes in sets.items():
        step(progress)
        figures |= _curve_figures(f"budget/{name}", shapes)
    step(progress)
    varies = spread(faces, samples=_SAMPLES, seed=options.seed, solver=Highs())
    figures["budget/68/spread/mean"] = rounded(varies.mean.tolist())
    figures["budget/68/spread/deviation"] = rounded(varies.deviation.tolist())
    step(progress)
    for one in compared(faces):
        place = f"budget/68/known/{one.known.name}"
        figures[f"{place}/points"] = one.known.m
        figures[f"{place}/c"] = rounded(one.c)
        figures[f"{place}/best_c_hat"] = rounded(one.c_hat)
    return figures


def _curve_figures(name: str, shapes: Floats) -> Figures:
    started = time.perf_counter()
    matrix = affinity(shapes)
    figures: Figures = {
        f"{name}/shapes": len(shapes),
        f"{name}/affinity_seconds": rounded(time.perf_counter() - started),
    }
    found, seconds = _timed(matrix, Highs())
    figures[f"{name}/curve_seconds"] = seconds
    figures[f"{name}/proven"] = int(found.proven)
    figures[f"{name}/programs"] = sum(f.programs for f in found.formats)
    figures[f"{name}/c_hat"] = rounded(found.c_hat)
    figures[f"{name}/jumps"] = [float(m) for m in found.jumps]
    try:
        other, figures[f"{name}/gurobi/curve_seconds"] = _timed(matrix, Gurobi())
    except GurobiUnusable:
        return figures
    figures[f"{name}/gurobi/same"] = int(other.c_hat == found.c_hat)
    return figures


def _timed(matrix: Affinity, solver: Solver) -> tuple[Curve, float]:
    times = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        found = curve(matrix, solver=solver)
        times.append(time.perf_counter() - started)
    return found, rounded(min(times))
