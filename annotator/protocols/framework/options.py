"""What can be chosen about a protocol, and the model that it measures."""

import hashlib
import json
import shlex
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS, Executor
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.model_identity import (
    files_of,
    identity_of_labels,
)
from landmark_annotator.backends.learning.model_cards import has_card, is_made_for, read_card
from landmark_annotator.backends.learning.settings import one_of
from landmark_annotator.backends.registry import (
    DEFAULT_BACKEND,
    Backend,
    TrainedModel,
    backend_named,
)
from landmark_annotator.projects.vocabulary import Progress, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError


@dataclass(frozen=True)
class Options:
    """project: whose trained model is measured; None trains one as the protocol says.

    work: where that one is kept, so that the next protocol finds it; None does not keep it.
    backend: whose model is measured; None is the best one that the protocol can measure.
    jitter: deviation of the boxes in sides. images: how many test images, None is all.
    sets, variants: parts of the campaign protocol; none named is all of them.
    training: settings of the backend for the model that is trained for the protocol.
    shipped: measure the weights that come with the program instead.
    executor: who computes, where a protocol has cases or jobs that know nothing of each other.
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
    training: Mapping[str, Any] = field(default_factory=dict)
    shipped: bool = False
    executor: Executor = field(default=THIS_PROCESS, compare=False, repr=False)

    def sets_among(self, known: Sequence[str]) -> Sequence[str]:
        """Those of the sets that a protocol has that are to run: all where none is named. Raises
        ActionableError for one that it does not have."""
        return _chosen("set", self.sets, known)

    def variants_among(self, known: Sequence[str]) -> Sequence[str]:
        """The same of its variants."""
        return _chosen("variant", self.variants, known)

    @property
    def settings(self) -> dict[str, Any]:
        """As JSON has them, but who computes: that changes no figure."""
        found = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "executor"}
        return {
            name: list(value)
            if isinstance(value, tuple)
            else dict(value)
            if isinstance(value, Mapping)
            else value
            for name, value in found.items()
        }

    def refuse_two_models(self) -> None:
        """Raises ActionableError where several options say which model is measured."""
        if (self.project is not None) + bool(self.training) + self.shipped > 1:
            raise ActionableError(
                "--project, --shipped and --set each say which model is measured.",
                remedy="Give one of them.",
            )

    def model(
        self,
        progress: Progress,
        otherwise: str = DEFAULT_BACKEND,
        scheme: Scheme | None = None,
    ) -> TrainedModel:
        """The project's model; without a project, one trained on the 1672 training faces.

        otherwise: the backend where the options name none. scheme: of the project, where what is
        measured are its own objects and no faces. Raises ActionableError where the model kept in
        the work folder was trained with other settings than the options give, or the project's is
        not of faces and these are measured.
        """
        with self.measured_model(progress, otherwise, scheme) as measured:
            return measured.load()

    @contextmanager
    def measured_model(
        self,
        progress: Progress,
        otherwise: str = DEFAULT_BACKEND,
        of_project: Scheme | None = None,
    ) -> "Iterator[MeasuredModel]":
        """Where that model lies, trained where it has to be. As of `model`."""
        self.refuse_two_models()
        backend, scheme = backend_named(self.backend or otherwise), Scheme.named("face68")
        if self.shipped:
            yield MeasuredModel(backend.name, _shipped_folder(backend, scheme), scheme)
            return
        if self.project is not None:
            if not Path(self.project).is_dir():
                raise ActionableError(
                    f"There is no project {self.project}.",
                    remedy="Give the folder of a project to --project.",
                )
            scheme = of_project or scheme
            own = ModelLibrary.inside(Path(self.project), scheme).own(backend)
            if not own.is_there:
                named = shlex.quote(str(self.project))
                raise ActionableError(
                    f"The project {self.project} has no trained {backend.title}.",
                    remedy=f"Train it: annotator train {named} --backend {backend.name}",
                )
            if of_project is None and not _is_of(own.folder, scheme):
                raise ActionableError(
                    f"The project {self.project} has other landmarks than the faces that are "
                    "measured.",
                    remedy=f"Give a project of the scheme {scheme.name}.",
                )
            yield MeasuredModel(backend.name, own.folder, scheme)
            return
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(self.work or temporary) / f"{backend.name}-seed{self.seed}"
            if not has_card(folder):
                training = faces300w.faces(faces300w.TRAINING)
                settings = {"seed": self.seed, **backend.from_nothing, **self.training}
                backend.train(training, scheme, folder, settings, progress)
            check_training(folder, self.training)
            yield MeasuredModel(backend.name, folder, scheme)


def marked(chosen: Mapping[str, Any]) -> str:
    """What is kept of a run with these choices is named with at the end; nothing where there are
    none. As text they could be too long for a name, or a path."""
    if not chosen:
        return ""
    return f"-{hashlib.sha256(repr(sorted(chosen.items())).encode()).hexdigest()[:8]}"


def _is_of(folder: Path, scheme: Scheme) -> bool:
    """Whether a model is of these landmarks; also where its card is damaged, which is told where it
    is loaded."""
    try:
        return is_made_for(read_card(folder), scheme)
    except (OSError, ValueError, KeyError, TypeError):
        return True


def check_training(folder: Path, training: Mapping[str, Any], learned: int | None = None) -> None:
    """Raises ActionableError where the model in a work folder was trained with other settings, or
    on another number of instances than `learned`, where that is given."""
    card = read_card(folder)
    kept, counts = card["settings"], card["instances"]
    seen = counts["training"] + counts["held_out"] + len(counts.get("unreadable", ()))
    given = json.loads(json.dumps(dict(training)))  # as a card has them: tuples are lists
    other = [name for name, value in given.items() if name not in kept or kept[name] != value]
    told = ""
    if other:
        name = other[0]
        told = (
            f"with another {name}: {kept[name]}" if name in kept else f'without a setting "{name}"'
        )
    elif learned is not None and seen != learned:
        told = f"on {seen:,} instances and not on {learned:,}"
    if told:
        raise ActionableError(
            f"The model in {folder} was trained {told}.",
            kept="It is left as it is.",
            remedy="Give another folder to --work.",
        )


@dataclass(frozen=True)
class MeasuredModel:
    """Where the model lies that a protocol measures; small, for whoever is to load it."""

    backend: str
    folder: Path
    scheme: Scheme

    def load(self) -> TrainedModel:
        return backend_named(self.backend).load(self.folder, self.scheme)

    @property
    def identity(self) -> str:
        """Of its card and weights: the same wherever the same model lies."""
        return identity_of_labels((), files_of(self.folder))


def _shipped_folder(backend: Backend, scheme: Scheme) -> Path:
    folder = backend.shipped(scheme)
    if folder is None:
        raise ActionableError(f"No weights of the {backend.title} come with the program.")
    return folder


def _chosen(kind: str, named: Sequence[str], known: Sequence[str]) -> Sequence[str]:
    for name in named:
        one_of(kind, name, known)
    return named or known
