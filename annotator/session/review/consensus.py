"""One shape from several people's labels of an object: each weighs by how well they place.

Person k places landmark l of object n at x = t + b_k + e, with t where it truly is, b_k that
person's habit and e of a covariance that is theirs at this landmark. Habits and covariances are
those that explain all common objects best (expectation maximisation, the truths hidden); the
covariances are drawn towards the one of all people at that landmark, which decides alone where
two people say nothing of which of them is the steadier one. The consensus is the truths' mean:
each person's position without their habit, weighted by the inverse of their covariance.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from landmark_annotator.annotator.session.review.agreement import (
    NOBODY,
    NOTHING_IN_COMMON,
    Agreement,
    Pair,
    agreements,
)
from landmark_annotator.projects.store import Project, read_at_once
from landmark_annotator.projects.vocabulary import Provenance, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats, Ints
from landmark_annotator.projects.vocabulary.errors import ActionableError

_ROUNDS = 1000
_SETTLED = 1e-4
"""Relative change of a covariance below which another round is not worth it."""
_STRENGTH = 6.0
"""Objects that the covariance of all people counts for in each person's own."""
_LEAST_PIXELS = 0.05
"""A deviation that nobody falls below: coordinates are rounded somewhere."""


@dataclass(frozen=True, eq=False)
class People:
    """names: of K people. habits: (K, L, 2) pixels, with a mean of zero over those who placed the
    landmark beside others, and nought where nothing tells them (`habits_told`). covariances:
    (K, L, 2, 2) squared pixels of what is not habit."""

    names: tuple[str, ...]
    habits: Floats
    covariances: Floats

    @property
    def precisions(self) -> Floats:
        """(K, L, 2, 2), the covariances' inverses."""
        return np.asarray(np.linalg.inv(self.covariances), dtype=np.float64)

    def agreed(self, placed: Floats) -> Floats:
        """(..., L, 2) from (..., K, L, 2) pixels, NaN where somebody has not placed a landmark.

        NaN where nobody has. What one person alone has placed stays where it is: taking off a
        habit from some shapes and not from others would move labels for no gain in a data set.
        """
        return _truths(placed, self.habits, self.precisions)[0]


def people_of(names: Sequence[str], placed: Floats) -> People:
    """How each person places. placed: (N, K, L, 2) pixels, NaN where not; of objects with two
    people or more."""
    known: Bools = np.isfinite(placed[..., 0])
    together = known.sum(axis=1)  # (N, L) people a landmark
    # What one alone has placed is its own middle, and says nothing of how well that one places.
    shared = known & (together > 1)[:, None]
    seen = shared.sum(axis=0)
    middle = _mean(placed, known, axis=1)[:, None]
    offsets = np.where(shared[..., None], placed - middle, 0.0)
    told, people = habits_told(placed), (seen > 0).sum(axis=0)
    habits = _habits(offsets, seen, told)
    rest = np.where(shared[..., None], offsets - habits, 0.0)
    # Of m people the mean takes one share in m of the deviation away with it, and so do habits.
    freedom = _freedom(together) - told * (people - 1)
    counted = np.maximum(seen - told * (people - 1) / np.maximum(people, 1), 0)
    floor = _LEAST_PIXELS**2 * np.eye(2)
    pooled = np.einsum("nkli,nklj->lij", rest, rest) / np.maximum(freedom, 1)[:, None, None] + floor
    covariances = np.repeat(pooled[None], len(names), axis=0)
    found = People(tuple(names), habits, covariances)
    for _ in range(_ROUNDS):
        truths, spread = _truths(placed, found.habits, found.precisions)
        offsets = np.where(shared[..., None], placed - truths[:, None], 0.0)
        habits = _habits(offsets, seen, told)
        rest = np.where(shared[..., None], offsets - habits, 0.0)
        scatter = np.einsum("nkli,nklj->klij", rest, rest)
        scatter += np.einsum("nkl,nlij->klij", shared.astype(float), spread)
        own = (scatter + _STRENGTH * pooled) / (counted + _STRENGTH)[..., None, None]
        before, found = found, People(found.names, habits, own + floor)
        change = np.abs(found.covariances - before.covariances).max(axis=(-1, -2))
        if (change < _SETTLED * np.trace(found.covariances, axis1=-2, axis2=-1)).all():
            break
    return found


def habits_told(placed: Floats) -> Bools:
    """(L,) of which landmarks habits can be told from chance: not by one object that all of its
    people have in common, of which any distance may be either. placed: as of `people_of`."""
    known: Bools = np.isfinite(placed[..., 0])
    together = known.sum(axis=1)
    people = (known & (together > 1)[:, None]).any(axis=0).sum(axis=0)
    return np.asarray(_freedom(together) > np.maximum(people - 1, 0))


def _freedom(together: Ints) -> Ints:
    """(L,) distances that say something, of so many people (N, L) who placed each landmark."""
    return np.asarray(np.maximum(together - 1, 0).sum(axis=0))


def _habits(offsets: Floats, seen: Ints, told: Bools) -> Floats:
    """(K, L, 2) of offsets (N, K, L, 2) by so many objects (K, L); nought where nothing tells."""
    means = offsets.sum(axis=0) / np.maximum(seen, 1)[..., None]
    return np.asarray(np.where(told[:, None], _centred(means, seen > 0), 0.0))


def _mean(placed: Floats, known: Bools, axis: int) -> Floats:
    counts = np.maximum(known.sum(axis=axis), 1)[..., None]
    return np.asarray(np.where(known[..., None], placed, 0.0).sum(axis=axis) / counts)


def _centred(habits: Floats, known: Bools) -> Floats:
    """Habits that everybody shares cannot be told from the truth."""
    return np.asarray(habits - _mean(habits, known, axis=0))


def _truths(placed: Floats, habits: Floats, precisions: Floats) -> tuple[Floats, Floats]:
    """(..., L, 2) and their (..., L, 2, 2) covariances, by the people who placed them."""
    known: Bools = np.isfinite(placed[..., 0])
    alone = known.sum(axis=-2, keepdims=True) == 1
    freed = np.where(alone[..., None], placed, placed - habits)
    weights = np.where(known[..., None, None], precisions, 0.0)
    total = weights.sum(axis=-4)
    nobody = ~np.any(known, axis=-2)
    spread = np.linalg.inv(np.where(nobody[..., None, None], np.eye(2), total))
    freed = np.where(known[..., None], freed, 0.0)
    summed = np.einsum("...klij,...klj->...li", weights, freed)
    truths = np.einsum("...lij,...lj->...li", spread, summed)
    return np.where(nobody[..., None], np.nan, truths), spread


@dataclass(frozen=True, eq=False)
class Labelled:
    """N objects that several of K people have labelled, with L landmarks. shapes: of each object
    its shapes, by the ids of their instances; instances: of each object by person, 0 where that one
    has not labelled it. placed: (N, K, L, 2) pixels, NaN where not. lengths: (N,) pixels that
    errors are divided by. counting: (N,) which say how people place; where all accepted one
    proposal as it was, none did. decided: (N,) of which a lead has let one person's label stand.
    still: (N, K, L) whether the landmark is still where that one placed it. left: (N, L) which
    landmarks all left to a model."""

    names: tuple[str, ...]
    shapes: tuple[dict[int, Shape], ...]
    instances: tuple[tuple[int, ...], ...]
    placed: Floats
    lengths: Floats
    counting: Bools
    decided: Bools
    still: Bools
    left: Bools

    def people(self) -> People:
        """How they place, by the objects that say it, and by what at least one of them placed; of
        landmarks that all left to a model on every object by how far these are apart."""
        own = self.by_hand().placed[self.counting]
        told = (np.isfinite(own[..., 0]).sum(axis=1) > 1).any(axis=0)
        return people_of(self.names, np.where(told[:, None], own, self.placed[self.counting]))

    def by_hand(self) -> "Labelled":
        """Without the landmarks that all left to a model."""
        bare = np.broadcast_to(self.left[:, None, :, None], self.placed.shape)
        return replace(self, placed=np.where(bare, np.nan, self.placed))

    def only(self, objects: Bools) -> "Labelled":
        """objects: (N,) which of them."""
        which = np.flatnonzero(objects).tolist()
        return Labelled(
            self.names,
            tuple(self.shapes[n] for n in which),
            tuple(self.instances[n] for n in which),
            self.placed[which],
            self.lengths[which],
            self.counting[which],
            self.decided[which],
            self.still[which],
            self.left[which],
        )


@dataclass(frozen=True, eq=False)
class Consensus:
    """shapes: by the id of the instance that stands for its object; merged: the ids of the
    object's other instances."""

    people: People
    shapes: dict[int, Shape]
    merged: frozenset[int]


def consensus(project: Project) -> Consensus:
    """Of all objects that several people have labelled.

    A landmark is hidden where most of those who placed it say so, and as sure as their labels make
    it: the covariance of the consensus stands in its shape. Raises ActionableError where nobody
    has labelled the same object as somebody else.
    """
    # Where a lead let one label stand, it is the object's; what was corrected is so here.
    labelled = labelled_by_several(project, decided=False, corrected=True)
    placed = labelled.placed
    people = labelled.people()
    agreed, merged = {}, set[int]()
    for shapes, own in zip(labelled.shapes, placed, strict=True):
        first, *others = shapes
        points, spread = _truths(own, people.habits, people.precisions)
        agreed[first] = _shape(list(shapes.values()), points, spread)
        merged.update(others)
    return Consensus(people, agreed, frozenset(merged))


@read_at_once
def labelled_by_several(project: Project, *, decided: bool, corrected: bool) -> Labelled:
    """decided, corrected: as of `agreements`. Raises ActionableError where nobody has labelled the
    same object as somebody else."""
    pairs = agreements(project, decided=decided, corrected=corrected)
    several = [pair for one in pairs for pair in one.pairs]
    by = {i: who for one in pairs for pair in one.pairs for i, who in _whose(one, pair).items()}
    found = _objects(pairs, by)
    if not found:
        raise ActionableError(NOTHING_IN_COMMON, kept="Nothing was written.", remedy=NOBODY)
    wanted = {instance_id for ids, _ in found for instance_id in ids}
    read = project.shapes(excluded=decided, among=sorted(wanted))
    given = {} if corrected else project.given_labels(wanted)
    stored = {record.id: shape for record, shape in read}
    shapes = project.as_given(given, stored)
    proposed = {pair.ids for pair in several if pair.as_proposed}
    left = {
        pair.ids: bare
        for one in pairs
        for pair, bare in zip(one.pairs, one.none_of_theirs, strict=True)
    }
    stands = {i for pair in several if pair.stands is not None for i in pair.ids}
    names = sorted({by[instance_id] for instance_id in wanted})
    placed = np.full((len(found), len(names), len(project.scheme), 2), np.nan)
    still = np.ones(placed.shape[:3], dtype=bool)
    instances = np.zeros((len(found), len(names)), dtype=np.int64)
    for n, (ids, _) in enumerate(found):
        for instance_id in ids:
            k = names.index(by[instance_id])
            placed[n, k], instances[n, k] = shapes[instance_id].points, instance_id
            now = stored[instance_id].points
            still[n, k] = (now == placed[n, k]).all(axis=1)
    return Labelled(
        tuple(names),
        tuple({i: shapes[i] for i in ids} for ids, _ in found),
        tuple(map(tuple, instances.tolist())),
        placed,
        np.array([length for _, length in found]),
        np.array([not _all_proposed(ids, proposed) for ids, _ in found], dtype=bool),
        np.array([not stands.isdisjoint(ids) for ids, _ in found], dtype=bool),
        still,
        np.array([_left_by_all(ids, left) for ids, _ in found], dtype=bool),
    )


def _whose(found: Agreement, pair: Pair) -> dict[int, str]:
    return dict(zip(pair.ids, (found.first, found.second), strict=True))


def _all_proposed(ids: Sequence[int], proposed: Container[tuple[int, int]]) -> bool:
    """ids: of an object's instances; proposed: two of which both people accepted one proposal."""
    first, *others = ids
    return all((first, other) in proposed or (other, first) in proposed for other in others)


def _left_by_all(ids: Sequence[int], left: Mapping[tuple[int, int], Bools]) -> Bools:
    """(L,) ids: of an object's instances; left: by two of them, what neither placed."""
    every = (left.get((a, b), left.get((b, a))) for a, b in combinations(ids, 2))
    return np.asarray(np.all([bare for bare in every if bare is not None], axis=0))


def _shape(labels: Sequence[Shape], points: Floats, spread: Floats) -> Shape:
    known = np.array([label.known for label in labels])
    hidden = np.array([label.visibility == Visibility.OCCLUDED for label in labels]) & known
    mostly_hidden = 2 * hidden.sum(axis=0) > known.sum(axis=0)
    visibility = np.where(mostly_hidden, Visibility.OCCLUDED, Visibility.VISIBLE)
    somewhere = np.any(known, axis=0)
    return Shape(
        points,
        np.where(somewhere, visibility, Visibility.NOT_LABELLED),
        [_provenance(labels, j) for j in range(len(points))],
        np.where(somewhere[:, None, None], spread, np.nan),
    )


def _provenance(labels: Sequence[Shape], landmark: int) -> Provenance | None:
    """The least that is true of all of them: placed by hand only where everybody has placed it.
    Where nobody has, that of who says that it is absent, None where nobody says so."""
    marks = [label.provenance[landmark] for label in labels if label.known[landmark]]
    if not marks:
        marks = [label.provenance[landmark] for label in labels if label.absent[landmark]] or [None]
    return next((mark for mark in marks if mark is None or not mark.is_evidence), marks[0])


def _objects(pairs: Iterable[Agreement], by: dict[int, str]) -> list[tuple[list[int], float]]:
    """The instances of each object that several people have labelled, one a person, and the length
    that its errors are divided by."""
    same: dict[int, dict[int, float]] = defaultdict(dict)
    for agreement in pairs:
        for pair, length in zip(agreement.pairs, agreement.lengths.tolist(), strict=True):
            same[pair.first][pair.second] = same[pair.second][pair.first] = length
    found, taken = [], set[int]()
    for first in sorted(same):
        if first in taken:
            continue
        ids, people = [first], {by[first]}
        # By the pairs of the first one: through others, two objects side by side might join.
        for other in sorted(same[first].keys() - taken):
            if by[other] not in people:
                ids.append(other)
                people.add(by[other])
        if len(ids) > 1:
            taken.update(ids)
            found.append((ids, float(np.mean([same[first][i] for i in ids[1:]]))))
    return found
