"""A whole labelling job from zero labels, with a simulated annotator and the product's models."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from annotator.session.against_prior import compare_with_prior
from annotator.session.proposers import ProposerRecipe
from annotator.session.relearning import prior_due, training_due
from annotator.session.simulated_labelling import Acceptance, drags, label
from backends.registry import Backend
from backends.shapes.alignment import nan_mean
from projects.vocabulary import SILENT, LabelledInstance, Progress, Scheme
from projects.vocabulary.errors import Cancelled


@dataclass(frozen=True)
class JobSettings:
    """policy: which landmark is clicked next. truthful: the models learn from the truth in place
    of the accepted labels, to see what their errors cost. backend: the network that is trained
    as labels arrive; None leaves it at the prior. from_nothing: it does not start from weights
    that came with the program. seed: of the errors of clicks, and of the trainings."""

    policy: str = "worst"
    acceptance: Acceptance = field(default_factory=Acceptance)
    truthful: bool = False
    backend: Backend | None = None
    from_nothing: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Job:
    """Each a list by image, in the order in which they were labelled.

    clicks: spent. drags: what dragging points from the mean of the labels so far would have
    taken. errors: NME of the accepted labels in percent. proposers: what proposed.
    """

    clicks: list[int]
    drags: list[int]
    errors: list[float]
    proposers: list[str]
    training_minutes: float
    trainings: int


def simulate_job(
    scheme: Scheme,
    instances: Sequence[LabelledInstance],
    folder: Path,
    settings: JobSettings,
    progress: Progress,
) -> Job:
    """instances: the truth, in the order of the job, each in the box that somebody has drawn.

    folder: where models are kept while the job lasts. Raises Cancelled.
    """
    done = Job([], [], [], [], 0.0, 0)
    labelled: list[LabelledInstance] = []
    recipe = ProposerRecipe(scheme, folder, ())
    proposer, fitted_to, trained_on, minutes, trainings = recipe.make(), 0, 0, 0.0, 0
    for index, instance in enumerate(instances):
        if progress.cancelled():
            raise Cancelled("The evaluation was stopped.", kept="Sets that were done are kept.")
        truth = instance.shape.points
        length = scheme.normaliser_length(truth, instance.box)
        noise = np.random.default_rng((settings.seed, index, 1)).normal(size=truth.shape)
        proposal = proposer.propose(instance.read_pixels(), instance.box)
        result = label(
            proposal,
            truth,
            scheme,
            policy=settings.policy,
            acceptance=settings.acceptance,
            normaliser_length=length,
            click_noise=noise,
        )
        done.clicks.append(result.clicks)
        done.errors.append(round(result.error, 3))
        done.proposers.append(proposer.name)
        done.drags.append(_drags(labelled, instance, settings.acceptance, length))
        learned = instance.shape if settings.truthful else result.shape
        labelled.append(replace(instance, shape=learned))
        progress.advance()
        if settings.backend is not None and training_due(len(labelled), trained_on):
            minutes += _train(settings.backend, labelled, scheme, folder, settings)
            trained_on, trainings = len(labelled), trainings + 1
        elif proposer.name not in ("prior", "none") or not prior_due(len(labelled), fitted_to):
            continue
        fitted_to = len(labelled)
        pairs = tuple((each.box, each.shape) for each in labelled)
        proposer = ProposerRecipe(scheme, folder, pairs).make()
    return replace(done, training_minutes=round(minutes, 2), trainings=trainings)


def _train(
    backend: Backend,
    labelled: Sequence[LabelledInstance],
    scheme: Scheme,
    folder: Path,
    settings: JobSettings,
) -> float:
    """Minutes that it took, with the comparison to the prior that decides who proposes."""
    started = time.monotonic()
    chosen = dict(backend.from_nothing) if settings.from_nothing else {}
    own = folder / backend.name
    backend.train(labelled, scheme, own, {"seed": settings.seed, **chosen}, SILENT)
    compare_with_prior(backend, labelled, scheme, own, settings.seed)
    return (time.monotonic() - started) / 60


def _drags(
    labelled: Sequence[LabelledInstance],
    instance: LabelledInstance,
    acceptance: Acceptance,
    length: float,
) -> int:
    """From the mean of the labels so far, put into the box; all of them for the first image."""
    truth = instance.shape.points
    if not labelled:
        return len(truth)
    mean = nan_mean(np.stack([each.box.to_frame(each.shape.points) for each in labelled]))
    return drags(instance.box.to_image(mean), truth, acceptance, length)
