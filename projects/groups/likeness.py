"""What pictures say: near copies, and whether the pictures of a folder follow each other in time.

A picture is 24 x 24 grey values. What all pictures of a project have in common (a studio, a cage,
the shape of a skull) is taken off, so that a likeness is one beyond that.
"""

from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Ints, Pixels
from landmark_annotator.projects.vocabulary.numbering import numbered

SIDE = 24
NEAR_COPY = 0.95
"""Correlation from which on two pictures are one: those of different people and skulls stay below
0.87 in all sets that were looked at, re-encoded and slightly cropped copies are above 0.98."""
FEWEST = 10
"""Pictures below which it is not known what they have in common."""
MOST = 20_000
"""Pictures among which near copies are looked for: the time grows with their square."""
_BLOCK = 1024
_SURE = 4.0
"""Standard deviations by which neighbours must be more alike than any two pictures are."""


def small_picture(pixels: Pixels) -> Pixels:
    """(SIDE, SIDE) grey."""
    import cv2  # takes a while to load, and groups are named long before pictures are compared

    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def standing_out(pictures: Sequence[Pixels], among: Sequence[Pixels] | None = None) -> AnyFloats:
    """(n, SIDE * SIDE) of unit length: what is each picture's own. Pictures without any contrast
    are zero, and so like none. among: the pictures that say what all have in common; by default
    these themselves."""
    flat, contrast = _levelled(pictures)
    flat -= (flat if among is None else _levelled(among)[0]).mean(axis=0)
    flat[contrast < 1.0] = 0.0
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(np.where(length > 1e-3, flat / np.maximum(length, 1e-9), 0.0))


def _levelled(pictures: Sequence[Pixels]) -> tuple[AnyFloats, AnyFloats]:
    """(n, SIDE * SIDE) of mean 0 and the same contrast, and (n,) the contrast that they had."""
    flat = np.stack(pictures).reshape(len(pictures), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    contrast = flat.std(axis=1, keepdims=True)
    return flat / np.maximum(contrast, 1.0), contrast[:, 0]


def near_copies(
    own: AnyFloats, parts: Sequence[Hashable] | None = None
) -> Iterator[tuple[int, int]]:
    """Pairs of pictures that are one, given `standing_out`: as many as join all that are so, for
    ten thousand that are all alike make fifty million. parts: of each picture; two of the same part
    are no pair."""
    if len(own) > MOST:
        return
    part = None if parts is None else numbered(parts)
    leader = np.arange(len(own))
    for start in range(0, len(own), _BLOCK):
        block = own[start : start + _BLOCK]
        alike = np.triu(block @ own[start:].T >= NEAR_COPY, 1)
        if part is not None:
            alike &= part[start : start + _BLOCK, None] != part[None, start:]
        for row in np.flatnonzero(alike.any(axis=1)).tolist():
            columns = np.flatnonzero(alike[row]) + start
            joined, first = np.unique(leader[columns], return_index=True)
            new = joined != leader[row + start]
            if new.any():
                leader[np.isin(leader, joined[new])] = leader[row + start]
                yield from ((row + start, other) for other in columns[first[new]].tolist())


def nearest_copies(
    own: AnyFloats, of: Sequence[int], among: Sequence[int]
) -> list[tuple[int, int]]:
    """For each picture the one among others that is most like it, where the two are one. By their
    places in `standing_out`."""
    if not among:
        return []
    pairs, others = [], own[list(among)]
    for start in range(0, len(of), _BLOCK):
        block = list(of[start : start + _BLOCK])
        alike = own[block] @ others.T
        best = alike.argmax(axis=1)
        found = alike[np.arange(len(block)), best] >= NEAR_COPY
        pairs += [(block[i], among[best[i]]) for i in np.flatnonzero(found)]
    return pairs


def follow_each_other(own: AnyFloats, numbers: Sequence[int]) -> bool:
    """Whether pictures with neighbouring numbers are more alike than any two of them, beyond
    chance. own: of these pictures alone."""
    if len(own) < FEWEST:
        return False
    ordered = own[np.argsort(numbers)]
    neighbours = (ordered[:-1] * ordered[1:]).sum(axis=1)
    random = np.random.default_rng(0)
    one, other = random.integers(0, len(own), (2, 4000))
    one, other = one[one != other], other[one != other]
    # Of few pictures the same pairs come many times.
    few = len(own) ** 2 <= len(one)
    any_two = (own @ own.T)[one, other] if few else (own[one] * own[other]).sum(axis=1)
    spread = max(float(any_two.std()), 1e-6) / np.sqrt(len(neighbours))
    return bool(neighbours.mean() - any_two.mean() > _SURE * spread)


def stretches(numbers: Sequence[int], fewest: int) -> Ints:
    """(n,) in which stretch of time each is, of at least `fewest` and less than twice as many.

    A stretch spans a power of two, from a multiple of it: when frames are added, stretches stay or
    are joined two by two, and never cut anew."""
    times = np.asarray(numbers)
    span = max((int(times.max()) - int(times.min()) + 1) // fewest, 1)
    return np.asarray(times // 2 ** (span.bit_length() - 1))
