"""Folds that keep what is related together."""

from collections.abc import Hashable, Sequence

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import Ints
from landmark_annotator.projects.vocabulary.numbering import numbered


def dealt(
    groups: Sequence[Hashable], folds: int, random: np.random.Generator, fewest: int = 1
) -> Ints:
    """(n,) the fold of each of n instances, from 0: those of one group share it, and the folds are
    as even as that allows. With fewer groups than folds some folds stay empty.

    fewest: instances that must be outside of each fold. Where groups are too large for that, the
    instances are dealt one by one.
    """
    found = _dealt(numbered(groups), folds, random)
    if len(found) - np.bincount(found, minlength=1).max() >= fewest:
        return found
    return _dealt(np.arange(len(found)), folds, random)


def _dealt(numbers: Ints, folds: int, random: np.random.Generator) -> Ints:
    """The largest groups first, each to the fold that has the fewest so far."""
    sizes = np.bincount(numbers)
    order = np.argsort(random.permutation(len(sizes)))
    order = order[np.argsort(-sizes[order], kind="stable")]
    fold, load = np.empty(len(sizes), dtype=np.int64), np.zeros(folds)
    for group in order.tolist():
        fold[group] = np.argmin(load)
        load[fold[group]] += sizes[group]
    return fold[numbers]
