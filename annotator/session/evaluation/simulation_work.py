"""Labelling one shape after another with a simulated hand, as work that any process can do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from typing_extensions import override

from landmark_annotator.annotator.session.models.library import KeptModel
from landmark_annotator.annotator.session.models.model_identity import check_same, identity_of
from landmark_annotator.annotator.session.models.proposers import Proposer, ProposerRecipe
from landmark_annotator.annotator.session.simulation.simulated_clicks import (
    ClickRun,
    simulate_clicks,
)
from landmark_annotator.backends.shapes.rules import MIXTURE
from landmark_annotator.projects.images import pixels_of
from landmark_annotator.projects.store import ImageRecord
from landmark_annotator.projects.vocabulary import Box, LabelledInstance
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.error_lengths import ErrorLengths
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.wording import counted


@dataclass(frozen=True)
class Clicking:
    """How it is clicked. error: of the hand, as a share of the normaliser. share: as of
    `ErrorLengths`."""

    rule: str
    policy: str
    clicks: int
    seed: int
    error: float
    share: float


@dataclass(frozen=True, eq=False)
class ToSimulate:
    """index: among the labelled shapes, which deals the errors of the hand. truth: (L, 2)."""

    index: int
    image: ImageRecord
    box: Box
    truth: Floats
    fold: int


@dataclass(frozen=True, eq=False)
class SimulatedShape:
    """run: None where nothing could be proposed, a sentence where the image could not be read.
    reason: what proposed. seen: what that is to be taken with."""

    run: ClickRun | str | None
    reason: str
    seen: list[str]


def recipes_without(
    recipe: ProposerRecipe, labelled: Sequence[LabelledInstance], folds: Sequence[int]
) -> dict[int, ProposerRecipe]:
    """For each fold, of the shapes of the other folds: what a prior is fitted to. Of many every
    n-th, as the recipe has them: the first ones may all be of one video."""
    step = -(-len(labelled) // max(len(recipe.labelled), 1))
    found = {}
    for fold in sorted(set(folds)):
        others = [each for each, at in zip(labelled, folds, strict=True) if at != fold]
        found[fold] = replace(recipe, labelled=tuple(others[::step]))
    return found


class SimulationWork:
    """recipes: of what proposes, by fold. keys: of all labelled shapes. model: the identity of the
    first fold's proposer. here: that one, which is not sent along; each process makes its own."""

    def __init__(
        self,
        recipes: Mapping[int, ProposerRecipe],
        keys: Sequence[str],
        clicking: Clicking,
        model: str,
        here: Proposer | None = None,
    ) -> None:
        self._of = (recipes, keys, clicking, model)
        self._here = here

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return SimulationWork, self._of

    def make(self) -> Callable[[ToSimulate], SimulatedShape]:
        recipes, keys, clicking, model = self._of
        first = min(recipes)
        proposer = self._here or recipes[first].make()
        check_same(model, identity_of(proposer))
        made = {first: (proposer, _seen(proposer, keys))}
        return _Simulation(recipes, keys, clicking, made).simulated


@dataclass(eq=False)
class _Simulation:
    recipes: Mapping[int, ProposerRecipe]
    keys: Sequence[str]
    clicking: Clicking
    made: dict[int, tuple[Proposer, list[str]]]

    def simulated(self, task: ToSimulate) -> SimulatedShape:
        proposer, seen = self._proposer(task.fold)
        reason = proposer.reason
        try:
            pixels = pixels_of(task.image)
            proposal = proposer.propose(pixels, task.box)
        except ImageError as error:
            return SimulatedShape(error.happened, reason, seen)
        if proposal is None:
            return SimulatedShape(None, reason, seen)
        scheme = self.recipes[task.fold].library.scheme
        box = proposal.measure(task.box, task.truth)
        how = self.clicking
        noise = np.random.default_rng((how.seed, task.index)).normal(size=task.truth.shape)
        run = simulate_clicks(
            proposal,
            task.truth,
            scheme,
            rule=how.rule,
            policy=how.policy,
            clicks=min(how.clicks, len(scheme)),
            normaliser_length=ErrorLengths(scheme, how.share).of(task.truth, box),
            click_error=how.error,
            click_noise=noise,
            told=partial(proposer.reconsider, pixels) if how.rule == MIXTURE.name else None,
        )
        return SimulatedShape(run, reason, seen)

    def _proposer(self, fold: int) -> tuple[Proposer, list[str]]:
        """A trained model serves every fold."""
        if fold not in self.made:
            lasting = [each for each in self.made.values() if not each[0].learns_at_once]
            if lasting:
                self.made[fold] = lasting[0]
            else:
                proposer = self.recipes[fold].make()
                self.made[fold] = proposer, _seen(proposer, self.keys)
        return self.made[fold]


def _seen(proposer: Proposer, keys: Sequence[str]) -> list[str]:
    """A sentence where a model has learned from the very images that it was asked about."""
    kept = proposer.source
    if not isinstance(kept, KeptModel):
        return []
    learned = len(keys) - len(kept.not_learned_from(keys))
    if learned:
        return [
            f"The {kept.backend.title} has learned from {learned:,} of these "
            f"{counted(len(keys), 'shape')}: on new images it needs more clicks than here."
        ]
    return [s for s in [kept.too_small()] if s]
