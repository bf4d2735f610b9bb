"""The weakly supervised network: table 5.1 of the thesis "Deep face analysis" on the 300-W faces.

n of N training faces are labelled densely, the rest with a sparse format only. Two kinds of
figures, kept apart: `network` (variant table) is the error on unseen faces without a click; `fill`
(variant fill) the error on the sparsely labelled training faces themselves, whose m points were
clicked. The fill is by ways without a network (of protocol `fill`, and by the image around each
landmark: `appearance`), by the posterior of the two-branch network, and by that of a heat-map
network that knew rendered heads and learned from the densely and the sparsely labelled faces
together; of that one too the error on unseen faces is told, `network/.../heatmap`.

With a work folder every trained cell is kept there, and an interrupted run goes on; what it tells
when it is stopped are the cells that are finished.
"""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.sparse_draws import (
    Draw,
    Format,
    visible_error_within,
)
from landmark_annotator.annotator.protocols.fill import WAYS
from landmark_annotator.annotator.protocols.framework.options import Options, marked
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step, stop_if_asked
from landmark_annotator.annotator.session.filling.dense import Clicked
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.fill.combined import combined
from landmark_annotator.backends.metrics.calibration import inside, squared_mahalanobis
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.registry import TrainedModel, backend_named
from landmark_annotator.backends.shapes.fitting.alignment import align, similarity_box
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Shape
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import Cancelled

SETTINGS: dict[str, Any] = {"epochs": 24, "dense_epochs": 40, "fine_epochs": 20, "size": 64}
"""Short trainings, so that all of them together fit into an hour of one core."""

HEATMAP: dict[str, Any] = {"size": 128, "held_out": 0.15}
HEATMAP_STEPS = 2400
"""A quarter of an hour of a free core, however many labels an epoch has; and half as many in the
second round, of the filled labels. Where nothing is sparse, all of them in the one round."""
FEWER_STEPS = 800
"""Where two formats are compared alone."""
_TRUNK = "heads68"
"""What the heat-map network starts from: it has seen rendered heads and no photograph."""
VARIANTS = ("fill", "table")
_FILLS = ("appearance", "heatmap", "heatmap_and_appearance", "network")
_FILLED = ("5/m9",)
"""Cells of the table whose network also fills, which the ways of the other variant do better."""


def run(options: Options, progress: Progress) -> Figures:
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.work or temporary) / f"weak-seed{options.seed}{_mark(options)}"
        return _Run(options, work, progress).figures()


def _mark(options: Options) -> str:
    """Of what else changes a cell, so that none is taken for another: nothing for the usual."""
    given = {**options.training, "images": options.images, "jitter": options.jitter}
    usual = {"images": Options.images, "jitter": Options.jitter}
    return marked({name: value for name, value in given.items() if usual.get(name, ...) != value})


_Cell = tuple[str, Callable[[], Figures]]


class _Run:
    def __init__(self, options: Options, work: Path, progress: Progress) -> None:
        self.options, self.work, self.progress = options, work, progress
        self.training = _remembered(faces300w.faces(faces300w.TRAINING)[: options.images])
        self.testing = _remembered(faces300w.faces(faces300w.TESTING)[: options.images])

    def figures(self) -> Figures:
        """The cells of table 5.1, those of most use first. Stopped, those that are finished."""
        found: Figures = {f"settings/{k}": v for k, v in SETTINGS.items()}
        found |= {f"settings/heatmap/{k}": v for k, v in HEATMAP.items()}
        found["settings/heatmap/steps"] = HEATMAP_STEPS
        found["settings/heatmap/fewer_steps"] = FEWER_STEPS
        found["faces/training"] = len(self.training)
        found["faces/testing"] = len(self.testing)
        missing = 0
        for name, make in self._cells():
            try:
                found |= self._kept(name, make)
            except Cancelled:
                missing += 1
        if missing:
            found["cells/missing"] = missing
        return found | margins(found)

    def _cells(self) -> list[_Cell]:
        chosen = self.options.variants_among(VARIANTS)
        parts = {"fill": self._fill_cells, "table": self._table_cells}
        return [cell for name in VARIANTS if name in chosen for cell in parts[name]()]

    def _fill_cells(self) -> list[_Cell]:
        sparse = self._draw(5)
        formats = (sparse.searched(9), *sparse.pairs()[0])
        whole = self._draw(100)
        return [
            *((f"appearance/{f.name}", partial(self._appearance, sparse, f)) for f in formats),
            *(self._heatmap_cell("5", sparse, f) for f in formats),
            self._heatmap_cell("100", whole, formats[0]),
            *(self._heatmap_cell("5", sparse, f, FEWER_STEPS) for f in sparse.pairs()[1]),
        ]

    def _table_cells(self) -> list[_Cell]:
        sparse, tenth, quarter, whole = (self._draw(ratio) for ratio in (5, 10, 25, 100))
        nine, (ours, aflw), inner = sparse.searched(9), *sparse.pairs()
        cells = [
            self._cell("5/m9", sparse, nine),
            self._cell("100/m9", whole, nine),
            self._cell("5/m19", sparse, ours),
            self._cell("5/aflw19", sparse, aflw),
            *(self._cell(f"5/41/{format.name}", sparse, format) for format in inner),
        ]
        for ratio, draw in ((10, tenth), (25, quarter)):
            for pair in draw.pairs():
                for format in pair:
                    name = f"{ratio}/{_within(format)}{format.name}"
                    cells.append(self._cell(name, draw, format))
        # The rest of figure 5.17.
        rest = [m for m in range(5, 21) if m not in (9, 19)]
        return cells + [self._cell(f"5/m{m}", sparse, sparse.searched(m)) for m in rest]

    def _heatmap_cell(
        self, ratio: str, draw: Draw, format: Format, steps: int = HEATMAP_STEPS
    ) -> _Cell:
        name = f"{ratio}/{_within(format)}{format.name}"
        return f"heatmap/{name}", partial(self._heatmap, name, draw, format, steps)

    def _draw(self, ratio: float) -> Draw:
        return Draw.of(self.training, ratio, self.options.seed)

    def _cell(self, name: str, draw: Draw, format: Format) -> _Cell:
        return name, partial(self._network, name, draw, format)

    def _kept(self, name: str, make: Callable[[], Figures]) -> Figures:
        """What a cell found, now or in a run before."""
        file = self.work / f"{name.replace('/', '-')}.json"
        if file.is_file():
            kept: Figures = json.loads(file.read_text(encoding="utf-8"))
            return kept
        stop_if_asked(self.progress, kept="Finished cells are in --work.")
        found = make()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(found), encoding="utf-8")
        return found

    def _network(self, name: str, draw: Draw, format: Format) -> Figures:
        by_network = name in _FILLED
        settings = {
            **SETTINGS,
            "seed": self.options.seed,
            "sparse": list(format.landmarks),
            "folds": 2 if by_network else 1,
        }
        backend, scheme = backend_named("weak"), format.scheme()
        folder = self.work / name.replace("/", "-")
        card = backend.train(draw.instances(format), scheme, folder, settings, self.progress)
        model = backend.load(folder, scheme)
        found = self._unseen(f"network/{name}", model, format) | {
            f"network/{name}/c": rounded(format.c),
            f"network/{name}/minutes": card["minutes"],
        }
        if by_network:
            found |= self._fills(f"fill/{name}", draw, format)
            filled = self._filled(model, draw, format)
            found |= self._judged(f"fill/{name}/network", filled, draw, format)
        return found

    def _fills(self, place: str, draw: Draw, format: Format) -> Figures:
        found: Figures = {}
        for way, fill in WAYS.items():
            found |= _errors(f"{place}/{way}", fill(draw, format), draw, format)
        return found

    def _unseen(self, place: str, model: TrainedModel, format: Format) -> Figures:
        """Errors in percent on the testing faces, without a click."""
        errors, seen = [], []
        self.progress.start("unseen faces", len(self.testing))
        for index, face in enumerate(self.testing):
            box = jittered(face.box, self.options.jitter, self.options.seed, index)
            points = model.propose(face.read_pixels(), box).given([]).points
            truth = face.shape.points
            length = float(np.linalg.norm(truth[36] - truth[45]))
            errors.append(nme(points, truth[list(format.within)], length))
            seen.append(visible_error_within(points, truth, format.within, length))
            self._go_on()
        return {
            f"{place}/nme": rounded(float(np.mean(errors))),
            f"{place}/visible": rounded(float(np.mean(seen))),
        }

    def _filled(self, model: TrainedModel, draw: Draw, format: Format) -> list[Shape]:
        """The sparsely labelled faces by the model's posterior given the clicks."""
        within = list(format.within)
        reference = align([draw.truths[i][within] for i in draw.dense])[0]
        found = []
        self.progress.start("filling", len(draw.sparse))
        for index in draw.sparse:
            points, face = draw.sparse_points(index, format), draw.faces[index]
            clicked = Clicked(points, draw.boxes[index], face.read_pixels)
            frame = similarity_box(reference, points)
            found.append(clicked.given(model.propose(face.read_pixels(), frame)))
            self._go_on()
        return found

    def _judged(self, place: str, filled: Sequence[Shape], draw: Draw, format: Format) -> Figures:
        """The error of a fill, and how many of the landmarks that were not clicked lie within
        their 95 % ellipses."""
        within, clicks = list(format.within), list(format.landmarks)
        squared = []
        for index, shape in zip(draw.sparse, filled, strict=True):
            truth = draw.truths[index][within]
            own = squared_mahalanobis(shape.points, shape.covariances, truth)
            squared.append(np.delete(own, clicks))
        points = np.stack([shape.points for shape in filled])
        return _errors(place, points, draw, format) | {
            f"{place}/inside95": rounded(inside(np.stack(squared), 0.95)),
        }

    def _by_appearance(self, draw: Draw, format: Format) -> list[Shape]:
        """The fill by regression from the clicks and from the image around each landmark."""
        from landmark_annotator.backends.fill.appearance import AppearanceFill

        labelled = draw.instances(format)
        dense = [labelled[i] for i in draw.dense]
        way = AppearanceFill.fitted(dense, format.scheme(), format.landmarks)
        filled = []
        self.progress.start("filling", len(draw.sparse))
        for index in draw.sparse:
            points, face = draw.sparse_points(index, format), draw.faces[index]
            found, doubts = way.fill(points, draw.boxes[index], face.read_pixels())
            filled.append(Shape(found, covariances=doubts))
            self._go_on()
        return filled

    def _appearance(self, draw: Draw, format: Format) -> Figures:
        place = f"fill/5/{format.name}"
        filled = self._by_appearance(draw, format)
        judged = self._judged(f"{place}/appearance", filled, draw, format)
        return self._fills(place, draw, format) | judged

    def _heatmap(self, name: str, draw: Draw, format: Format, steps: int) -> Figures:
        """A heat-map network that learns from both kinds of faces: on unseen ones, and its fill."""
        backend, scheme = backend_named("heatmap"), format.scheme()
        start = backend.weights(_TRUNK)
        settings = {"seed": self.options.seed, **HEATMAP, "trunk": str(start or "none")}
        settings |= {"epochs": _epochs(draw, HEATMAP["held_out"], steps), **self.options.training}
        folder = self.work / "heatmap" / name.replace("/", "-")
        card = backend.train(draw.instances(format), scheme, folder, settings, self.progress)
        model = backend.load(folder, scheme)
        found = self._unseen(f"network/{name}/heatmap", model, format) | {
            f"network/{name}/heatmap/minutes": card["minutes"],
        }
        if len(draw.sparse):
            filled = self._filled(model, draw, format)
            found |= self._judged(f"fill/{name}/heatmap", filled, draw, format)
            both = list(map(combined, filled, self._by_appearance(draw, format)))
            found |= self._judged(f"fill/{name}/heatmap_and_appearance", both, draw, format)
        return found

    def _go_on(self) -> None:
        step(self.progress, kept="Finished cells are in --work.")


def _errors(place: str, filled: Floats, draw: Draw, format: Format) -> Figures:
    return {
        f"{place}/nme": rounded(draw.error(filled, format, draw.sparse)),
        f"{place}/visible": rounded(draw.visible_error(filled, format, draw.sparse)),
    }


def margins(found: Figures) -> Figures:
    """How much less error the searched format has than the one that exists."""
    gained: Figures = {}
    kinds = [(f"network/{ratio}", "", "network") for ratio in (5, 10, 25)]
    kinds += [("network/5", "/heatmap", "network/heatmap")]
    kinds += [("fill/5", f"/{way}", f"fill/{way}") for way in _FILLS]
    for place, way, told in kinds:
        for ours, theirs in (("m19", "aflw19"), ("41/m5", "41/mafl5")):
            pair = [found.get(f"{place}/{name}{way}/nme") for name in (ours, theirs)]
            if isinstance(pair[0], float) and isinstance(pair[1], float):
                ratio = place.split("/")[1]
                gained[f"margin/{ratio}/{ours}/{told}"] = rounded(pair[1] - pair[0])
    return gained


def _within(format: Format) -> str:
    """In a cell's name, where the figures are of the inner landmarks alone."""
    return "41/" if len(format.within) == 41 else ""


def _epochs(draw: Draw, held_out: float, steps: int) -> int:
    """As many as make up the steps, where the dense faces are half of what is learned from."""
    if not len(draw.sparse):
        return max(round(1.5 * steps * 16 / ((1 - held_out) * len(draw.dense))), 1)
    return max(round(steps * 16 / (2 * len(draw.sparse))), 1)


def _remembered(faces: Sequence[LabelledInstance]) -> list[LabelledInstance]:
    """Every photograph is read once: a training for each cell would read it again."""
    return [replace(face, read_pixels=cache(face.read_pixels)) for face in faces]
