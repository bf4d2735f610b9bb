"""How far two people's labels of the same objects are apart, as a project lead reads it.

Two people label one object as two instances of its image, whose boxes overlap. Whose labels an
instance holds is what the journal says. Compared is what each gave alone, see `given_labels`: what
a lead corrects, who has seen both, would bring the two nearer to each other than they are.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby, islice, product

import numpy as np

from landmark_annotator.annotator.session.review.second_opinions import is_second_opinion
from landmark_annotator.projects.store import (
    InstanceRecord,
    InstanceState,
    PixelSizes,
    Project,
    read_at_once,
)
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.people.same_objects import SAME_OBJECT, overlap
from landmark_annotator.projects.store.same_objects import (
    as_proposed,
    given_way,
    gives_way,
    gives_way_to,
    left_to_models,
)
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError, closest
from landmark_annotator.projects.vocabulary.wording import counted, fine, first_few


@dataclass(frozen=True)
class Pair:
    """Two instances of one object: the ids, the first person's before the second's. stands: that
    of the one that a lead has let stand for the object. third: whose label stands where both give
    way to it. as_proposed: whether both accepted the same proposal and left every landmark where it
    was."""

    image_id: int
    first: int
    second: int
    stands: int | None = None
    third: str = ""
    as_proposed: bool = False

    @property
    def ids(self) -> tuple[int, int]:
        return self.first, self.second


_NAMED = 5
_Label = tuple[InstanceRecord, Shape]
_Row = tuple[Pair, Floats, float, Bools]
"""Offsets (L, 2) in pixels, the length that they are divided by, (L,) what one alone placed."""


@dataclass(frozen=True)
class Spread:
    """mean, median, and what 95 % lie below."""

    mean: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Floats) -> "Spread":
        """NaN is left out; of nothing, all is NaN."""
        known = values[np.isfinite(values)]
        if not len(known):
            return cls(float("nan"), float("nan"), float("nan"))
        return cls(float(known.mean()), float(np.median(known)), float(np.quantile(known, 0.95)))


@dataclass(frozen=True, eq=False)
class Agreement:
    """Of two people over N objects with L landmarks.

    Where both accepted the same proposal as it was their distance is that proposal's from itself,
    and says nothing of them: such objects are among the N, and in no figure of landmarks, nor in
    `spread`. Nor is a landmark of another object that both left to a model. Without them rather
    what is harder is left; `spread_of_all` has all.

    offsets: (N, L, 2) pixels, the second person's position less the first's; NaN where not both
    have the landmark. lengths: (N,) pixels that errors are divided by: the mean of the two
    shapes' normalisers. left: (N, L) which landmarks both left to a model, contradicted: which one
    placed and the other marked as absent; None for none.
    """

    first: str
    second: str
    pairs: tuple[Pair, ...]
    offsets: Floats
    lengths: Floats
    left: Bools | None = None
    contradicted: Bools | None = None

    @property
    def counting(self) -> Bools:
        """(N,) which objects say how far the two are apart."""
        return np.asarray(~self.none_of_theirs.all(axis=1))

    @property
    def none_of_theirs(self) -> Bools:
        """(N, L) which landmarks say nothing of the two: one lacks it, or both left it to a
        model."""
        return ~np.isfinite(self._own[..., 0])

    @property
    def _own(self) -> Floats:
        """(N, L, 2) the offsets of what either placed, NaN where both left it to a model."""
        if self.left is None:
            return self.offsets
        return np.where(self.left[..., None], np.nan, self.offsets)

    @property
    def spread(self) -> Spread:
        """Of the objects' distances in percent, of those that count."""
        return Spread.of(_of_objects(self._percent)[self.counting])

    @property
    def spread_of_all(self) -> Spread:
        """The same with what both accepted as it was proposed."""
        return Spread.of(self.nme)

    @property
    def left_to_model(self) -> int:
        """Landmarks that both left to a model, beside the objects of which they left all as it
        was."""
        if self.left is None:
            return 0
        touched = [not pair.as_proposed for pair in self.pairs]
        return int((self.left & np.isfinite(self.offsets[..., 0]))[touched].sum())

    @property
    def said_of_proposals(self) -> str:
        """How many objects and landmarks do not count, and the mean with them; empty where all
        do."""
        passed, left = sum(pair.as_proposed for pair in self.pairs), self.left_to_model
        said = []
        if passed:
            objects = counted(passed, "object")
            said.append(f"{objects} both accepted as the same proposal, untouched")
        if left:
            said.append(f"{counted(left, 'landmark')} both left to the model")
        if not said:
            return ""
        if not self.counting.any():
            return f"{' and '.join(said)}: nothing says how far they are apart."
        them = "it" if passed + left == 1 else "them"
        return f"{' and '.join(said)}: left out, with {them} {self.spread_of_all.mean:.2f} %."

    def of_one_alone(self, landmarks: Sequence[str]) -> dict[str, int]:
        """By name, how often one placed it and the other marked it as not in the image."""
        if self.contradicted is None:
            return {}
        counts = self.contradicted.sum(axis=0)
        return {landmarks[j]: int(counts[j]) for j in np.argsort(-counts) if counts[j]}

    def said_of_absence(self, landmarks: Sequence[str]) -> str:
        """The same in a sentence; empty of none."""
        often = self.of_one_alone(landmarks)
        names = [f"{name} ({count:,})" for name, count in often.items()]
        said = counted(sum(often.values()), "landmark")
        told = f"{said} one placed and the other marked as not in the image"
        return f"{told}: {first_few(names, _NAMED)}." if often else ""

    @property
    def pixels(self) -> Floats:
        """(N, L) distances; NaN where both left the landmark to a model."""
        return np.asarray(np.linalg.norm(self._own, axis=2))

    def millimetres(self, sizes: PixelSizes) -> Floats:
        """(N, L) of the same; NaN where nobody knows what a pixel of the image measures, too."""
        each = [sizes.of(pair.image_id) for pair in self.pairs]
        known = np.array([np.nan if size is None else size for size in each])
        return np.asarray(self.pixels * known[:, None])

    @property
    def percent(self) -> Floats:
        """(N, L) distances in percent of the normaliser, whoever placed what."""
        return np.asarray(100 * np.linalg.norm(self.offsets, axis=2) / self.lengths[:, None])

    @property
    def _percent(self) -> Floats:
        """(N, L) without what both left to a model."""
        return np.asarray(100 * self.pixels / self.lengths[:, None])

    @property
    def nme(self) -> Floats:
        """(N,) mean distance of all of each object's landmarks in percent."""
        return _of_objects(self.percent)

    @property
    def of_each(self) -> Floats:
        """(N,) mean distance in percent of what either placed, which `spread` is of; of all
        landmarks of an object of which both left all to a model."""
        own = _of_objects(self._percent)
        return np.where(np.isfinite(own), own, self.nme)

    def nme_in_millimetres(self, sizes: PixelSizes) -> Floats:
        """(N,) mean distance of what either placed; NaN where nobody knows what a pixel of the
        image measures."""
        return _of_objects(self.millimetres(sizes))

    def said_in_millimetres(self, sizes: PixelSizes) -> str:
        """The mean of that over the objects, to follow the one in percent; empty of none."""
        each = self.nme_in_millimetres(sizes)[self.counting]
        known = each[np.isfinite(each)]
        if not len(known):
            return ""
        few = "" if len(known) == len(each) else f" on {len(known):,} of them"
        return f", {fine(float(known.mean()))} mm{few}"

    @property
    def of_landmarks(self) -> tuple[Spread, ...]:
        """L spreads of the distances in percent."""
        return tuple(Spread.of(column) for column in self._percent[self.counting].T)

    @property
    def bias(self) -> Floats:
        """(L, 2) pixels: by how much the second places a landmark elsewhere on average. A part of
        the disagreement that a sentence in the instructions can end."""
        offsets = self._own[self.counting]
        known = np.isfinite(offsets[..., 0])
        sums = np.where(known[..., None], offsets, 0.0).sum(axis=0)
        counts = np.sum(known, axis=0)[:, None]
        return np.asarray(np.where(counts > 0, sums / np.maximum(counts, 1), np.nan))

    def worst_landmarks(self) -> list[int]:
        """Those that both placed, the largest mean distance first."""
        means = [spread.mean for spread in self.of_landmarks]
        return [int(i) for i in np.argsort(means)[::-1] if np.isfinite(means[i])]

    def worst_pairs(self) -> list[int]:
        """Places in `pairs`, the largest mean distance first."""
        apart = np.where(np.isfinite(self.of_each), self.of_each, -1.0)
        return [int(n) for n in np.argsort(-apart, kind="stable")]


def _of_objects(distances: Floats) -> Floats:
    """(N,) means of the (N, L) that are known."""
    known = np.isfinite(distances)
    sums = np.where(known, distances, 0.0).sum(axis=1)
    return np.asarray(np.where(known.any(axis=1), sums / np.maximum(known.sum(axis=1), 1), np.nan))


@read_at_once
def agreements(
    project: Project, *, decided: bool = True, corrected: bool = False
) -> list[Agreement]:
    """Of every two people who labelled the same objects; those with most that count first.

    decided: also on objects of which a lead has let one person's label stand. These are often
    those on which people differ most: without them they would seem to agree better than they do.
    corrected: of the labels as they are now, of whoever accepted them last, not as they were given;
    a second opinion in quite another place is then of another object, with which no shape is made.
    """
    sharing = project.sharing_images().tolist()
    sharing += [record.id for record in given_way(project)] if decided else []
    given = {} if corrected else project.given_labels(sharing)
    by = whose_labels(project, sharing) if corrected else {i: one.who for i, one in given.items()}
    of_image: dict[int, list[_Label]] = defaultdict(list)
    wanted = [i for i in sharing if i in by]
    read = [*project.shapes(InstanceState.ACCEPTED, excluded=decided, among=wanted)]
    shapes = project.as_given(given, {record.id: shape for record, shape in read})
    for record, _ in read:
        of_image[record.image_id].append((record, shapes[record.id]))
    found: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    measured = ErrorBoxes(project)
    for several in of_image.values():
        labels = sorted(several, key=lambda label: by[label[0].id])
        for (a, ours), (b, theirs) in combinations(
            [(who, list(group)) for who, group in groupby(labels, lambda label: by[label[0].id])], 2
        ):
            found[a, b] += _matched(ours, theirs, measured, anywhere=not corrected)
    made = [_agreement(people, rows) for people, rows in found.items() if rows]
    told = _told_as_proposed(project, made, shapes)
    return sorted(told, key=lambda one: (-int(one.counting.sum()), -len(one.pairs)))


def given_shapes(project: Project, pair: Pair) -> list[Shape]:
    """The two that the pair compares."""
    given = project.given_labels(pair.ids)
    return [*project.as_given(given, {i: project.shape(i) for i in pair.ids}).values()]


def whose_labels(project: Project, labels: Collection[int]) -> dict[int, str]:
    """By the labels' instances: of whoever accepted or imported them last."""
    return {instance: label.who for instance, label in project.labellings(labels).items()}


def _told_as_proposed(
    project: Project, made: Sequence[Agreement], shapes: Mapping[int, Shape]
) -> list[Agreement]:
    labels = [
        ((p.first, shapes[p.first]), (p.second, shapes[p.second])) for a in made for p in a.pairs
    ]
    left = left_to_models(project, labels)
    same = zip(left, as_proposed(labels, left), strict=True)
    told = []
    for one in made:
        own = list(islice(same, len(one.pairs)))
        pairs = [replace(p, as_proposed=so) for p, (_, so) in zip(one.pairs, own, strict=True)]
        told.append(replace(one, pairs=tuple(pairs), left=np.stack([bare for bare, _ in own])))
    return told


def _matched(
    ours: Sequence[_Label], theirs: Sequence[_Label], measured: ErrorBoxes, *, anywhere: bool
) -> list[_Row]:
    """The labels of two people in one image, each at most once, the nearest ones together.

    anywhere: a second opinion is on its object wherever its box was drawn anew: left out, those on
    which two people differ most would make the others look nearer.
    """
    candidates = []
    boxes = {
        record.id: box
        for record, shape in (*ours, *theirs)
        if (box := measured.box(record, shape)) is not None
    }
    for (one, a), (other, b) in product(ours, theirs):
        same = overlap(one, other, boxes) > SAME_OBJECT
        asked = anywhere and is_second_opinion(one, other)
        if (same or asked) and (a.known & b.known).any():
            lengths = [measured.length(one, a), measured.length(other, b)]
            offsets = b.points - a.points
            apart = float(np.nanmean(np.linalg.norm(offsets, axis=1)))
            pair = Pair(one.image_id, one.id, other.id, _stands(one, other), _third(one, other))
            only_one = (a.known & b.absent) | (a.absent & b.known)
            candidates.append((apart, (pair, offsets, float(np.mean(lengths)), only_one)))
    taken: set[int] = set()
    rows = []
    for _, row in sorted(candidates, key=lambda candidate: candidate[0]):
        if not {row[0].first, row[0].second} & taken:
            taken |= {row[0].first, row[0].second}
            rows.append(row)
    return rows


def _stands(one: InstanceRecord, other: InstanceRecord) -> int | None:
    if gives_way(one) == gives_way(other):
        return None
    return other.id if gives_way(one) else one.id


def _third(one: InstanceRecord, other: InstanceRecord) -> str:
    return gives_way_to(one) if gives_way(one) and gives_way(other) else ""


def agreement_of(project: Project, first: str, second: str) -> Agreement:
    """Of these two people; the offsets lead from the first to the second.

    Raises ActionableError where they have no object in common.
    """
    all_of_them = agreements(project)
    for found in all_of_them:
        if (found.first, found.second) == (first, second):
            return found
        if (found.first, found.second) == (second, first):
            return _turned(found)
    people = sorted({name for a in all_of_them for name in (a.first, a.second)})
    known = ", ".join(f"{a.first} and {a.second}" for a in all_of_them)
    guesses = "".join(closest(name, people) for name in (first, second) if name not in people)
    raise ActionableError(
        f"{first} and {second} have labelled no object in common.{guesses}",
        remedy=f"These have: {known}." if known else NOBODY,
    )


NOBODY = (
    "Have some objects labelled by a second person: annotator agreement PROJECT --ask 20. "
    "Or import a second person's labels."
)
"""What to do where there is nothing in common."""

NOTHING_IN_COMMON = "No object has accepted labels of two people."
ONLY_PROPOSALS = (
    "All objects that two people have labelled they accepted as they were proposed, untouched."
)


def _agreement(people: tuple[str, str], rows: Sequence[_Row]) -> Agreement:
    pairs, *each = zip(*rows, strict=True)
    offsets, lengths, contradicted = (np.stack(values) for values in each)
    return Agreement(*people, tuple(pairs), offsets, lengths, contradicted=contradicted)


def _turned(found: Agreement) -> Agreement:
    pairs = tuple(replace(p, first=p.second, second=p.first) for p in found.pairs)
    return replace(
        found, first=found.second, second=found.first, pairs=pairs, offsets=-found.offsets
    )
