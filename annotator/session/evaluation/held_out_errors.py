"""What is wrong after clicking the points of a format, on instances held out from learning."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from landmark_annotator.annotator.session.models.hand_precision import hand_of
from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary, Origin
from landmark_annotator.annotator.session.models.moved_images import with_images
from landmark_annotator.annotator.session.models.prior_model import PriorModel, looks_at_images
from landmark_annotator.annotator.session.models.proposers import best_proposer
from landmark_annotator.annotator.session.models.related_instances import judging, related
from landmark_annotator.annotator.session.models.training import (
    labelled_instances,
    placed_instances,
)
from landmark_annotator.annotator.session.simulation.hand import (
    BOX_ERROR,
    FOLDS,
    STEADY,
    Hand,
    aimed,
    click_noise,
    dealt_folds,
    evenly_jittered,
)
from landmark_annotator.annotator.session.simulation.simulated_annotator import (
    Labelled,
    label_worst_first,
)
from landmark_annotator.backends.metrics.errors import landmark_errors
from landmark_annotator.backends.registry import Remembering, TrainedModel
from landmark_annotator.backends.shapes import Proposal, ShapeMixture, shape_prior
from landmark_annotator.backends.shapes.fitting.prior import PRIOR
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import (
    MODELLED,
    Box,
    Evidence,
    LabelledInstance,
    Progress,
    Scheme,
    Shape,
)
from landmark_annotator.projects.vocabulary.error_lengths import ErrorLengths
from landmark_annotator.projects.vocabulary.errors import Cancelled, ImageError, TooFewLabels
from landmark_annotator.projects.vocabulary.wording import counted

_HELD_OUT = 60
"""Instances that errors are measured on, at most."""
FEWEST = 4
"""Held-out instances below which a trained model is not judged."""
_ENOUGH = 2 * FOLDS
"""Held-out instances below which a trained model's errors are rough, and a prior is not judged."""
_CORRECTED = 24
"""Of them, at most, those that are also corrected until they are good enough."""


@dataclass(frozen=True)
class Corrected:
    """What it takes to correct proposals, the worst point first, until they are good enough: mean
    clicks on an instance, and the mean NME in percent that is left."""

    clicks: float
    error: float


@dataclass(frozen=True)
class HeldOutErrors:
    """errors: mean NME in percent for each format. source: a sentence on whose they are.

    corrected: without any format. by_model: whether a trained model proposed, and not a prior.
    assumed: sentences on the hand that clicks. looked: whether it was a prior with registration,
    which looks at images as a model does.
    """

    errors: tuple[float, ...]
    source: str
    corrected: Corrected
    by_model: bool
    assumed: str = ""
    looked: bool = False


@dataclass(frozen=True)
class _Case:
    """A labelled instance, and what is proposed for it in a box that is off as drawn ones are."""

    index: int
    shape: Shape
    box: Box
    proposal: Proposal


def held_out_errors(
    project: Project,
    labelled: Sequence[tuple[Box, Shape]],
    formats: Sequence[tuple[int, ...]],
    seed: int,
    progress: Progress,
    groups: Sequence[int] | None = None,
    most: int | None = None,
) -> HeldOutErrors | None:
    """Of the model that proposes in the project, on instances that it has not learned from; where
    there is none, or they are few, of what the other folds of the labelled shapes say, with their
    images where that helps. None with too few of those: `why_unknown` says so. Raises Cancelled.

    groups: of each labelled shape, so that related ones share a fold; None where each is on its
    own. A format's points are clicked with a person's error. The formats themselves were found on
    all the shapes. most: instances that a trained model is judged on, for who can do with a rough
    answer; None for as many as are worth their time.
    """
    hand = hand_of(project)
    unjudged, since = "", list[str]()
    try:
        by_model = _by_model(project, formats, seed, progress, hand, since, most)
        judged = by_model or _by_labelled_images(project, formats, seed, progress, hand)
    except ImageError as error:  # without the photographs a model cannot be judged, but a prior can
        judged, unjudged = None, f" What proposes could not be judged: {error.happened}"
    found = judged or prior_errors(labelled, project.scheme, formats, seed, progress, groups, hand)
    if judged is None and not unjudged:
        unjudged = _without_images(project)
    unjudged += "".join(since)
    return found and replace(found, assumed=hand.source, source=found.source + unjudged)


def _without_images(project: Project) -> str:
    """Where labels have lost their images a prior that looks at none seems to be all there is."""
    labelled = labelled_instances(project, once=True)
    gone = len(labelled) - len(with_images(project, labelled))
    if not gone:
        return ""
    are = counted(gone, "labelled shape is", "labelled shapes are")
    return (
        f" The images of {are} not where they were: with them more may be known, and fewer clicks "
        "be needed. annotator locate finds what was moved."
    )


def prior_errors(
    labelled: Sequence[tuple[Box, Shape]],
    scheme: Scheme,
    formats: Sequence[tuple[int, ...]],
    seed: int,
    progress: Progress,
    groups: Sequence[int] | None = None,
    hand: Hand = STEADY,
) -> HeldOutErrors | None:
    """Those of priors, each from the other folds; None with too few shapes.

    They are measured on shapes that no model placed: on those that a prior proposed and people
    accepted it would be compared with itself.
    """
    judged = _judged(labelled)
    if len(judged) < _ENOUGH:
        return None
    random = np.random.default_rng(seed)
    folds = dealt_folds(groups or range(len(labelled)), random)
    chosen = [judged[i] for i in random.permutation(len(judged))[:_HELD_OUT]]
    priors: dict[int, ShapeMixture] = {}

    def cases() -> Iterator[_Case]:
        for place, index in enumerate(chosen):
            fold = int(folds[index])
            if fold not in priors:
                priors[fold] = shape_prior(
                    [pair for pair, at in zip(labelled, folds, strict=True) if at != fold]
                )
            box, shape = labelled[index]
            drawn = evenly_jittered(box, BOX_ERROR, seed, place)
            yield _Case(index, shape, box, Proposal(drawn, priors[fold], PRIOR))

    progress.start("errors", len(chosen))
    usual = ErrorLengths.usual(scheme, ((box, shape.points) for box, shape in labelled))
    errors, corrected = _errors(cases(), usual, formats, seed, progress, hand)
    source = (
        f"Errors are those of the prior from labelled shapes, on {len(chosen)} of them that were "
        "held out; a trained model needs fewer clicks for the same."
    )
    return HeldOutErrors(errors, source, corrected, by_model=False)


def _by_labelled_images(
    project: Project,
    formats: Sequence[tuple[int, ...]],
    seed: int,
    progress: Progress,
    hand: Hand,
) -> HeldOutErrors | None:
    """Those of priors that look at images, as they propose where no network does, each from the
    other folds. None with too few shapes, and where one of the priors does without images. Raises
    ImageError."""
    instances = related(project, labelled_instances(project, once=True)).instances
    judged = _judged([(each.box, each.shape) for each in instances])
    if len(judged) < _ENOUGH:
        return None
    random = np.random.default_rng(seed)
    folds = dealt_folds([each.split_key for each in instances], random).tolist()
    chosen = [judged[i] for i in random.permutation(len(judged))[:_HELD_OUT].tolist()]
    models: dict[int, TrainedModel] = {}
    held_out = sorted({folds[index] for index in chosen})
    progress.start("priors", len(held_out))  # of many landmarks each takes a minute
    for fold in held_out:
        if progress.cancelled():
            raise Cancelled("The planning was stopped.", kept="Nothing was changed.")
        others = [each for each, at in zip(instances, folds, strict=True) if at != fold]
        try:
            models[fold] = PriorModel(tuple(others), project.scheme).load(progress)
        except TooFewLabels:
            return None
        if not looks_at_images(models[fold]):
            return None
        progress.advance()

    lost: list[str] = []

    def cases() -> Iterator[_Case]:
        for place, index in enumerate(chosen):
            own = models[folds[index]]
            yield from _proposed(own, [(index, instances[index])], seed, lost, place)

    progress.start("errors", len(chosen))
    usual = ErrorLengths.usual(project.scheme, ((i.box, i.shape.points) for i in instances))
    errors, corrected = _errors(cases(), usual, formats, seed, progress, hand, lost)
    source = (
        f"Errors are those of the prior from labelled shapes and their images, on {len(chosen)} of "
        "them that were held out; a trained model mostly needs fewer clicks for the same. "
    )
    return HeldOutErrors(
        errors, (source + _left_out(lost)).strip(), corrected, by_model=False, looked=True
    )


def _judged(labelled: Sequence[tuple[Box, Shape]]) -> list[int]:
    """Places of the shapes whose landmarks are all from people or files, and that are anywhere."""
    return [
        i
        for i, (_, shape) in enumerate(labelled)
        if MODELLED.isdisjoint(shape.provenance) and shape.known.any()
    ]


def why_unknown(labelled: Sequence[tuple[Box, Shape]]) -> str:
    """Where `held_out_errors` has none: why, and when there will be some."""
    if len(labelled) < _ENOUGH:
        return "Errors are not known yet: too few shapes are labelled to hold some out."
    placed = len(_judged(labelled))
    return (
        f"Errors are not known yet: in {len(labelled) - placed:,} of {len(labelled):,} labelled "
        "shapes a model placed landmarks, and measured on its own work it would look better than "
        f"it is. They are known once a model is trained on more, or once {_ENOUGH} shapes are "
        "placed wholly by hand or come from a file."
    )


def _by_model(
    project: Project,
    formats: Sequence[tuple[int, ...]],
    seed: int,
    progress: Progress,
    hand: Hand,
    since: list[str],
    most: int | None = None,
) -> HeldOutErrors | None:
    """None where no model proposes, or has few instances that it has not learned from. since: takes
    a sentence where some are not, as somebody has said after its training. Raises ImageError."""
    # A look at the disk, before any package of a backend is imported.
    if next(ModelLibrary.of(project).kept(), None) is None:
        return None
    proposer = best_proposer(project)
    kept = proposer.source
    if proposer.model is None or not isinstance(kept, KeptModel):
        return None
    labelled = labelled_instances(project)
    apart = judging(project, kept, labelled, proposer.beside)
    if near := len(kept.not_learned_from([each.key for each in labelled])) - len(apart):
        said = counted(near, "held-out label is", "held-out labels are")
        since.append(
            f" {said} related to what the {kept.backend.title} has learned from, as somebody has "
            "said since its training, and not counted: the next one keeps them apart."
        )
    unseen = _unseen(apart, placed_instances(project, once=True))
    remarks = []
    if len(unseen) < _ENOUGH:
        placed = len(unseen)
        unseen = _unseen(apart, labelled_instances(project, once=True))
        if len(unseen) > placed:
            remarks.append(
                "A model placed part of their landmarks and people accepted them, so errors are "
                "rather too small."
            )
    if len(unseen) < FEWEST:
        return None
    if len(unseen) < _ENOUGH:
        remarks.append("They are few, so the errors are rough.")
    chosen = np.random.default_rng(seed).permutation(len(unseen))[: most or _HELD_OUT].tolist()
    progress.start("errors", len(chosen))
    lost: list[str] = []
    cases = _proposed(proposer.model, [(i, unseen[i]) for i in chosen], seed, lost)
    lengths = ErrorLengths(project.scheme)  # All of these are labelled completely.
    errors, corrected = _errors(cases, lengths, formats, seed, progress, hand, lost)
    source = (
        f"Errors are those of the {kept.backend.title}, on "
        f"{counted(len(chosen), 'labelled instance')} that it has not learned from."
        if kept.origin is Origin.TRAINED
        else f"Errors are those of the {kept.backend.title} as it came with the program, on "
        f"{counted(len(chosen), 'labelled instance')}."
    )
    notes = [source, _left_out(lost), *remarks, kept.too_small()]
    return HeldOutErrors(errors, " ".join(n for n in notes if n), corrected, by_model=True)


def _unseen(
    apart: Collection[str], instances: Sequence[LabelledInstance]
) -> list[LabelledInstance]:
    """The completely labelled ones that the model can be judged on. apart: their keys."""
    return [each for each in instances if each.shape.complete and each.key in apart]


def _proposed(
    model: TrainedModel,
    chosen: Sequence[tuple[int, LabelledInstance]],
    seed: int,
    lost: list[str],
    first: int = 0,
) -> Iterator[_Case]:
    """lost: takes a sentence for each image that cannot be read. first: how many cases were before
    these."""
    remembered = model.unseen() if isinstance(model, Remembering) else {}
    for place, (index, instance) in enumerate(chosen, first):
        proposal = remembered.get(instance.key)
        if proposal is None:
            box = evenly_jittered(instance.box, BOX_ERROR, seed, place)
            try:
                proposal = model.propose(instance.read_pixels(), box)
            except ImageError as error:
                lost.append(error.happened)
                continue
        yield _Case(index, instance.shape, instance.box, proposal)


def _left_out(lost: Sequence[str]) -> str:
    if not lost:
        return ""
    without = "1 of them was left out" if len(lost) == 1 else f"{len(lost)} of them were left out"
    return f"{without}: {lost[0]}"


def _errors(
    cases: Iterator[_Case],
    lengths: ErrorLengths,
    formats: Sequence[tuple[int, ...]],
    seed: int,
    progress: Progress,
    hand: Hand,
    lost: Sequence[str] = (),
) -> tuple[tuple[float, ...], Corrected]:
    """Mean NME in percent over the cases, for each format, and without any. lost: a sentence for
    each image that could not be read by then. Raises ImageError where there is no other case."""
    found: list[list[float]] = []
    corrected: list[Labelled] = []
    for case in cases:
        if progress.cancelled():
            raise Cancelled("The planning was stopped.", kept="Nothing was changed.")
        progress.advance()
        truth = case.shape.points
        length = lengths.of(truth, case.box)
        noise = click_noise(len(truth), seed, case.index)
        clicks = aimed(truth, noise, length, hand.error)
        deviation = case.proposal.click_deviation
        own = []
        for landmarks in formats:
            evidence = [
                Evidence.click(j, clicks[j], deviation) for j in landmarks if case.shape.known[j]
            ]
            points = case.proposal.given(evidence).points
            own.append(float(np.nanmean(landmark_errors(points, truth, length))))
        found.append(own)
        if len(corrected) < _CORRECTED:
            labelled = label_worst_first(case.proposal, truth, lengths.scheme, length, noise, hand)
            corrected.append(labelled)
    if lost and not found:
        raise ImageError(lost[0])
    return (
        tuple(float(mean) for mean in np.mean(found, axis=0)),
        Corrected(
            float(np.mean([each.clicks for each in corrected])),
            float(np.mean([each.error for each in corrected])),
        ),
    )
