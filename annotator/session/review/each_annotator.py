"""How each person places landmarks, beside all others who labelled the same objects: how far from
the consensus, with which habit, how steadily; and single landmarks that are where the others'
labels would hardly ever have them.

Model and estimates are those of `consensus`. Whether one is an outlier is judged against the others
alone: person k's position without habit, less the mean of the others' positions without theirs,
weighted by the inverse of their covariances, has the covariance of both together. A single mistake
widens the covariances at its landmark, behind which it would hide: so the squared distances are
scaled, at each landmark, by their median, which it hardly moves.

Where exactly two people have placed a landmark, both are equally far from each other: that one of
them is off can be said, and not which.
"""

from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np

from landmark_annotator.annotator.session.review.agreement import NOBODY, ONLY_PROPOSALS, Spread
from landmark_annotator.annotator.session.review.consensus import (
    Labelled,
    People,
    habits_told,
    labelled_by_several,
)
from landmark_annotator.projects.store import Flag, ImageRecord, Project
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

CHANCE = 0.001
"""How rarely a label without a mistake is taken for an outlier."""
_NAMED = 3
"""Landmarks that a flag names."""


@dataclass(frozen=True)
class Outlier:
    """A landmark of an instance. pixels: from where the others have it, without habits. other: the
    one person besides who has placed it, of whose label the same is said; empty where several
    have."""

    instance_id: int
    who: str
    landmark: int
    pixels: float
    other: str = ""


@dataclass(frozen=True, eq=False)
class Annotators:
    """Of K people over N objects with L landmarks. distances: (N, K, L) from the consensus in
    percent of the normaliser; apart: (N, K, L) pixels from what the others say; oddness: (N, K, L)
    squared Mahalanobis distances from that, of a median as normal errors have it. NaN where the
    person has not placed it, or nobody else has."""

    labelled: Labelled
    people: People
    distances: Floats
    apart: Floats
    oddness: Floats

    @property
    def objects(self) -> list[int]:
        """(K,) how many each has labelled."""
        return [int(n) for n in np.isfinite(self.labelled.placed[..., 0]).any(axis=2).sum(axis=0)]

    @cached_property
    def beside_others(self) -> Bools:
        """(K, L) of which landmarks each has placed some that another has placed as well: of the
        others nothing is known of how that one places them."""
        return np.asarray(np.isfinite(self.distances).any(axis=0))

    @cached_property
    def habits(self) -> Floats:
        """(K, L, 2) pixels, NaN where nothing is known of them."""
        known = self.beside_others & habits_told(self.labelled.placed)
        return np.where(known[..., None], self.people.habits, np.nan)

    @cached_property
    def covariances(self) -> Floats:
        """(K, L, 2, 2) squared pixels of what is not habit, NaN where nothing is known of it."""
        return np.where(self.beside_others[..., None, None], self.people.covariances, np.nan)

    def distance(self, person: int) -> Spread:
        """In percent, over all landmarks and objects."""
        return Spread.of(self.distances[:, person].ravel())

    def distance_of(self, person: int, landmark: int) -> Spread:
        return Spread.of(self.distances[:, person, landmark])

    @cached_property
    def steadiness(self) -> Floats:
        """(K, L) pixels: the deviation along an axis of what is not habit, NaN where nothing is
        known of it."""
        return np.asarray(np.sqrt(np.trace(self.covariances, axis1=-2, axis2=-1) / 2))

    def outliers(self, chance: float = CHANCE) -> list[Outlier]:
        """What would lie so far off by chance only that rarely; the farthest first. Of two people
        alone who are so far apart both labels are. Not where a lead has decided whose label stands,
        nor where somebody has moved the landmark since: that is to be looked at no more."""
        open_ones = ~self.labelled.decided[:, None, None] & self.labelled.still
        with np.errstate(invalid="ignore"):
            found = np.argwhere((self.oddness > -2 * log(chance)) & open_ones)
        # Of two people alone both are equally odd, but for the last digits.
        order = sorted(found.tolist(), key=lambda at: -round(float(self.oddness[tuple(at)]), 6))
        placed, names = np.isfinite(self.labelled.placed[..., 0]), self.people.names
        outliers = []
        for n, k, j in order:
            others = [i for i in np.flatnonzero(placed[n, :, j]).tolist() if i != k]
            other = names[others[0]] if len(others) == 1 else ""
            pixels = float(self.apart[n, k, j])
            outliers.append(Outlier(self.labelled.instances[n][k], names[k], j, pixels, other))
        return outliers

    @property
    def by_several(self) -> bool:
        """Whether three people or more have placed a landmark, so that one of them may be off."""
        people = np.isfinite(self.labelled.placed[..., 0]).sum(axis=1)
        return bool((people > 2).any())


def annotators(project: Project) -> Annotators:
    """Of all who labelled an object that somebody else has labelled as well: also where a lead has
    let one label stand, and not where all accepted one proposal as it was; by the landmarks that
    at least one of them placed.

    Raises ActionableError where nobody has.
    """
    labelled = labelled_by_several(project, decided=True, corrected=False).by_hand()
    if not labelled.counting.any():
        raise ActionableError(ONLY_PROPOSALS, kept="Nothing was written.", remedy=NOBODY)
    labelled = labelled.only(labelled.counting)
    placed, people = labelled.placed, labelled.people()
    agreed = people.agreed(placed)
    distances = 100 * np.linalg.norm(placed - agreed[:, None], axis=-1)
    # The consensus on what one alone has placed is that label, and no distance from it.
    alone = np.isfinite(distances).sum(axis=1, keepdims=True) < 2
    distances[np.broadcast_to(alone, distances.shape)] = np.nan
    apart, squared = _from_others(placed, people)
    return Annotators(
        labelled,
        people,
        np.asarray(distances / labelled.lengths[:, None, None]),
        apart,
        squared / _usual(squared),
    )


def _usual(squared: Floats) -> Floats:
    """(L,) by how much they are larger than of normal errors, in the median."""
    usual = np.ones(squared.shape[2])
    for j in range(squared.shape[2]):
        known = squared[..., j][np.isfinite(squared[..., j])]
        if len(known) and np.median(known) > 0:
            usual[j] = np.median(known) / (2 * log(2))
    return usual


def _from_others(placed: Floats, people: People) -> tuple[Floats, Floats]:
    """(N, K, L) distances in pixels from what the others say, and the same squared and divided by
    the covariance."""
    known = np.isfinite(placed[..., 0])
    freed = np.where(known[..., None], placed - people.habits, 0.0)
    weights = np.where(known[..., None, None], people.precisions, 0.0)  # (N, K, L, 2, 2)
    weighted = np.einsum("nklij,nklj->nkli", weights, freed)
    others = weights.sum(axis=1, keepdims=True) - weights
    rest = weighted.sum(axis=1, keepdims=True) - weighted
    judged = known & (known.sum(axis=1, keepdims=True) > 1)
    spread = np.linalg.inv(np.where(judged[..., None, None], others, np.eye(2)))
    offsets = freed - np.einsum("nklij,nklj->nkli", spread, rest)
    both = np.linalg.inv(people.covariances + spread)
    squared = np.einsum("nkli,nklij,nklj->nkl", offsets, both, offsets)
    apart = np.linalg.norm(offsets, axis=-1)
    return np.where(judged, apart, np.nan), np.where(judged, squared, np.nan)


def images_of_outliers(project: Project, outliers: list[Outlier]) -> dict[int, ImageRecord]:
    """By the ids of their instances."""
    records = project.some_instances([one.instance_id for one in outliers])
    images = project.some_images({record.image_id for record in records})
    return {record.id: images[record.image_id] for record in records}


def flag_outliers(project: Project, outliers: list[Outlier], *, who: str) -> list[int]:
    """Sends their instances to review, each with what is odd there, as one step for undo; returns
    the ids. One that has been flagged for the same before is left; what somebody else asks by a
    flag that is open stays in it."""
    of_instance: dict[int, list[Outlier]] = {}
    for one in outliers:
        of_instance.setdefault(one.instance_id, []).append(one)
    before, comments = project.flags(), dict[int, str]()
    for instance_id, several in of_instance.items():
        comment = _comment(several, project.scheme.landmarks)
        flag = before.get(instance_id)
        if flag is None or not flag.comment.endswith(comment):
            comments[instance_id] = _asked(flag, several, who) + comment
    if comments:
        project.flag_all(comments, who=who)
    return list(comments)


def flags_told(outliers: list[Outlier], flagged: list[int]) -> str:
    """What became of the outliers; flagged: of `flag_outliers`."""
    odd = len({one.instance_id for one in outliers})
    if not odd:
        return "No label is far from everybody else's: nothing was sent to review."
    if not flagged:
        far = counted(odd, "shape that is", "shapes that are")
        return f"{far} far from everybody else's: sent to review before, and nothing new."
    return f"{counted(len(flagged), 'shape')} sent to review, each with what is odd."


def _asked(flag: Flag | None, several: list[Outlier], who: str) -> str:
    """What a person has written into a flag that is open, before what is found here."""
    if flag is None or flag.resolved_by is not None:
        return ""
    written = flag.comment
    for one in several:
        written = written.partition(_finding(one))[0]
    written = written.rstrip("; ")
    by = "" if flag.who == who else f"{flag.who}: "
    return f"{by}{written}; " if written else ""


def _comment(several: list[Outlier], names: tuple[str, ...]) -> str:
    by_other: dict[str, list[Outlier]] = {}
    for one in several:
        by_other.setdefault(one.other, []).append(one)
    return ". ".join(_far(odd, names) for odd in by_other.values())


def _far(odd: list[Outlier], names: tuple[str, ...]) -> str:
    said = [f"{names[one.landmark]} {one.pixels:.0f} px" for one in odd[:_NAMED]]
    more = f" and {len(odd) - _NAMED} more" if len(odd) > _NAMED else ""
    return f"{_finding(odd[0])}{', '.join(said)}{more}"


def _finding(one: Outlier) -> str:
    if not one.other:
        return f"{one.who}'s labels are far from those of others: "
    return (
        f"{one.who}'s and {one.other}'s labels are far apart, and nobody else's say whose are off: "
    )
