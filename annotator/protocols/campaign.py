"""What a whole labelling job costs from zero labels: the `campaign` protocol.

A simulated annotator labels each set with the product's own proposers, which learn as labels
arrive: the prior at once, the network whenever the labels have grown by half. Beside it stands
what a hand would pay, L clicks an image, and what dragging points from the mean shape would.
"""

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from typing_extensions import override

from landmark_annotator.annotator.protocols.campaign_picture import draw
from landmark_annotator.annotator.protocols.datasets.campaign_sets import (
    SETS,
    CampaignSet,
    set_named,
)
from landmark_annotator.annotator.protocols.framework.options import Options, marked
from landmark_annotator.annotator.protocols.framework.result import Figures, rounded
from landmark_annotator.annotator.session.evaluation.job_checkpoint import Job
from landmark_annotator.annotator.session.evaluation.simulated_job import JobSettings, simulate_job
from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.models.prior_model import backend_to_train
from landmark_annotator.annotator.session.simulation.simulated_annotator import Acceptance
from landmark_annotator.backends.registry import BACKENDS, DEFAULT_BACKEND
from landmark_annotator.projects.vocabulary import SILENT, Progress

_NETWORKS = {backend.name for backend in BACKENDS}

MAIN = "worst"
_STRICT = Acceptance(mean=1.8)
_ONE_BY_ONE = 24
"""Images whose clicks are told one by one: where a new scheme is won or lost."""
_CLICK_SECONDS, _IMAGE_SECONDS = 1.5, 2.0
"""What a click and an image cost a person, by the journals of real work."""
_WHERE = "device"
"""Where a training runs does not make it another one."""
_STEPS = 10
"""Points of the curve of clicks an image as the set grows."""

VARIANTS = {
    MAIN: JobSettings(),
    "query": JobSettings(policy="query"),
    "strict": JobSettings(acceptance=_STRICT),
    "truthful": JobSettings(truthful=True),
    "nothing": JobSettings(from_nothing=True),
}
"""The worst point is clicked first; the one that the tool asks for; accepted at NME 1.8; models
that learn from the truth in place of the labels that were accepted; without anything that comes
with the program."""


FOUND = (Job,)
"""What is found of a case is made of these."""


def run(options: Options, progress: Progress) -> Figures:
    """Jobs are kept in the work folder, so a run that was stopped goes on. --set is for their
    trainings, such as device=cuda."""
    chosen = [set_named(name) for name in options.sets] or list(SETS)
    variants = options.variants_among(list(VARIANTS))
    figures: Figures = {}
    curves: dict[str, dict[str, list[int]]] = {}
    asked = [(one.name, variant) for one in chosen for variant in variants]
    work = JobWork(replace(options, executor=THIS_PROCESS), progress)
    for (set_name, variant), job in zip(asked, options.executor.results(work, asked), strict=True):
        name = f"campaign/{set_name}" + ("" if variant == MAIN else f"/{variant}")
        figures |= _figures(name, job)
        curves.setdefault(set_name, {})[variant] = job.clicks
        if variant == MAIN:
            figures |= _by_hand(name, job, len(set_named(set_name).scheme()))
    if options.work is not None:
        draw(Path(options.work) / "campaign.png", curves)
    return figures


class JobWork:
    """Jobs by the names of their set and variant. progress: is told of a job's images where it is
    done in this process; somewhere else nobody watches."""

    def __init__(self, options: Options, progress: Progress = SILENT) -> None:
        self._options = options
        self._progress = progress

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return JobWork, (self._options,)

    def make(self) -> Callable[[tuple[str, str]], Job]:
        return lambda asked: _job(set_named(asked[0]), asked[1], self._options, self._progress)


def _job(one: CampaignSet, variant: str, options: Options, progress: Progress) -> Job:
    backend = options.backend or DEFAULT_BACKEND
    settings = VARIANTS[variant]
    with tempfile.TemporaryDirectory() as temporary:
        kept = Path(options.work or temporary)
        words = (backend, one.name, variant, options.images or one.count, options.seed)
        told = {k: v for k, v in options.training.items() if k != _WHERE}
        if options.jitter != Options.jitter:
            told["the boxes are off by"] = options.jitter
        name = f"campaign-{'-'.join(map(str, words))}{marked(told)}"
        done = kept / f"{name}.json"
        if done.is_file():
            return Job(**json.loads(done.read_text(encoding="utf-8")))
        instances = one.job(options.seed, options.jitter, options.images)
        progress.start(f"{one.name}, {variant}", len(instances))
        job = simulate_job(
            one.scheme(),
            instances,
            kept / name,
            replace(
                _with_models(settings, backend, one), seed=options.seed, training=options.training
            ),
            progress,
        )
        kept.mkdir(parents=True, exist_ok=True)
        done.write_text(json.dumps(asdict(job)) + "\n", encoding="utf-8")
        shutil.rmtree(kept / name, ignore_errors=True)
        return job


def _with_models(settings: JobSettings, backend: str, one: CampaignSet) -> JobSettings:
    trained = backend_to_train(backend)
    if trained is None:
        return settings
    if one.weights is None or settings.from_nothing:
        return replace(settings, backend=trained)
    start = trained.weights(one.weights)
    return replace(settings, backend=trained, start=start, from_nothing=start is None)


def _figures(name: str, job: Job) -> Figures:
    clicks = np.array(job.clicks, dtype=np.float64)
    quarter = clicks[len(clicks) * 3 // 4 :]
    networks = [who in _NETWORKS for who in job.proposers]
    return {
        f"{name}/images": len(clicks),
        f"{name}/clicks_total": int(clicks.sum()),
        f"{name}/clicks_per_image": rounded(float(clicks.mean())),
        f"{name}/clicks_last_quarter": rounded(float(quarter.mean())),
        f"{name}/clicks_by_tenth": rounded(
            [float(part.mean()) for part in np.array_split(clicks, min(_STEPS, len(clicks)))]
        ),
        f"{name}/clicks_one_by_one": clicks[:_ONE_BY_ONE].tolist(),
        f"{name}/clicks_first10": rounded(float(clicks[:10].mean())),
        f"{name}/clicks_first20": rounded(float(clicks[:20].mean())),
        f"{name}/seconds": rounded(
            float(_CLICK_SECONDS * clicks.sum() + _IMAGE_SECONDS * len(clicks))
        ),
        f"{name}/accepted_nme": rounded(float(np.mean(job.errors))),
        f"{name}/accepted_visible": rounded(float(np.mean(job.visible))),
        f"{name}/training_minutes": rounded(job.training_minutes),
        f"{name}/trainings": len(job.trained_on),
        f"{name}/proposed_by_network": rounded(100 * float(np.mean(networks))),
    }


def _by_hand(name: str, job: Job, size: int) -> Figures:
    return {
        f"{name}/by_hand_per_image": size,
        f"{name}/drags_per_image": rounded(float(np.mean(job.drags))),
        f"{name}/hand_over_ours": rounded(size * len(job.clicks) / max(sum(job.clicks), 1)),
    }
