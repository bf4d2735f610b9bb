"""Which landmarks the photograph does not show, of probabilities that a model gives."""

from collections.abc import Set

import numpy as np

from landmark_annotator.projects.vocabulary import Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_PROBABLY = 0.5


def probably_hidden(probabilities: Floats | None) -> frozenset[int]:
    """probabilities: (L,), NaN where nothing is to be concluded; None: nowhere."""
    if probabilities is None:
        return frozenset()
    return frozenset(np.flatnonzero(probabilities > _PROBABLY).tolist())


def visibility_of(probabilities: Floats) -> Ints:
    """(L,) as in COCO: 1 where it is probably hidden, else 2."""
    hidden = probabilities > _PROBABLY
    return np.where(hidden, int(Visibility.OCCLUDED), int(Visibility.VISIBLE))


def still_open(hidden: Floats | None, stored: Shape, told: Set[int] = frozenset()) -> Floats | None:
    """(L,) the probabilities, NaN where somebody has said something. told: landmarks of which a
    person has said whether they are seen."""
    if hidden is None:
        return None
    said = [mark is not None for mark in stored.provenance]
    said |= stored.visibility == Visibility.OCCLUDED
    said[list(told)] = True
    return np.where(said, np.nan, hidden)


def in_percent(probability: float) -> str:
    """For people; never all of it, for no model is certain."""
    return f"{min(round(100 * probability), 99)} %"
