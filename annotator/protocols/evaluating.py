"""Running a protocol and giving its figures the form of a result."""

import importlib
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from annotator.protocols import faces300w
from annotator.protocols.result import Figures, Result, this_commit, this_machine
from backends.registry import TrainedModel, backend_named
from projects.vocabulary import Progress, Scheme
from projects.vocabulary.errors import ActionableError, closest

PROTOCOLS: Mapping[str, str] = {
    "accuracy": "Errors without a click on the 554 faces of the 300-W common set.",
    "clicks": "Errors after 0..10 clicks on the same faces, by rule and policy.",
}


@dataclass(frozen=True)
class Options:
    """project: whose trained model is measured; None trains one as the protocol says.

    work: where that one is kept, so that the next protocol finds it; None does not keep it.
    jitter: deviation of the boxes in sides. images: how many test images, None is all.
    """

    project: str | None = None
    work: str | None = None
    backend: str = "exemplar"
    seed: int = 0
    jitter: float = 0.05
    images: int | None = None
    clicks: int = 10


def evaluate(name: str, options: Options, command: str, progress: Progress) -> Result:
    """Raises ActionableError with the closest known name."""
    if name not in PROTOCOLS:
        raise ActionableError(
            f'There is no protocol "{name}".{closest(name, PROTOCOLS)}',
            remedy=f"Known protocols: {', '.join(PROTOCOLS)}.",
        )
    module = importlib.import_module(f"annotator.protocols.{name}")
    run = cast(Callable[[TrainedModel, Options, Progress], Figures], module.run)
    started = time.monotonic()
    figures = run(_model(options, progress), options, progress)
    settings = asdict(options)
    return Result(
        protocol=name,
        command=command,
        commit=this_commit(),
        seed=settings.pop("seed"),
        settings=settings,
        machine=this_machine(),
        seconds=round(time.monotonic() - started, 1),
        figures=figures,
    )


def _model(options: Options, progress: Progress) -> TrainedModel:
    """The project's model; without a project, one trained on the 1672 training faces."""
    backend, scheme = backend_named(options.backend), Scheme.named("face68")
    if options.project is not None:
        folder = Path(options.project) / "models" / backend.name
        if not folder.is_dir():
            raise ActionableError(
                f"The project {options.project} has no trained {backend.title}.",
                remedy=f"Train it first: annotator train {options.project}",
            )
        return backend.load(folder, scheme)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.work or temporary) / f"{backend.name}-seed{options.seed}"
        if not (folder / "card.json").is_file():
            training = faces300w.faces(faces300w.TRAINING)
            backend.train(training, scheme, folder, {"seed": options.seed}, progress)
        return backend.load(folder, scheme)
