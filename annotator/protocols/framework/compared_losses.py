"""The same network learned with several losses, or the model that the options name."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landmark_annotator.annotator.protocols.datasets.face_sources import TRAINED_ON
from landmark_annotator.annotator.protocols.framework.options import Options, check_training
from landmark_annotator.backends.learning.model_cards import has_card, read_card
from landmark_annotator.backends.learning.settings import one_of
from landmark_annotator.backends.registry import (
    DEFAULT_BACKEND,
    Backend,
    TrainedModel,
    backend_named,
)
from landmark_annotator.projects.vocabulary import Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError

LOSSES: Mapping[str, Mapping[str, Any]] = {
    "kernel_density": {"loss": "kernel_density"},
    "soft_label": {"loss": "soft_label"},
    "laplace_kl": {"loss": "laplace_kl"},
    "l2-1": {"loss": "l2", "sigma": 1.0},
    "l2-3": {"loss": "l2", "sigma": 3.0},
    "jensen_shannon-1": {"loss": "jensen_shannon", "sigma": 1.0},
    "wasserstein-1": {"loss": "wasserstein", "sigma": 1.0},
    "wasserstein-3": {"loss": "wasserstein", "sigma": 3.0},
}
"""Of the heat-map network; the number is sigma."""
_RENDERED = "heads68"
"""Weights that come with the program and have seen no photograph."""


@dataclass(frozen=True, eq=False)
class Compared:
    """source: what the model has learned from. loss: with which, as figures name it."""

    source: str
    loss: str
    model: TrainedModel


def compared(options: Options, sources: Sequence[str], progress: Progress) -> Iterator[Compared]:
    """The project's model or those that come with the program, where the options say so. Otherwise
    one of each source and loss, trained from nothing at the same settings and kept in the work
    folder: `options.sets` are the sources, by default these, and `options.variants` the losses, by
    default all that the backend has. Raises ActionableError, Cancelled."""
    backend, scheme = backend_named(options.backend or DEFAULT_BACKEND), Scheme.named("face68")
    if options.project is not None or options.shipped:
        if options.sets or options.variants:
            raise ActionableError(
                "--sets and --variants say which models are trained; --project and --shipped "
                "measure what is there.",
                kept="Nothing was started.",
                remedy="Leave the ones or the others out.",
            )
        yield from _finished(options, backend, scheme, progress)
        return
    losses = LOSSES if backend.name == DEFAULT_BACKEND else {"default": {}}
    if named := [name for name in ("loss", "sigma") if name in options.training]:
        raise ActionableError(
            f"Losses are what is compared here, and --set gives one {named[0]} to all.",
            remedy=f"Give --variants, such as {', '.join(list(losses)[-2:])}.",
        )
    for name in options.sets:
        one_of("set", name, TRAINED_ON)
    for name in options.variants:
        one_of("loss", name, losses)
    for source in options.sets or sources:
        for loss in options.variants or losses:
            with tempfile.TemporaryDirectory() as temporary:
                folder = Path(options.work or temporary) / f"{backend.name}-{source}-{loss}"
                given = {**backend.from_nothing, **options.training, **losses[loss]}
                given = {"seed": options.seed, **given}
                if not has_card(folder):
                    backend.train(TRAINED_ON[source](), scheme, folder, given, progress)
                check_training(folder, given)
                yield Compared(source, loss, backend.load(folder, scheme))


def _finished(
    options: Options, backend: Backend, scheme: Scheme, progress: Progress
) -> Iterator[Compared]:
    with options.measured_model(progress) as measured:
        source = "project" if options.project is not None else "photographs"
        yield Compared(source, _loss(measured.folder), measured.load())
    rendered = backend.weights(_RENDERED)
    if options.shipped and rendered is not None:
        yield Compared("heads", _loss(rendered), backend.load(rendered, scheme))


def _loss(folder: Path) -> str:
    return str(read_card(folder)["settings"].get("loss", "default"))
