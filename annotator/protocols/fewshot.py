"""What the first labels of a new scheme buy without a click: the `fewshot` protocol.

Each set is cut once, by the seed, into images to label and images to measure on; images of one
thing stay together. After 1, 3, 6, 12 and 24 labels: the prior from shapes alone, what
registration sees alone, and both fused. A trained network joins at 12 and 24 labels where
--set network=true asks for it; what else is set, such as quick=true, is of its training.
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols.datasets.fewshot_sets import FEWSHOT_SETS, FewshotSet
from landmark_annotator.annotator.protocols.framework.options import Options
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step
from landmark_annotator.annotator.session.models.free_heading import pointing_scheme
from landmark_annotator.annotator.session.models.prior_model import registration
from landmark_annotator.backends.learning.device import one_core
from landmark_annotator.backends.metrics.calibration import inside, squared_mahalanobis
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.metrics.visible import visible_nme
from landmark_annotator.backends.registry import DEFAULT_BACKEND, backend_named
from landmark_annotator.backends.shapes import Proposal, prior_proposal, shape_prior
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError

LABELS = (1, 3, 6, 12, 24)
_TESTED = 50
_NETWORK = "network"
_NETWORK_FROM = 12

Propose = Callable[[Pixels, Box], Proposal]


@dataclass
class _Measured:
    """Of one way to propose, over the test images."""

    errors: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    squared: list[Floats] = field(default_factory=list)
    degrees: float = float("inf")
    seconds: float = 0.0

    def add(
        self, proposal: Proposal, seconds: float, instance: LabelledInstance, scheme: Scheme
    ) -> None:
        believed, truth = proposal.given([]), instance.shape.points
        length = scheme.normaliser_length(truth, instance.box)
        self.errors.append(nme(believed.points, truth, length))
        self.visible.append(visible_nme(believed.points, truth, scheme, length))
        distances = squared_mahalanobis(believed.points, believed.covariances, truth)
        self.squared.append(distances[np.isfinite(distances)])
        self.degrees = proposal.degrees
        self.seconds += seconds

    def figures(self, name: str) -> Figures:
        squared = np.concatenate(self.squared)
        return {
            name: rounded(float(np.mean(self.errors))),
            f"{name}/median": rounded(float(np.median(self.errors))),
            f"{name}/visible": rounded(float(np.mean(self.visible))),
            f"{name}/inside68": rounded(inside(squared, 0.68, self.degrees)),
            f"{name}/inside95": rounded(inside(squared, 0.95, self.degrees)),
            f"{name}/ms": rounded(1000 * self.seconds / len(self.errors)),
        }


def run(options: Options, progress: Progress) -> Figures:
    """Errors are NME in percent by the scheme's normaliser; ms are of one thread's own time."""
    one_core()
    if options.training.keys() - {_NETWORK} and not options.training.get(_NETWORK):
        raise ActionableError(
            "--set is of the training of a network, and none is asked for.",
            kept="Nothing was started.",
            remedy=f"Add --set {_NETWORK}=true, or leave --set out.",
        )
    asked = options.sets_among([one.name for one in FEWSHOT_SETS])
    chosen = [one for one in FEWSHOT_SETS if one.name in asked]
    figures: Figures = {}
    for one in chosen:
        figures |= _of(one, options, progress)
    return figures


def _of(one: FewshotSet, options: Options, progress: Progress) -> Figures:
    scheme = one.scheme()
    training, testing = one.cut(options.seed, max(LABELS), options.images or _TESTED)
    place = f"fewshot/{one.name}"
    figures: Figures = {f"{place}/images": len(testing)}
    progress.start(one.name, len(LABELS) * len(testing))
    for count in LABELS:
        labelled = training[:count]
        started = time.process_time()
        ways = _ways(labelled, scheme, one.weights, options)
        figures[f"{place}/{count}/seconds_to_learn"] = rounded(time.process_time() - started)
        measured: dict[str, _Measured] = {}
        for index, instance in enumerate(testing):
            pixels = instance.read_pixels()
            box = one.box(pixels, instance, options.jitter, options.seed, index)
            for name, propose in ways.items():
                started = time.process_time()
                proposal = propose(pixels, box)
                seconds = time.process_time() - started
                measured.setdefault(name, _Measured()).add(proposal, seconds, instance, scheme)
            step(progress)
        for name, found in measured.items():
            figures |= found.figures(f"{place}/{count}/{name}")
    return figures


def _ways(
    labelled: Sequence[LabelledInstance], scheme: Scheme, weights: str | None, options: Options
) -> dict[str, Propose]:
    """By their names. weights: what a network starts from, where those that it would start from
    have learned from these very images."""
    pointing = pointing_scheme(scheme, [each.shape for each in labelled])
    prior = shape_prior([(each.box, each.shape) for each in labelled], pointing)
    model = registration(labelled, scheme, options.seed)
    ways: dict[str, Propose] = {
        "prior": lambda pixels, box: prior_proposal(prior, box, pointing),
        "registration": model.alone,
        "fused": model.propose,
    }
    if options.training.get(_NETWORK) and len(labelled) >= _NETWORK_FROM:
        backend = backend_named(options.backend or DEFAULT_BACKEND)
        with tempfile.TemporaryDirectory() as folder:
            given = {name: each for name, each in options.training.items() if name != _NETWORK}
            start = None if weights is None else backend.weights(weights)
            begun = {} if start is None else {"trunk": str(start)}
            settings = {"seed": options.seed, **begun, **given}
            backend.train(labelled, pointing, Path(folder), settings, SILENT)
            network = backend.load(Path(folder), scheme)
        ways[_NETWORK] = network.propose
    return ways
