"""What the lead's view of the budget shows: what points would buy, and what was spent so far."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.planning.offer import (
    Offer,
    Purchase,
    ask_above,
    known_formats,
    labelled_shapes,
    offer,
)
from landmark_annotator.annotator.session.planning.recommendation import Recommendation, recommend
from landmark_annotator.annotator.session.review.millimetres import Millimetres, millimetres
from landmark_annotator.backends.shapes.fitting.alignment import nan_mean
from landmark_annotator.projects.budgets.known_formats import Comparison
from landmark_annotator.projects.budgets.ledger import Ledger, ledger
from landmark_annotator.projects.store import Plan, Project
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.arrays import Floats


@dataclass(frozen=True, eq=False)
class Shop:
    """mean: (L, 2) of the labelled shapes in the box frame, y down. measure: what percent are in
    millimetres, None where nobody knows. purchases: those that buy points, the fewest first."""

    offer: Offer
    recommended: Recommendation
    known: tuple[Comparison, ...]
    mean: Floats
    measure: Millimetres | None = None

    def for_waiting(self, waiting: int, instances: int) -> "Shop":
        """The same for another number of instances that wait; see `Offer.for_waiting`."""
        told = self.offer.for_waiting(waiting, instances)
        return replace(self, offer=told, recommended=recommend(told))

    @property
    def purchases(self) -> tuple[Purchase, ...]:
        return tuple(p for p in self.offer.purchases if p.format is not None)


@dataclass(frozen=True, eq=False)
class Spending:
    """one: what an instance is called where they are counted; see `Offer`."""

    ledger: Ledger
    plan: Plan
    one: str = "image"


def shop(folder: Path, progress: Progress) -> Shop:
    """Slow: seconds to minutes. Opens the project for itself, to be run beside the window.

    Raises ActionableError where too little is labelled to say anything, and Cancelled.
    """
    with Project.open(folder, read_only=True) as project:
        found = offer(project, progress=progress)
        shapes, _ = labelled_shapes(project)
        mean = nan_mean(np.stack([box.to_frame(shape.points) for box, shape in shapes]))
        known = tuple(known_formats(project))
        return Shop(found, recommend(found), known, mean, millimetres(project))


def spending(folder: Path) -> Spending:
    """Opens the project for itself, to be run beside the window."""
    with Project.open(folder, read_only=True) as project:
        return Spending(ledger(project), project.plan(), project.counted_in())


def make_plan(project: Project, purchase: Purchase, *, who: str) -> Plan:
    """From now on annotators are guided through these points; the budget stays as it was."""
    assert purchase.format is not None
    wanted = replace(
        project.plan(),
        name=f"m{purchase.m}",
        landmarks=purchase.format.landmarks,
        ask_above=ask_above(purchase.error),
    )
    return project.set_plan(wanted, who=who)


def drop_plan(project: Project, *, who: str) -> Plan:
    """From now on annotators are asked for what the model asks for; the budget stays as it was."""
    wanted = replace(project.plan(), name="", landmarks=(), ask_above=None)
    return project.set_plan(wanted, who=who)
