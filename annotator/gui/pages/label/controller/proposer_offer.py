"""What is read of the project, in a thread, to know what proposes: slow, and without the window."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from landmark_annotator.annotator.session.labelling.two_click_box import TwoClicks, two_clicks
from landmark_annotator.annotator.session.models.followed_labels import recalibrations
from landmark_annotator.annotator.session.models.free_heading import pointing_scheme
from landmark_annotator.annotator.session.models.proposers import (
    Proposer,
    ProposerRecipe,
    looked_at,
    proposer_recipe,
)
from landmark_annotator.backends.shapes.recalibration import Recalibration
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Progress

Followed = Mapping[str, Recalibration]
"""What accepted shapes say of a maker's proposals."""


@dataclass(frozen=True)
class Offer:
    """What the project offers at a moment: its models, its labels, and boxes by clicks."""

    recipe: ProposerRecipe
    two_clicks: TwoClicks | None


def first_proposer(folder: Path) -> tuple[Offer, Proposer | None]:
    offer = _read_offer(folder)
    return offer, offer.recipe.at_once()


def made_proposer(
    folder: Path, offer: Offer | None, progress: Progress
) -> tuple[Proposer, TwoClicks | None]:
    """Raises Cancelled once progress says that it is stopped."""
    offer = offer or _read_offer(folder)
    with Project.open(folder, read_only=True) as project:
        recipe = looked_at(project, offer.recipe)
    return recipe.make(progress), offer.two_clicks


def read_followed(folder: Path) -> tuple[Followed, TwoClicks | None]:
    return _read_recalibrations(folder), _read_offer(folder).two_clicks


def _read_recalibrations(folder: Path) -> Followed:
    with Project.open(folder, read_only=True) as project:
        return recalibrations(project)


def _read_offer(folder: Path) -> Offer:
    # A project of its own: the window's is used from the window's thread only.
    with Project.open(folder, read_only=True) as project:
        recipe = replace(proposer_recipe(project, at_once=True), goes_on=True)
    pairs = [(each.box, each.shape) for each in recipe.labelled]
    scheme = pointing_scheme(recipe.library.scheme, [shape for _, shape in pairs])
    return Offer(recipe, two_clicks(scheme, pairs))
