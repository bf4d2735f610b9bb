"""How near to the truth a trained network comes without a click: the `precision` protocol.

Cephalograms, 150 to train and 50 to test, in millimetres as radiographs are judged; faces with 189
landmarks, 80 to train and 22 to test. Each by the network's heat maps alone, fused with the prior,
and with the second look at the photograph's own resolution.
"""

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols.datasets.campaign_sets import CampaignSet, set_named
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.simulation.hand import jittered
from landmark_annotator.backends.learning.model_cards import has_card, read_card
from landmark_annotator.backends.metrics.calibration import inside, squared_mahalanobis
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.metrics.visible import visible_nme
from landmark_annotator.backends.registry import DEFAULT_BACKEND, Staged, backend_named
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress
from landmark_annotator.projects.vocabulary.arrays import Floats

_WITHIN = (2.0, 2.5, 3.0, 4.0)
"""Millimetres: the ranges of the cephalogram challenge (Wang et al., 2016)."""
_TESTED_LAST = "proposal"


@dataclass(frozen=True)
class _Cut:
    """related: names of images that show one thing: they are trained on."""

    name: str
    training: int
    related: tuple[str, ...] = ()

    def of(
        self, one: CampaignSet, seed: int
    ) -> tuple[list[LabelledInstance], list[LabelledInstance]]:
        everything = one.read(one.scheme())
        order = np.random.default_rng(seed).permutation(len(everything)).tolist()
        order.sort(key=lambda i: not any(name in everything[i].key for name in self.related))
        chosen = [everything[i] for i in order]
        return chosen[: self.training], chosen[self.training :]


_CUTS = (_Cut("ceph19", 150, ("144.jpg", "173.jpg")), _Cut("london189", 80))


def run(options: Options, progress: Progress) -> Figures:
    figures: Figures = {}
    asked = options.sets_among([cut.name for cut in _CUTS])
    for cut in _CUTS:
        if cut.name in asked:
            figures |= _of(cut, options, progress)
    return figures


def _of(cut: _Cut, options: Options, progress: Progress) -> Figures:
    one, place = set_named(cut.name), f"precision/{cut.name}"
    scheme, backend = one.scheme(), backend_named(options.backend or DEFAULT_BACKEND)
    training, testing = cut.of(one, options.seed)
    testing = testing[: options.images]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.work or temporary)
        folder = folder / f"precision-{cut.name}-{backend.name}-seed{options.seed}"
        settings = {"seed": options.seed, **options.training}
        if not has_card(folder):
            backend.train(training, scheme, folder, settings, progress)
        check_training(folder, settings)
        minutes, model = read_card(folder)["minutes"], backend.load(folder, scheme)
    found: dict[str, list[Floats]] = {}
    squared, seconds, degrees = [], 0.0, float("inf")
    progress.start(f"precision, {cut.name}", len(testing))
    for index, instance in enumerate(testing):
        pixels = instance.read_pixels()
        box = jittered(instance.box, options.jitter, options.seed, index)
        started = time.process_time()
        proposal = model.propose(pixels, box)
        seconds += time.process_time() - started
        believed, degrees = proposal.given([]), proposal.degrees
        stages: Mapping[str, Floats] = {}
        if isinstance(model, Staged):
            stages = model.stages(pixels, box)
        for name, points in {**stages, _TESTED_LAST: believed.points}.items():
            found.setdefault(name, []).append(points)
        truth = instance.shape.points
        distances = squared_mahalanobis(believed.points, believed.covariances, truth)
        squared.append(distances[np.isfinite(distances)])
        step(progress)
    figures: Figures = {
        f"{place}/training_images": len(training),
        f"{place}/images": len(testing),
        f"{place}/training_minutes": minutes,
        f"{place}/ms": rounded(1000 * seconds / len(testing)),
        f"{place}/inside68": rounded(inside(np.concatenate(squared), 0.68, degrees)),
        f"{place}/inside95": rounded(inside(np.concatenate(squared), 0.95, degrees)),
    }
    for name, shapes in found.items():
        own = place if name == _TESTED_LAST else f"{place}/{name}"
        figures |= _errors(own, one, shapes, testing)
    return figures


def _errors(
    place: str, one: CampaignSet, shapes: list[Floats], testing: list[LabelledInstance]
) -> Figures:
    scheme = one.scheme()
    relative, visible, pixels = [], [], []
    for points, instance in zip(shapes, testing, strict=True):
        truth = instance.shape.points
        length = scheme.normaliser_length(truth, instance.box)
        relative.append(nme(points, truth, length))
        visible.append(visible_nme(points, truth, scheme, length))
        pixels.append(np.linalg.norm(points - truth, axis=1))
    figures: Figures = {
        f"{place}/nme": rounded(float(np.mean(relative))),
        f"{place}/visible": rounded(float(np.mean(visible))),
        f"{place}/pixels": rounded(float(np.mean(pixels))),
    }
    if one.mm_per_pixel is not None:
        millimetres = np.array(pixels) * one.mm_per_pixel
        figures[f"{place}/mm"] = rounded(float(millimetres.mean()))
        for limit in _WITHIN:
            share = float((millimetres <= limit).mean())
            figures[f"{place}/within{limit:g}mm"] = rounded(100 * share)
    return figures
