"""A whole labelling job from zero labels, with a simulated annotator and the product's models."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.annotator.session.evaluation.job_checkpoint import (
    Job,
    read_progress,
    write_progress,
)
from landmark_annotator.annotator.session.models.free_heading import pointing_scheme
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.prior_comparison import compare_with_prior
from landmark_annotator.annotator.session.models.proposers import Proposer, ProposerRecipe
from landmark_annotator.annotator.session.models.training_schedule import prior_due, training_due
from landmark_annotator.annotator.session.simulation.hand import click_noise
from landmark_annotator.annotator.session.simulation.simulated_annotator import (
    Acceptance,
    drags,
    label,
)
from landmark_annotator.backends.registry import Backend
from landmark_annotator.backends.shapes.fitting.alignment import nan_mean
from landmark_annotator.projects.vocabulary import SILENT, LabelledInstance, Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import Cancelled


@dataclass(frozen=True)
class JobSettings:
    """policy: which landmark is clicked next. truthful: the models learn from the truth in place
    of the accepted labels, to see what their errors cost. backend: the network that is trained
    as labels arrive; None leaves it at the prior. start: the folder of a model that proposes
    until this one helps, and that it starts from; None leaves that to what comes with the program
    for the scheme. from_nothing: there is no such model, and it starts from chance. seed: of the
    errors of clicks, and of the trainings. training: what else the backend is told of these."""

    policy: str = "worst"
    acceptance: Acceptance = field(default_factory=Acceptance)
    truthful: bool = False
    backend: Backend | None = None
    start: Path | None = None
    from_nothing: bool = False
    seed: int = 0
    training: Mapping[str, Any] = field(default_factory=dict)


def simulate_job(
    scheme: Scheme,
    instances: Sequence[LabelledInstance],
    folder: Path,
    settings: JobSettings,
    progress: Progress,
) -> Job:
    """instances: the truth, in the order of the job, each in the box that somebody has drawn.

    folder: where models and the progress are kept: the same call goes on with a job that was
    stopped. Raises Cancelled.
    """
    job, shapes = read_progress(folder)
    labelled = [replace(i, shape=shape) for i, shape in zip(instances, shapes, strict=False)]
    progress.advance(len(labelled))
    start = None if settings.from_nothing else settings.start
    library = ModelLibrary(folder, scheme, start)
    make = partial(_proposer, library)
    proposer, fitted_to = make(labelled), len(labelled)
    for index in range(len(labelled), len(instances)):
        instance = instances[index]
        if progress.cancelled():
            raise Cancelled("The job was stopped.", kept="What the last training had is kept.")
        trained_on = job.trained_on[-1] if job.trained_on else 0
        if settings.backend is not None and training_due(len(labelled), trained_on):
            # Before it as well: a model must not have learned from images that are still to come.
            write_progress(folder, job, [each.shape for each in labelled])
            minutes = job.training_minutes + _train(settings.backend, labelled, library, settings)
            job = replace(
                job,
                trained_on=[*job.trained_on, len(labelled)],
                training_minutes=round(minutes, 2),
            )
            write_progress(folder, job, [each.shape for each in labelled])
            proposer, fitted_to = make(labelled), len(labelled)
        elif proposer.learns_at_once and prior_due(len(labelled), fitted_to):
            proposer, fitted_to = make(labelled), len(labelled)
        truth = instance.shape.points
        length = scheme.normaliser_length(truth, instance.box)
        noise = click_noise(len(truth), settings.seed, index)
        pixels = instance.read_pixels()
        result = label(
            proposer.propose(pixels, instance.box),
            truth,
            scheme,
            policy=settings.policy,
            acceptance=settings.acceptance,
            normaliser_length=length,
            click_noise=noise,
            told=partial(proposer.reconsider, pixels),
        )
        job.clicks.append(result.clicks)
        job.errors.append(round(result.error, 3))
        job.visible.append(round(result.visible, 3))
        job.proposers.append(proposer.name)
        job.drags.append(_drags(labelled, instance, settings.acceptance, length))
        learned = instance.shape if settings.truthful else result.shape
        labelled.append(replace(instance, shape=learned))
        progress.advance()
    return job


def _proposer(library: ModelLibrary, labelled: Sequence[LabelledInstance]) -> Proposer:
    return ProposerRecipe(library, tuple(labelled)).make()


def _train(
    backend: Backend,
    labelled: Sequence[LabelledInstance],
    library: ModelLibrary,
    settings: JobSettings,
) -> float:
    """Minutes that it took, with the comparison to the prior that decides who proposes."""
    started = time.monotonic()
    chosen: dict[str, Any] = {}
    if settings.from_nothing:
        chosen |= backend.from_nothing
    elif settings.start is not None:
        chosen["trunk"] = str(settings.start)
    own = library.own(backend)
    scheme = pointing_scheme(own.scheme, [each.shape for each in labelled])
    chosen = {"seed": settings.seed, **chosen, **settings.training}
    backend.train(labelled, scheme, own.folder, chosen, SILENT)
    compare_with_prior(own, labelled, settings.seed, settings.start)
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
