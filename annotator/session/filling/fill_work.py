"""The methods that there are to fill shapes in a project, and filling as work that any process can
do."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from typing_extensions import override

from landmark_annotator.annotator.session.filling.combined_method import ByBoth
from landmark_annotator.annotator.session.filling.dense import Clicked, Dense
from landmark_annotator.annotator.session.filling.labelled_images_method import ByLabelledImages
from landmark_annotator.annotator.session.filling.methods import (
    ByAppearance,
    ByModel,
    ByPrior,
    ByRegression,
    FillMethod,
)
from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary
from landmark_annotator.backends.registry import Remembering
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError, ImageError


def fill_methods(
    library: ModelLibrary,
    dense: Dense,
    usual: tuple[int, ...],
    seed: int,
    apart: Callable[[KeptModel], Collection[str]] | None = None,
) -> tuple[list[FillMethod], list[str]]:
    """All that there are in a project, regression first; and why a trained model is not there.

    apart: the keys of what a model can be judged on; None for all that its training held out.
    """
    found: list[FillMethod] = [ByRegression(dense, seed), ByPrior(dense)]
    appearance = ByAppearance(dense, usual, seed)
    if find_spec("torch") is not None:
        found.append(appearance)
    notes = []
    keys = {instance.key: index for index, instance in enumerate(dense.instances)}
    trained = library.best_of_each()
    if not trained:  # the posterior of a network looks at the image as well, and knows more of it
        found.append(ByLabelledImages(dense))
    for kept in trained:
        try:
            model = kept.load()
        except ActionableError as error:
            notes.append(f"{error.happened} {error.remedy}")
            continue
        remembered = model.unseen() if isinstance(model, Remembering) else {}
        proposals = {keys[key]: proposal for key, proposal in remembered.items() if key in keys}
        unseen = kept.not_learned_from(keys)
        fit = unseen if apart is None else apart(kept)
        judged = sorted(proposals) or [keys[key] for key in unseen if key in fit]
        title = f"posterior of the {kept.backend.title}"
        notes += filter(None, [kept.too_small()])
        by_model = ByModel(dense, model, kept.name, title, judged, proposals)
        found += [by_model, ByBoth(by_model, appearance)]
    return found, notes


@dataclass(frozen=True)
class ToFill:
    instance_id: int
    clicked: Clicked


@dataclass(frozen=True)
class FilledShape:
    """shape: or a sentence where the image could not be read."""

    instance_id: int
    shape: Shape | str


class FillWork:
    """By the method of this name, of those that there are. The one that is here already, fitted,
    is not sent along: each process fits its own, once, from the same shapes."""

    def __init__(
        self,
        library: ModelLibrary,
        dense: Dense,
        usual: tuple[int, ...],
        seed: int,
        name: str,
        here: FillMethod | None = None,
    ) -> None:
        self._of = (library, dense, usual, seed)
        self._name = name
        self._here = here

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return FillWork, (*self._of, self._name)

    def make(self) -> Callable[[ToFill], FilledShape]:
        method = self._here
        if method is None:
            found, notes = fill_methods(*self._of)
            method = next((each for each in found if each.name == self._name), None)
        if method is None:
            raise ActionableError(
                f'A worker cannot fill by "{self._name}". {" ".join(notes)}'.strip(),
                kept="Nothing was changed.",
                remedy="Workers need the project's folder at the same path, and all packages that "
                "the method needs.",
            )
        return lambda task: _filled(method, task)


def _filled(method: FillMethod, task: ToFill) -> FilledShape:
    try:
        return FilledShape(task.instance_id, method.fill(task.clicked))
    except ImageError as error:
        return FilledShape(task.instance_id, error.happened)
