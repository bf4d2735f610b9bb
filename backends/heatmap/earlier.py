"""The network that an earlier training left, from which the next one goes on.

Labels grow, and a network that has learned from most of them need not begin anew. What it has
learned from must not judge the next one, so every card keeps marks of that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from landmark_annotator.backends.densities.training_set import FEWEST_INSTANCES
from landmark_annotator.backends.heatmap.model_files import FILES, load_model
from landmark_annotator.backends.heatmap.settings import Settings
from landmark_annotator.backends.learning.model_cards import has_card, mark, read_card
from landmark_annotator.backends.learning.training_shapes import sides
from landmark_annotator.projects.vocabulary.arrays import Bools
from landmark_annotator.projects.vocabulary.errors import WeightsMismatch
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.scheme import Scheme

_SAME = ("seed", "size", "coordinates", "trunk", "held_out", "loss", "sigma")
"""Settings with which a training is the earlier one's continuation."""


@dataclass(frozen=True)
class Earlier:
    """labels: number of instances that it has learned from last. marks: of all that its network has
    ever learned from."""

    labels: int
    marks: frozenset[str]

    def has_learned(self, instances: Sequence[LabelledInstance]) -> Bools:
        """(N,) from these or from their groups, where there are several."""
        together = len({each.split_key for each in instances}) == 1
        own = [{mark(each.key)} if together else _marks(each) for each in instances]
        return np.array([not self.marks.isdisjoint(each) for each in own])


def earlier_network(
    folder: Path, instances: Sequence[LabelledInstance], scheme: Scheme, settings: Settings
) -> Earlier | None:
    """That a training on these instances goes on from: the one in the folder, where it has learned
    the same landmarks with the same settings, and left as many of the instances to judge by as a
    fresh one would keep out. None where there is no such, or a fresh one is asked for."""
    if settings.fresh or not has_card(folder) or len(instances) < FEWEST_INSTANCES:
        return None
    try:
        load_model(folder, scheme)
        with FILES.understood(f"The card of the model in {folder} cannot be read"):
            card = read_card(folder)
            before, count = card["settings"], card["instances"]["training"]
            found = Earlier(count, frozenset(card["learned"]))
    except WeightsMismatch:
        return None  # Of other landmarks, of an earlier version, or damaged: it will be replaced.
    if any(before.get(name) != getattr(settings, name) for name in _SAME):
        return None

    def judging(learned: Bools | None) -> tuple[int, int]:
        """Instances, and their groups."""
        share, seed = settings.held_out, settings.seed
        held_out, _, groups = sides(instances, share, seed, FEWEST_INSTANCES, learned)
        return int(held_out.sum()), len(np.unique(groups[held_out]))

    left, usual = judging(found.has_learned(instances)), judging(None)
    return found if left[0] >= usual[0] and left[1] >= usual[1] else None


def learned_marks(instances: Iterable[LabelledInstance], earlier: Earlier | None) -> list[str]:
    """For the card of a network that has learned from these, after the earlier one."""
    before = frozenset[str]() if earlier is None else earlier.marks
    return sorted(before.union(*(_marks(each) for each in instances)))


def _marks(instance: LabelledInstance) -> set[str]:
    return {mark(instance.key), mark(instance.split_key)}
