"""Which landmark to ask for where the project has a plan: its points, then at most one more."""

from collections.abc import Callable, Collection

import numpy as np

from landmark_annotator.projects.store import Plan
from landmark_annotator.projects.vocabulary.arrays import Floats

_MORE = 1
"""Points asked for beyond the plan's, on an image that stays uncertain."""


def planned_query(
    plan: Plan,
    query: int | None,
    drops: Floats,
    placed: Collection[int],
    predicted_error: float,
    affordable: Callable[[], bool],
) -> int | None:
    """The landmark to ask for next; None where the plan has what it wants of this image.

    query: what the posterior would ask for. drops: (L,) what a click on each landmark is expected
    to spare, zero where none is to be asked for. placed: landmarks that a person has placed.
    predicted_error: in percent, after all evidence so far.
    affordable: whether the budget allows more than the plan's points.
    """
    if not plan.landmarks:
        return query
    planned = np.array(plan.landmarks)
    best = int(planned[np.argmax(drops[planned])])
    if drops[best] > 0:
        return best
    beyond = set(placed) - set(plan.landmarks)
    uncertain = plan.ask_above is not None and predicted_error > plan.ask_above
    return query if uncertain and len(beyond) < _MORE and affordable() else None
