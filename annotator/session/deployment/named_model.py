"""A trained model by its name or its place, without a project."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.backends.finders import FINDER
from landmark_annotator.backends.learning.model_cards import has_card, read_card
from landmark_annotator.backends.registry import Backend, TrainedModel, all_backends, backend_named
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    WeightsMismatch,
    closest,
    why,
)

_MODELS = "models"


@dataclass(frozen=True)
class NamedModel:
    """Weights in a folder, and the scheme that its card names; where they are those of a project,
    its landmarks as that calls them now. finder: the folder of what finds its objects, None where
    nothing does."""

    name: str
    backend: Backend
    folder: Path
    scheme: Scheme
    finder: Path | None

    @property
    def title(self) -> str:
        return f"the {self.backend.title} {self.name}"

    @property
    def finder_scheme(self) -> Scheme | None:
        """That the finder names, perhaps by what the landmarks were called then; None without one.
        Raises WeightsMismatch."""
        return None if self.finder is None else _card_of(self.finder)[1]

    def load(self, device: str = "cpu") -> TrainedModel:
        """Slow. Raises ActionableError as `Backend.load` does."""
        return self.backend.load(self.folder, self.scheme, device)


def named_model(name: str) -> NamedModel:
    """name: of weights that came with the program (`face68`, or `exemplar/face68` for those of
    another backend than the first that has any of that name), or a folder: of one model, or of a
    project, whose best trained model it is.

    Raises ActionableError where there is none, WeightsMismatch where its card is damaged.
    """
    folder = Path(name)
    shipped = _shipped()
    if name in shipped and not has_card(folder):
        backend, place = shipped[name]
        return opened(name, backend.name, place, _finder_of(place))
    if has_card(folder):
        return _of_project(opened(folder.resolve().name, None, folder, _beside(folder)))
    for backend in all_backends():
        own = folder / _MODELS / backend.name
        if has_card(own):
            found = opened(f"of {folder.resolve().name}", backend.name, own, _beside(own))
            return _of_project(found)
    if folder.exists():
        raise ActionableError(
            f"There is no trained model in {folder}.",
            remedy="Train one (annotator train PROJECT), or name weights that came with the "
            f"program: {', '.join(shipped)}.",
        )
    raise ActionableError(
        f'There is no model "{name}".{closest(name, shipped)}',
        remedy=f"Name a project's folder, a model's, or one of {', '.join(shipped)}.",
    )


def opened(name: str, backend: str | None, folder: Path, finder: Path | None) -> NamedModel:
    """backend: its name, where that is not left to the card. Raises WeightsMismatch."""
    named, scheme = _card_of(folder)
    found = named if backend is None else backend
    if found is None:
        raise _unread(folder, "it names no backend")
    if found == FINDER.name:
        raise ActionableError(
            f"{folder} is a finder: it says where objects are, and not where their landmarks are.",
            remedy="Name the model beside it.",
        )
    if finder is not None and not _same_landmarks(finder, scheme):
        finder = None
    return NamedModel(name, backend_named(found), folder, scheme, finder)


def _card_of(folder: Path) -> tuple[str | None, Scheme]:
    """The backend and the scheme that it names. Raises WeightsMismatch."""
    try:
        card = read_card(folder)
        named = card.get("backend")
        return named if named is None else str(named), Scheme.from_dict(card["scheme"])
    except (OSError, ValueError, KeyError, TypeError, ActionableError) as error:
        raise _unread(folder, why(error)[:200]) from error


def _unread(folder: Path, reason: str) -> WeightsMismatch:
    return WeightsMismatch(
        f"The card of the model in {folder} cannot be read: {reason}.",
        remedy="Train it again, or copy its folder again.",
    )


def _shipped() -> dict[str, tuple[Backend, Path]]:
    """By the names that people give; the bare name is of the first backend that has it."""
    found: dict[str, tuple[Backend, Path]] = {}
    for backend, name, folder in _all_shipped():
        found.setdefault(name, (backend, folder))
    for backend, name, folder in _all_shipped():
        found[f"{backend.name}/{name}"] = backend, folder
    return found


def _all_shipped() -> Iterator[tuple[Backend, str, Path]]:
    for backend in all_backends():
        for name in backend.weights_names():
            folder = backend.weights(name)
            if folder is not None:
                yield backend, name, folder


def _finder_of(folder: Path) -> Path | None:
    """That came with the program for the scheme of weights that did."""
    try:
        return FINDER.weights(str(read_card(folder)["scheme"]["name"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _beside(folder: Path) -> Path | None:
    """What was trained in the same project, else what came with the program for the scheme."""
    own = folder.resolve().parent / FINDER.name
    return own if has_card(own) else _finder_of(folder)


def _of_project(found: NamedModel) -> NamedModel:
    """With its landmarks under the names that they have now in the project whose model it is, and
    with the finder of those; as it is where there is no project, or none that can be read."""
    models = found.folder.resolve().parent
    if models.name != _MODELS or not Project.is_project(models.parent):
        return found
    try:
        with Project.open(models.parent, read_only=True) as project:
            library = ModelLibrary.of(project)
    except ActionableError:
        return found
    finder, scheme = library.own(FINDER), library.own(found.backend).learned_scheme
    if scheme is None:  # It is older than the project's landmarks.
        return found
    return replace(found, scheme=scheme, finder=finder.folder if finder.fits else found.finder)


def _same_landmarks(folder: Path, scheme: Scheme) -> bool:
    try:
        return list(read_card(folder)["scheme"]["landmarks"]) == list(scheme.landmarks)
    except (OSError, ValueError, KeyError, TypeError):
        return False
