"""Photographs of another source than a model has learned from: how soon its ellipses hold again.

A network that learned from `lfpw-train` alone labels `helen-train`: a simulated annotator accepts
shapes in a seeded order, and after 0, 10, 20, 50 and 100 of them the proposals for the same other
images are looked at: whether the ellipses hold, the error that they predict, and the clicks that
they cost. Then the same for what a project has before any network, learned from the first dozen
labels of sets that are no faces: the rule that is used is one for all of them.

What the new source's photographs are worth without labels is the other half, a file of its own:
`newsource_unlabelled`.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.protocols import newsource_unlabelled
from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.datasets.campaign_sets import set_named
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.protocols.framework.stopping import step, stop_if_asked
from landmark_annotator.annotator.session.models.followed_labels import LET_PASS, vouched_for
from landmark_annotator.annotator.session.models.hand_precision import assumed_hand
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.models.training_schedule import prior_due
from landmark_annotator.annotator.session.simulation.hand import click_noise, jittered
from landmark_annotator.annotator.session.simulation.simulated_annotator import (
    Acceptance,
    Labelled,
    label,
)
from landmark_annotator.backends.learning.model_cards import has_card
from landmark_annotator.backends.metrics.calibration import inside, squared_mahalanobis
from landmark_annotator.backends.metrics.errors import nme
from landmark_annotator.backends.metrics.ranking import spearman
from landmark_annotator.backends.registry import DEFAULT_BACKEND, TrainedModel, backend_named
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.backends.shapes.fitting.recalibration_fit import Judged, fit_recalibration
from landmark_annotator.backends.shapes.recalibration import NO_CHANGE, Recalibration, recalibrated
from landmark_annotator.projects.vocabulary import LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError

_SOURCE, _TARGET = "faces68/lfpw-train", "faces68/helen-train"
ACCEPTED = (0, 10, 20, 50, 100)
_ORDERS = 5
"""Orders of labelling; the first is the one of the figures, all of them tell its luck."""
_LOOKED_AT = 200
_FACES = "helen"
_OTHERS = ("ceph19", "fly32", "london189")
_FIRST_LABELS = 12
_OTHERS_ACCEPTED = (0, 10, 20)


@dataclass(frozen=True, eq=False)
class _Image:
    """proposal: by the model itself. index: of the hand that labels it."""

    index: int
    truth: Floats
    length: float
    proposal: Proposal


@dataclass
class _Followed:
    """What has been accepted so far, and what that says."""

    scheme: Scheme
    acceptance: Acceptance
    seed: int
    degrees: float
    found: Recalibration = NO_CHANGE
    fitted_to: int = 0
    judged: list[tuple[_Image, Floats, Floats]] = field(default_factory=list)

    def label(self, image: _Image) -> Labelled:
        return label(
            recalibrated(image.proposal, self.found),
            image.truth,
            self.scheme,
            policy="worst",
            acceptance=self.acceptance,
            normaliser_length=image.length,
            click_noise=click_noise(len(image.truth), self.seed, image.index),
        )

    def accept(self, image: _Image) -> None:
        """As a project follows its labels, when it does."""
        points, doubts = vouched_for(self.label(image).shape)
        self.judged.append((image, points, doubts / self.found.widening))
        if prior_due(len(self.judged), self.fitted_to):
            self.fit()

    def fit(self) -> None:
        self.fitted_to = len(self.judged)
        if not self.judged:
            return
        believed = [_first(image.proposal) for image, _, _ in self.judged]
        boxes = [image.proposal.box for image, _, _ in self.judged]
        let_pass = LET_PASS / 100 * assumed_hand(self.scheme).scale
        self.found = fit_recalibration(
            Judged(
                np.stack([each.points for each in believed]),
                np.stack([each.covariances for each in believed]),
                np.stack([points for _, points, _ in self.judged]),
                np.stack([doubts for _, _, doubts in self.judged]),
                let_pass * np.array([image.length for image, _, _ in self.judged]),
                np.stack([(b.to_image(np.eye(2)) - b.to_image(np.zeros(2))).T for b in boxes]),
                np.arange(len(self.judged)),
                self.degrees,
            )
        )


def run(options: Options, progress: Progress) -> Figures:
    """--set chooses how the network is trained. --sets: helen and the other sets of the first half,
    which is all that runs where none is named, and the parts of the second."""
    asked = options.sets_among([_FACES, *_OTHERS, *newsource_unlabelled.SETS])
    if options.variants and not set(newsource_unlabelled.SETS) & set(options.sets):
        raise ActionableError(
            "--variants are of parts that only run where --sets names them.",
            kept="Nothing was started.",
            remedy=f"Name some of {', '.join(newsource_unlabelled.SETS)}, or leave --variants out.",
        )
    figures: Figures = {}
    if _FACES in asked:
        figures |= _faces(options, progress)
    for name in _OTHERS:
        if name in asked:
            figures |= _other(name, options, progress)
    return figures | newsource_unlabelled.run(options, progress)


def _faces(options: Options, progress: Progress) -> Figures:
    scheme = Scheme.named("face68")
    model = _trained(scheme, options, progress)
    faces = faces300w.faces((_TARGET,))
    order = np.random.default_rng(options.seed).permutation(len(faces)).tolist()
    # Every order is whole, however many are to be looked at.
    count = min(options.images or _LOOKED_AT, len(faces) - max(ACCEPTED) * _ORDERS)
    chosen = order[: max(ACCEPTED) * _ORDERS + count]
    images = _proposed(model, [faces[i] for i in chosen], chosen, scheme, options, progress)
    looked_at, rest = images[:count], images[count:]
    figures: Figures = {"newsource/images": len(looked_at)}
    luck: dict[str, list[float]] = {}
    for number in range(_ORDERS):
        labelled = rest[number * max(ACCEPTED) :][: max(ACCEPTED)]
        found = _followed(labelled, looked_at, scheme, ACCEPTED, options, number == 0)
        if number == 0:
            figures |= {f"newsource/{name}": value for name, value in found.items()}
        for name, value in found.items():
            if name.endswith(("inside68", "inside95")) and isinstance(value, float):
                luck.setdefault(name, []).append(value)
        stop_if_asked(progress)
    return figures | {f"newsource/orders/{name}": rounded(each) for name, each in luck.items()}


def _other(name: str, options: Options, progress: Progress) -> Figures:
    """By the prior and registration from the first labels, which then learn nothing more, as a
    trained network does not."""
    one = set_named(name)
    scheme, everything = one.scheme(), one.read(one.scheme())
    order = np.random.default_rng(options.seed).permutation(len(everything)).tolist()
    learned = tuple(everything[i] for i in order[:_FIRST_LABELS])
    model = PriorModel(learned, scheme).load()
    later = order[_FIRST_LABELS:][: max(_OTHERS_ACCEPTED) + (options.images or _LOOKED_AT)]
    images = _proposed(model, [everything[i] for i in later], later, scheme, options, progress)
    accepted, looked_at = images[: max(_OTHERS_ACCEPTED)], images[max(_OTHERS_ACCEPTED) :]
    found = _followed(accepted, looked_at, scheme, _OTHERS_ACCEPTED, options, True)
    return {f"newsource/{name}/images": len(looked_at)} | {
        f"newsource/{name}/{figure}": value for figure, value in found.items()
    }


def _trained(scheme: Scheme, options: Options, progress: Progress) -> TrainedModel:
    """Of the one source alone, from nothing: what comes with the program has seen the other."""
    backend = backend_named(options.backend or DEFAULT_BACKEND)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.work or temporary) / f"newsource-{backend.name}-seed{options.seed}"
        settings = {"seed": options.seed, **backend.from_nothing, **options.training}
        if not has_card(folder):
            backend.train(faces300w.faces((_SOURCE,)), scheme, folder, settings, progress)
        check_training(folder, settings)
        return backend.load(folder, scheme)


def _proposed(
    model: TrainedModel,
    instances: Sequence[LabelledInstance],
    numbers: Sequence[int],
    scheme: Scheme,
    options: Options,
    progress: Progress,
) -> list[_Image]:
    progress.start("proposing", len(instances))
    found = []
    for index, instance in zip(numbers, instances, strict=True):
        box = jittered(instance.box, options.jitter, options.seed, index)
        truth = instance.shape.points
        length = scheme.normaliser_length(truth, instance.box)
        found.append(_Image(index, truth, length, model.propose(instance.read_pixels(), box)))
        step(progress)
    return found


def _followed(
    labelled: Sequence[_Image],
    looked_at: Sequence[_Image],
    scheme: Scheme,
    counts: Sequence[int],
    options: Options,
    clicks: bool,
) -> Figures:
    """clicks: whether to count those as well, which takes longest."""
    hand = assumed_hand(scheme)
    acceptance = Acceptance().scaled(hand.scale)
    followed = _Followed(scheme, acceptance, options.seed, looked_at[0].proposal.degrees)
    figures: Figures = {}
    for count in counts:
        for image in labelled[len(followed.judged) : count]:
            followed.accept(image)
        followed.fit()
        found = followed.found
        figures[f"accepted{count}/widened"] = rounded(float(np.sqrt(found.widening)))
        figures[f"accepted{count}/shifted"] = int(found.shift is not None)
        measured = _measured(looked_at, followed, clicks)
        figures |= {f"accepted{count}/{name}": value for name, value in measured.items()}
    return figures


def _measured(looked_at: Sequence[_Image], followed: _Followed, clicks: bool) -> Figures:
    squared, errors, predicted = [], [], []
    degrees = float("inf")
    for image in looked_at:
        proposal = recalibrated(image.proposal, followed.found)
        believed = _first(proposal)
        degrees = proposal.degrees
        squared.append(squared_mahalanobis(believed.points, believed.covariances, image.truth))
        errors.append(nme(believed.points, image.truth, image.length))
        predicted.append(believed.predicted_error(followed.scheme, proposal.box))
    values = np.concatenate(squared)
    values = values[np.isfinite(values)]
    figures: Figures = {
        "inside68": rounded(inside(values, 0.68, degrees)),
        "inside95": rounded(inside(values, 0.95, degrees)),
        "nme": rounded(float(np.mean(errors))),
        "predicted_nme": rounded(float(np.mean(predicted))),
        "predicted_rank": rounded(spearman(np.array(predicted), np.array(errors))),
    }
    if clicks:
        counted = [followed.label(image).clicks for image in looked_at]
        figures["clicks"] = rounded(float(np.mean(counted)))
    return figures


def _first(proposal: Proposal) -> Posterior:
    return proposal.given([])
