"""What can be chosen about a protocol, and the model that it measures."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from annotator.protocols import faces300w
from backends.registry import DEFAULT_BACKEND, TrainedModel, backend_named
from projects.vocabulary import Progress, Scheme
from projects.vocabulary.errors import ActionableError


@dataclass(frozen=True)
class Options:
    """project: whose trained model is measured; None trains one as the protocol says.

    work: where that one is kept, so that the next protocol finds it; None does not keep it.
    backend: whose model is measured; None is the best one that the protocol can measure.
    jitter: deviation of the boxes in sides. images: how many test images, None is all.
    sets, variants: parts of the campaign protocol; none named is all of them.
    """

    project: str | None = None
    work: str | None = None
    backend: str | None = None
    seed: int = 0
    jitter: float = 0.05
    images: int | None = None
    clicks: int = 10
    sets: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()

    def model(self, progress: Progress, otherwise: str = DEFAULT_BACKEND) -> TrainedModel:
        """The project's model; without a project, one trained on the 1672 training faces.

        otherwise: the backend where the options name none.
        """
        backend, scheme = backend_named(self.backend or otherwise), Scheme.named("face68")
        if self.project is not None:
            folder = Path(self.project) / "models" / backend.name
            if not (folder / "card.json").exists():
                raise ActionableError(
                    f"The project {self.project} has no trained {backend.title}.",
                    remedy=f"Train it: annotator train {self.project} --backend {backend.name}",
                )
            return backend.load(folder, scheme)
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(self.work or temporary) / f"{backend.name}-seed{self.seed}"
            if not (folder / "card.json").is_file():
                training = faces300w.faces(faces300w.TRAINING)
                settings = {"seed": self.seed, **backend.from_nothing}
                backend.train(training, scheme, folder, settings, progress)
            return backend.load(folder, scheme)
