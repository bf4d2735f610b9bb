"""Labelled shapes in one frame, and which of the instances a training does not see."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from landmark_annotator.backends.shapes.fitting.alignment import align
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Ints
from landmark_annotator.projects.vocabulary.box import Box
from landmark_annotator.projects.vocabulary.errors import TooFewLabels
from landmark_annotator.projects.vocabulary.labelled_instance import LabelledInstance
from landmark_annotator.projects.vocabulary.numbering import numbered
from landmark_annotator.projects.vocabulary.provenance import Provenance

FEWEST_INSTANCES = 20
_FEWEST_HELD_OUT = 5
_FEWEST_GROUPS = 6
"""Groups whose mean says something of the next one: so many are kept out, where that is at most a
quarter of them."""


@dataclass(frozen=True, eq=False)
class TrainingShapes:
    """reference: (L, 2) mean in the canonical frame; boxes: N canonical boxes in image pixels;
    shapes: (N, L, 2) in them, NaN where unknown; held_out: (N,) kept out of training; aside: (N,)
    related to those, so kept out as well, and too sparse to judge by. groups: (N,) by number."""

    reference: Floats
    boxes: list[Box]
    shapes: Floats
    held_out: Bools
    aside: Bools
    groups: Ints

    def split(self, chosen: Iterable[int]) -> tuple[list[int], list[int]]:
        """Of some instances those to train with, and those that are kept out."""
        numbers = list(chosen)
        training = [i for i in numbers if not self.held_out[i] and not self.aside[i]]
        return training, [i for i in numbers if self.held_out[i]]

    @property
    def apart(self) -> bool:
        """Whether nothing that is kept out is related to what is learned from."""
        out = self.held_out | self.aside
        return not np.isin(self.groups[out], self.groups[~out]).any()

    def card(self) -> dict[str, Any]:
        """What a model's card says of the groups."""
        held_out = len(np.unique(self.groups[self.held_out]))
        return {
            "all": len(np.unique(self.groups)),
            "held_out": held_out,
            "largest": int(np.bincount(self.groups).max()),
            "apart": self.apart,
        }


def training_shapes(
    instances: Sequence[LabelledInstance],
    share: float,
    seed: int,
    fewest: int = FEWEST_INSTANCES,
    *,
    learned: Bools | None = None,
) -> TrainingShapes:
    """Aligns the shapes and keeps a share of them out, chosen by their keys: the same instance
    stays on its side when others are added. Related ones, of one group, are on one side; where all
    are of one group, that cannot be. Sparsely labelled ones, which cannot tell how wrong a model
    is, are not judged by where there are enough others. learned: (N,) from which a network that the
    training goes on from has learned, so that they cannot judge. Raises TooFewLabels below `fewest`
    instances."""
    if len(instances) < fewest:
        raise TooFewLabels(
            f"This training needs at least {fewest} labelled instances with boxes; there "
            f"{'is' if len(instances) == 1 else 'are'} {len(instances)}.",
            kept="Until then the prior from the labelled shapes proposes.",
            remedy="Label or import more, then train again.",
        )
    reference, boxes = align([instance.shape.points for instance in instances])
    shapes = np.stack([b.to_frame(i.shape.points) for b, i in zip(boxes, instances, strict=True)])
    held_out, aside, groups = sides(instances, share, seed, fewest, learned)
    return TrainingShapes(reference, boxes, shapes, held_out, aside, groups)


def sides(
    instances: Sequence[LabelledInstance],
    share: float,
    seed: int,
    fewest: int = FEWEST_INSTANCES,
    learned: Bools | None = None,
) -> tuple[Bools, Bools, Ints]:
    """What `training_shapes` says of the same: held_out, aside and groups, each (N,)."""
    dense = ~np.array([is_sparse(instance) for instance in instances])
    judged = dense if dense.sum() >= fewest else np.ones(len(instances), dtype=bool)
    keys, groups = [i.key for i in instances], numbered([i.split_key for i in instances])
    shown = np.stack([instance.shape.known for instance in instances])
    if groups.max() == 0:
        out = kept_out(keys, np.arange(len(keys)), judged, share, seed, shown, learned)
    else:
        split = [i.split_key for i in instances]
        out = kept_out(split, groups, judged, share, seed, shown, learned)
    return out & judged, out & ~judged, groups


def kept_out(
    keys: Sequence[str],
    groups: Ints,
    judged: Bools,
    share: float,
    seed: int,
    shown: Bools | None = None,
    taken: Bools | None = None,
) -> Bools:
    """(N,) whole groups, in the order of a hash of their keys, until the share is reached.

    shown: (N, L) which landmarks each shows. One that few show is not left without any to learn
    from. taken: (N,) whose groups are not kept out; where all are, none is.
    """
    digests = [hashlib.sha256(f"{seed}:{key}".encode()).digest() for key in keys]
    order = np.argsort([int.from_bytes(digest[:6], "big") for digest in digests])
    all_judged = np.count_nonzero(judged)
    free = judged if taken is None else judged & ~np.isin(groups, groups[taken])
    order = order[free[order]]
    if not len(order):
        return np.zeros(len(groups), dtype=bool)
    sizes = np.bincount(groups[judged], minlength=groups.max() + 1)
    enough = max(round(share * all_judged), _FEWEST_HELD_OUT)
    related = all_judged > np.count_nonzero(sizes)
    fewest = min(_FEWEST_GROUPS, int(np.count_nonzero(sizes)) // 4) if related else 0
    left = np.zeros((groups.max() + 1, 0 if shown is None else shown.shape[1]), dtype=np.int64)
    if shown is not None:
        np.add.at(left, groups, shown)
    learned = left.sum(axis=0)
    chosen: list[int] = []
    count = 0
    for group in dict.fromkeys(groups[order].tolist()):
        if count >= enough and len(chosen) >= fewest:
            break
        # One large group must not take what there is to learn from.
        if count + sizes[group] > max(all_judged / 2, enough):
            continue
        if ((learned > 0) & (learned == left[group])).any():
            continue
        chosen.append(group)
        count += int(sizes[group])
        learned = learned - left[group]
    return np.isin(groups, chosen or [int(groups[order[np.argmin(sizes[groups[order]])]])])


def is_sparse(instance: LabelledInstance) -> bool:
    """Whether most of its landmarks are unknown, or only known from a fill."""
    shape = instance.shape
    filled = np.array([mark is Provenance.FILLED for mark in shape.provenance])
    return bool((shape.known & ~filled).mean() < 0.5)
