"""What `annotator interpret --out` writes: heat maps, curves, tables and all figures."""

import json
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.cli.reports.affinity_pictures import curves, heat_map
from landmark_annotator.annotator.protocols.interpret import Interpretation, figures
from landmark_annotator.projects.exchange.codecs.common.text import cell
from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError


def write_files(folder: Path, found: Interpretation) -> None:
    """For every stage and epoch a heat map of the error (PNG) and its numbers (CSV); the pairs as
    curves; figures.json. Raises ActionableError where the folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        limit = max(float(np.abs(found.error(n)).max()) for n in {**found.stages, **found.epochs})
        for name in {**found.stages, **found.epochs}:
            error = found.error(name)
            title = f"{name}: affinity less that of the truth (NME {found.nmes[name]:.2f} %)"
            heat_map(folder / f"error_{_file(name)}.png", error, title, limit)
            _table(folder / f"error_{_file(name)}.csv", error, found)
        _table(folder / "truth.csv", found.truth, found)
        if found.epochs:
            spread = found.deviation
            title = "deviation of the affinities over the later half of the epochs"
            heat_map(folder / "deviation.png", spread, title, float(spread.max()))
            _table(folder / "deviation.csv", spread, found)
        for kind, matrices in (("stages", found.stages), ("epochs", found.epochs)):
            if len(matrices) > 1 and found.pairs:
                lines = {f"{i}-{j}": [m[i, j] for m in matrices.values()] for i, j in found.pairs}
                levels = {f"{i}-{j}": float(found.truth[i, j]) for i, j in found.pairs}
                curves(folder / f"pairs_by_{kind}.png", lines, levels, list(matrices))
        text = json.dumps(figures(found), indent=1)
        write_whole(folder / "figures.json", text + "\n")
    except OSError as error_:
        raise ActionableError(
            f"The pictures cannot be written to {folder}: {error_.strerror}.",
            remedy="Give another folder to --out.",
        ) from error_


def _file(name: str) -> str:
    return name.replace(" ", "_")


def _table(path: Path, matrix: Floats, found: Interpretation) -> None:
    names = [cell(" ".join(name.replace(",", " ").split())) for name in found.scheme.landmarks]
    rows = [",".join(["", *names])]
    rows += [
        ",".join([name, *(f"{value:.4f}" for value in row)])
        for name, row in zip(names, matrix, strict=True)
    ]
    write_whole(path, "\n".join(rows) + "\n")
