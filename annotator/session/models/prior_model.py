"""The prior as one of the models of a project: what labelled shapes say of the next one, and what
their images show of it, without any training."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landmark_annotator.annotator.session.models.free_heading import (
    few_leaning,
    pointing_scheme,
    tried_schemes,
)
from landmark_annotator.annotator.session.models.learned_landmarks import LearnedLandmarks
from landmark_annotator.annotator.session.models.read_once import read_once
from landmark_annotator.backends.registry import (
    Backend,
    Remembering,
    TrainedModel,
    backend_named,
)
from landmark_annotator.backends.shapes import Proposal, ShapeMixture, prior_proposal, shape_prior
from landmark_annotator.backends.shapes.fitting.facing import (
    either_way,
    facing_the_other_way,
    mirrored_label,
)
from landmark_annotator.backends.shapes.fitting.prior import PRIOR
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import TooFewLabels
from landmark_annotator.projects.vocabulary.progress import SILENT

if TYPE_CHECKING:
    from landmark_annotator.backends.registration import EitherWay, RegistrationModel


_CLEARLY = 0.9
"""What learning with a heading costs at most, in units of without: else a few looks would decide by
chance, otherwise after each label, that an upright object is looked for in all turns, in which left
and right ones are hard to tell apart."""
_HARDLY = 1.5
"""And what learning that they lean costs at most. Labelled ones cannot tell what becomes of one
that leans further: what takes all as they lie takes its head for its tail, and is sure of it; so
does, of some, what takes all turns for alike."""


@dataclass(frozen=True)
class PriorModel:
    """Always there, and the last choice. labelled: what it is fitted to."""

    labelled: tuple[LabelledInstance, ...]
    scheme: Scheme

    name = PRIOR
    learns_at_once = True
    """A few more labels improve it, and fitting it takes seconds."""

    @property
    def subject(self) -> str:
        """What stands before "proposes" in a sentence for people."""
        count = len(self.labelled)
        return f"The prior from {'1 labelled shape' if count == 1 else f'{count} labelled shapes'}"

    @property
    def learned_from(self) -> int:
        return len(self.labelled)

    def maker(self, backend: str) -> str:
        """As of `KeptModel`: the prior stays the same model however many labels it has."""
        return backend

    def load(self, progress: Progress = SILENT) -> TrainedModel:
        """Fused with registration from the labelled images, unless they say of each other that it
        does harm, or none of them can be read. Raises TooFewLabels and Cancelled."""
        learned = LearnedLandmarks.of(self.labelled, self.scheme)
        try:
            found, pointing = judged_registration(
                learned.labelled, learned.change.after, progress=progress
            )
        except TooFewLabels:
            return self.blind()
        # The prior that it was compared with, and no other.
        return learned.whole(found) if found.helps else self.blind(pointing)

    def blind(self, pointing: Scheme | None = None) -> TrainedModel:
        """The prior that looks at no image. pointing: the scheme of learned landmarks by which it
        was judged, where it was; else it has a heading where shapes are known to turn freely.
        Raises TooFewLabels."""
        learned = LearnedLandmarks.of(self.labelled, self.scheme)
        scheme, groups = learned.change.after, [each.split_key for each in learned.labelled]
        pairs = [(each.box, each.shape) for each in learned.labelled]
        others = facing_the_other_way([shape.points for _, shape in pairs], scheme)
        alike = [
            mirrored_label(*pair, scheme) if other else pair
            for pair, other in zip(pairs, others, strict=True)
        ]
        scheme = pointing or pointing_scheme(scheme, [shape for _, shape in alike])
        mixture = shape_prior(alike, scheme, groups)
        if others.any():
            mixture = either_way(mixture, float(others.mean()), scheme)
        return learned.whole(_Fitted(mixture, scheme))


def registration(
    labelled: Sequence[LabelledInstance], scheme: Scheme, seed: int = 0
) -> "RegistrationModel | EitherWay":
    """From the labelled images: with a heading that the scheme does not name where they are known
    to turn freely, and where they cost less so when they are tried on each other, with a heading or
    facing either way; as leaning where turns tell much and that costs hardly more. Raises
    TooFewLabels."""
    return judged_registration(labelled, scheme, seed)[0]


def judged_registration(
    labelled: Sequence[LabelledInstance],
    scheme: Scheme,
    seed: int = 0,
    progress: Progress = SILENT,
) -> "tuple[RegistrationModel | EitherWay, Scheme]":
    """As of `registration`, and the scheme with which it was found to be worth that. Raises
    Cancelled."""
    progress.start("learning from labelled images", None)  # how many looks it takes is not known
    with read_once(labelled) as instances:
        return _judged(instances, scheme, seed, progress)


def _judged(
    labelled: Sequence[LabelledInstance], scheme: Scheme, seed: int, progress: Progress
) -> "tuple[RegistrationModel | EitherWay, Scheme]":
    # OpenCV takes a while to load, and a window is to be seen before.
    from landmark_annotator.backends.registration import EitherWay, RegistrationModel

    everyone = len(labelled)
    shapes = [each.shape for each in labelled]
    others = facing_the_other_way([shape.points for shape in shapes], scheme)
    alike = [
        shape.mirrored(scheme.mirror, 0.0) if other else shape
        for shape, other in zip(shapes, others, strict=True)
    ]

    def one_way(each: Scheme, leaning: bool = False) -> "RegistrationModel | EitherWay":
        model = RegistrationModel.of(labelled, each, seed, progress, leaning=leaning)
        # Nobody has labelled one that faces the other way: it looks like none of them, until it
        # is looked at in the mirror.
        lone = model.search.frames.symmetry is None
        return EitherWay(model, each, labelled, everyone, seed, leaning) if lone else model

    def both_ways(each: Scheme, leaning: bool = False) -> "RegistrationModel | EitherWay":
        return EitherWay.of(labelled, others, each, seed, progress, leaning=leaning)

    # What assumes least first.
    ways = [(one_way, shapes), *([(both_ways, alike)] if others.any() else [])]
    tried = [(way, each, of) for way, of in ways for each in tried_schemes(scheme, of)]
    learn, found, compared = tried[0]
    best = learn(found)
    for way, each, of in tried[1:]:
        other = way(each)
        turned = each.heading is not None and found.heading is None
        if _costs_less(other, best, _CLEARLY if turned else 1.0):
            best, learn, found, compared = other, way, each, of
    for each in tried_schemes(scheme, compared)[1:]:
        other = learn(each, leaning=True)
        if _costs_less(other, best, _HARDLY):
            best, found = other, each
    if few := few_leaning(scheme, compared):
        other = learn(few, leaning=True)
        if best.cost is None or _costs_less(other, best, _HARDLY):
            best = other
    return best, found


def _costs_less(
    model: "RegistrationModel | EitherWay", than: "RegistrationModel | EitherWay", share: float
) -> bool:
    """share: of the other's cost that it costs at most."""
    from landmark_annotator.backends.registration import RegistrationModel

    most = math.inf if than.cost is None else share * than.cost
    # What it costs to take one kind for the other comes on top, and takes as long as a model.
    alone = model if isinstance(model, RegistrationModel) else model.model
    return alone.cost is not None and alone.cost < most and (model.cost or 0.0) < most


def looks_at_images(prior: TrainedModel) -> bool:
    """Whether what `PriorModel` loaded does, and not the shapes alone."""
    from landmark_annotator.backends.registration import EitherWay, RegistrationModel

    return isinstance(prior, RegistrationModel | EitherWay)


def accompanied(network: TrainedModel, prior: TrainedModel) -> TrainedModel | None:
    """The network with the prior's registration beside it. None where the prior looks at no image,
    and for networks that choose among whole shapes: between those filters have no say."""
    from landmark_annotator.backends.registration import (
        Accompanied,
        EitherWay,
        RegistrationModel,
    )

    if isinstance(network, Remembering) or not isinstance(prior, RegistrationModel | EitherWay):
        return None
    return Accompanied(network.propose, prior)


def backend_to_train(name: str) -> Backend | None:
    """None for the name of the prior, which is there without a training. Raises ActionableError
    with the closest known name."""
    return None if name == PriorModel.name else backend_named(name)


@dataclass(frozen=True)
class _Fitted:
    """Proposes the same mixture in every box."""

    mixture: ShapeMixture
    scheme: Scheme

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        return prior_proposal(self.mixture, box, self.scheme)
