"""Which models a project has, in which order they propose, and when they have changed.

A project keeps them in a folder of its own: in it one folder for each backend, with the card and
the weights that a training has left there (`landmark_annotator.backends.learning`) and how that
model compared to the prior; beside those the records of all trainings, the last models that later
trainings have replaced, and the name of the weights to start from where the project was told one.
Only this file knows where all that lies.
"""

import hashlib
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

from landmark_annotator.annotator.session.models.learned_landmarks import whole, without
from landmark_annotator.backends.learning.model_cards import CARD, has_card, read_card
from landmark_annotator.backends.registry import (
    DEFAULT_BACKEND,
    Backend,
    TrainedModel,
    all_backends,
    backend_named,
)
from landmark_annotator.projects.folder_sync import make_folder, write_whole
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme, SchemeChange
from landmark_annotator.projects.vocabulary.errors import ProjectError, WeightsMismatch, why

_MODELS = "models"
_COMPARISON = "clicks_against_prior.json"
BOXES = "own_boxes.json"
"""Beside a model: what `whole_images` keeps."""
_TRAININGS = "trainings"
_EARLIER = "earlier"
_TRAININGS_BEFORE = "trainings.jsonl"
_START = "start.txt"

Stamp = tuple[int | None, ...]


class Origin(Enum):
    """Where the weights of a model are from, in the order in which they propose."""

    TRAINED = "trained here"
    TOLD = "told to start from"
    SHIPPED = "as it came with the program"


@dataclass(frozen=True)
class KeptModel:
    """A model whose weights lie in a folder: they were learned, here or elsewhere."""

    backend: Backend
    folder: Path
    origin: Origin
    scheme: Scheme
    device: str = "cpu"
    """That it runs on."""

    learns_at_once = False
    """New labels change nothing before the next training."""

    @property
    def name(self) -> str:
        return self.backend.name

    @property
    def subject(self) -> str:
        """What stands before "proposes" in a sentence for people."""
        told = self.origin is Origin.TOLD
        origin = f"with {self.folder.name} weights" if told else self.origin.value
        return f"The {self.backend.title}, {origin},"

    @property
    def is_there(self) -> bool:
        """Whether a training has come to its end in the folder; nothing is imported for it."""
        return has_card(self.folder)

    @property
    def card(self) -> dict[str, Any]:
        """Raises OSError where there is none, ValueError where it is damaged."""
        return read_card(self.folder)

    @property
    def fits(self) -> bool:
        """Whether it is of the scheme's landmarks, as far as its card says; one that was trained
        here may be of some of them."""
        return self._learned is not None

    @property
    def _made_for(self) -> tuple[list[str], object] | None:
        """The landmarks that its card names, and of which version of the scheme they are."""
        try:
            made_for = self.card["scheme"]
            return list(made_for["landmarks"]), made_for.get("version")
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    @property
    def _learned(self) -> SchemeChange | None:
        """To the part of the scheme that its card names, by what the landmarks are called or were
        before; None where that is no part."""
        made_for, here = self._made_for, self.origin is Origin.TRAINED
        if made_for is None:
            return None
        learned, version = made_for
        places = self.scheme.places_of(learned, version, returned=not here)
        if not places or list(places) != sorted(places):
            return None
        rest = sorted(set(range(len(self.scheme))) - set(places))
        if rest and not here:  # "p1" is something else elsewhere.
            return None
        return without(self.scheme, rest)

    @property
    def learned_scheme(self) -> Scheme | None:
        """The landmarks that it knows, as the project's scheme has them; None where it does not
        fit."""
        return None if self._learned is None else self._learned.after

    @property
    def trained_at(self) -> datetime:
        """Raises OSError where it is not there."""
        return datetime.fromtimestamp((self.folder / CARD).stat().st_mtime, UTC)

    @property
    def learned_from(self) -> int:
        """Labelled instances of its training, held-out ones too; 0 where no card says so."""
        try:
            instances = self.card["instances"]
            return int(instances["training"]) + int(instances["held_out"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    @property
    def is_first(self) -> bool:
        """Whether it had the short course of a project's first network."""
        try:
            return bool(self.card["settings"].get("quick"))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return False

    def maker(self, backend: str) -> str:
        """Which model made a proposal, told apart from one that was trained before or after it.
        backend: what the proposal names. Raises OSError where no card is there."""
        content = (self.folder / CARD).read_bytes()
        return f"{backend} {hashlib.sha256(content).hexdigest()[:12]}"

    @property
    def comparison_file(self) -> Path:
        """Where `prior_comparison` keeps what it found."""
        return self.folder / _COMPARISON

    @property
    def boxes_file(self) -> Path:
        """Where `whole_images` keeps what boxes it has learned from."""
        return self.folder / BOXES

    def load(self) -> TrainedModel:
        """Slow. Raises ActionableError where the weights are damaged, or of another scheme."""
        learned = self._learned
        if learned is None:
            if self._part_no_more:
                raise self._mismatch(self._part_no_more)
            model = self.backend.load(self.folder, self.scheme, self.device)
            if self._made_for is None:
                return model
            # The names are right, and no more.
            raise self._mismatch(
                "is of other landmarks, which had these names before the scheme was changed."
            )
        return whole(self.backend.load(self.folder, learned.after, self.device), learned)

    @property
    def _part_no_more(self) -> str:
        """What is wrong with a model that was trained here of some landmarks and does not fit;
        nothing where that is not known. That these are fewer is as it should be."""
        made_for = self._made_for
        if made_for is None or self.origin is not Origin.TRAINED:
            return ""
        (learned, version), scheme = made_for, self.scheme
        if len(learned) >= len(scheme):
            return ""
        for name in learned:
            if scheme.places_of([name], version, returned=False) is None:
                return f'has learned "{name}", which the scheme does not have any more.'
        places = scheme.places_of(learned, version, returned=False) or ()
        for first, second in pairwise(scheme.landmarks[place] for place in places):
            if scheme.index(first) > scheme.index(second):
                return (
                    f'has learned "{first}" before "{second}", which the scheme now has the other '
                    "way round."
                )
        return ""

    def _mismatch(self, happened: str) -> WeightsMismatch:
        return WeightsMismatch(
            f"The trained model in {self.folder} {happened}",
            kept="The project and its labels are not affected.",
            remedy=f"Train again: annotator train PROJECT --backend {self.name} --fresh.",
        )

    def not_learned_from(self, keys: Collection[str]) -> list[str]:
        """Those of the project's labelled instances that it can be judged on, by their keys: the
        ones that its training held out, and all of them where it was not trained here."""
        if self.origin is not Origin.TRAINED:
            return list(keys)
        known = frozenset(keys)  # of a hundred thousand
        return [key for key in self.backend.held_out(self.folder) if key in known]

    def too_small(self) -> str:
        """A sentence where its errors on some photographs are no measure, else nothing."""
        photographs = self.backend.learned_elsewhere(self.folder)
        if not photographs:
            return ""
        return (
            f"If your photographs are among {photographs}, which the {self.backend.title} has "
            "learned from, its errors here are too small."
        )


@dataclass(frozen=True)
class ModelLibrary:
    """The models in one folder, read anew at each question: another process may train one.

    start: the folder of a model of the default backend to start from, where that is not left to
    what the project was told.
    """

    folder: Path
    scheme: Scheme
    start: Path | None = None
    device: str = "cpu"
    """That its models run on."""

    @classmethod
    def of(cls, project: Project, device: str = "cpu") -> Self:
        return cls.inside(project.folder, project.scheme, device)

    @classmethod
    def inside(cls, project_folder: Path, scheme: Scheme, device: str = "cpu") -> Self:
        """Of the project in this folder."""
        return cls(project_folder / _MODELS, scheme, device=device)

    @property
    def trainings_folder(self) -> Path:
        """Where `training_recorder` writes; it may not be there yet."""
        return self.folder / _TRAININGS

    def earlier_model(self, number: int) -> Path:
        """The folder in which the model of this training is kept, once another has its place."""
        return self.folder / _EARLIER / f"{number:04}"

    @property
    def trainings_file(self) -> Path:
        """What earlier versions of the program wrote of trainings, where they did."""
        return self.folder / _TRAININGS_BEFORE

    @property
    def starting_weights(self) -> Path | None:
        """The folder of the weights to start from; None where nobody named any, or this version
        of the program comes without them."""
        if self.start is not None:
            return self.start
        try:
            name = (self.folder / _START).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return None
        if not name:
            return None
        return backend_named(DEFAULT_BACKEND).weights(name)

    def start_from(self, name: str) -> None:
        """These weights of the default backend from now on; `starting_weights.check_weights` says
        whether they can be."""
        make_folder(self.folder)
        write_whole(self.folder / _START, f"{name}\n")

    def own(self, backend: Backend) -> KeptModel:
        """What a training in the project leaves, whether or not there has been one."""
        return self._model(backend, self.folder / backend.name, Origin.TRAINED)

    def _model(self, backend: Backend, folder: Path, origin: Origin) -> KeptModel:
        return KeptModel(backend, folder, origin, self.scheme, self.device)

    def came(self, backend: Backend) -> bool:
        """Whether weights came with the program for the scheme's landmarks, and not just for one of
        its name: a landmark more or fewer makes it another."""
        shipped = backend.shipped(self.scheme)
        return shipped is not None and self._model(backend, shipped, Origin.SHIPPED).fits

    def trained(self) -> list[KeptModel]:
        """Those that were trained in the project, best backend first."""
        return [own for own in map(self.own, all_backends()) if own.is_there]

    def kept(self) -> Iterator[KeptModel]:
        """All that there are, best first: trained here, told to start from, shipped for the
        scheme. Behind them stands the prior (`prior_model`), which needs labels alone."""
        yield from self.trained()
        start = self.starting_weights
        if start is not None:
            yield self._model(backend_named(DEFAULT_BACKEND), start, Origin.TOLD)
        for backend in all_backends():
            shipped = backend.shipped(self.scheme)
            if shipped is not None:
                yield self._model(backend, shipped, Origin.SHIPPED)

    def best_of_each(self) -> list[KeptModel]:
        """The first of `kept` for each backend that has any."""
        best: dict[str, KeptModel] = {}
        for model in self.kept():
            best.setdefault(model.name, model)
        return [best[backend.name] for backend in all_backends() if backend.name in best]

    def stamp(self) -> Stamp:
        """Differs when another model may propose than before: one was trained, or compared to the
        prior, or the project was told to start from others. Files are looked at and not read."""
        files = [self.folder / _START]
        for own in map(self.own, all_backends()):
            files += [own.folder / CARD, own.comparison_file]
        return tuple(map(_changed_at, files))


def _changed_at(file: Path) -> int | None:
    """In nanoseconds; None where there is no such file."""
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def copy_models(project_folder: Path, target: Path) -> bool:
    """What one project has trained, for a copy of it that has none; whether there was anything.

    Raises ProjectError where the copy's disk does not take it; nothing of it stays there then.
    """
    models = project_folder / _MODELS
    if not models.is_dir():
        return False
    failed: list[OSError] = []

    def copied(source: str, to: str) -> str:
        # `copytree` tells of its errors as text alone, each with both paths.
        try:
            return shutil.copy2(source, to)
        except OSError as error:
            failed.append(error)
            raise

    running = shutil.ignore_patterns("*.running")
    try:
        shutil.copytree(models, target / _MODELS, ignore=running, copy_function=copied)
    except (OSError, shutil.Error) as error:
        if failed:  # what was copied of a model would propose, or be gone on with
            shutil.rmtree(target / _MODELS, ignore_errors=True)
        raise ProjectError(
            f"The trained models could not be copied: {why(failed[0] if failed else error)}.",
            kept=f"The copy in {target} has all else.",
            remedy=f"Copy the folder {_MODELS} by hand.",
        ) from error
    return True
