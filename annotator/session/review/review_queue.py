"""What waits for a reviewer, and what of it to look at first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.annotator.session.review.present_error import present_errors
from landmark_annotator.annotator.session.review.review_session import Reviewed
from landmark_annotator.annotator.session.review.suspicions import Suspicion, kept, suspicions
from landmark_annotator.projects.store import (
    Flag,
    InstanceRecord,
    InstanceState,
    Project,
    Review,
    Verdict,
)
from landmark_annotator.projects.vocabulary.arrays import Floats, Ints

_SUSPICIOUS = 2.0
"""An expected error so many times the usual one is worth a look."""


@dataclass(frozen=True)
class Candidate:
    """An instance that waits for a verdict.

    flag: where one is open. sent_back: what was said when it was sent back before. look: whether
    to look at it in any case: it is flagged, its labels look wrong, or its expected error is far
    above the usual. suspicion: what the last search for wrong labels found of an accepted shape.
    beside: who has made another shape of it, while somebody else was at it. filled: whether it is
    one of which people placed some landmarks and a model the rest. expected: its error in percent
    as it was expected before any click, of a filled one as it is given the clicks; None where that
    is not known.
    """

    record: InstanceRecord
    expected: float | None
    flag: Flag | None
    sent_back: Review | None
    look: bool
    suspicion: Suspicion | None = None
    beside: tuple[str, ...] = ()
    filled: bool = False


@dataclass(frozen=True)
class ReviewQueue:
    """first: those to look at first. waiting: how many wait in all."""

    first: list[Candidate]
    waiting: int


def review_queue(project: Project, most: int | None = None) -> ReviewQueue:
    """Flagged ones first, then the likeliest wrong ones. most: of them; None for all.

    Accepted and filled shapes that have not passed yet, and proposals that nobody has touched; not
    those for second opinions, which a person is to give.
    Flagged instances are in it whatever their state, unless they have been sent back; and so are
    those of which two people have made different shapes at the same time. Shapes that were searched
    for wrong labels are ordered by how odd they look, the others by expected error; the two orders
    are merged, each by its share. Of all but the first and filled ones, numbers alone are read.
    """
    with project.snapshot():
        pinned = _Pinned(project)
        ids, errors = pinned.waiting()
        found = {i: one.score for i, (_, one) in kept(project).items()}
        sound: dict[int, Suspicion] = {}
        while True:
            first = _ordered(ids, errors, found, pinned.ids)[:most].tolist()
            unsure = [i for i in first if i in found and i not in sound]
            sound |= suspicions(project, unsure)
            changed = [i for i in unsure if i not in sound]
            if not changed:
                break
            for i in changed:  # It says nothing of a shape that has changed since.
                del found[i]
        known = errors[~np.isnan(errors)]
        usual = float(np.median(known)) if len(known) else float("inf")
        by_id = pinned.candidates(first, sound, usual)
        return ReviewQueue([by_id[i] for i in first if i in by_id], len(ids))


def waits(project: Project, instance_id: int) -> bool:
    """Whether it is in the queue, without a look at any other."""
    with project.snapshot():
        return bool(_Pinned(project).candidates([instance_id], {}, 1.0))


def passed_by(project: Project, seen: Reviewed) -> str:
    """Who has let pass what is seen, so that it waits for no verdict any more; else empty."""
    review = seen.review
    if review is None or review.verdict is not Verdict.ACCEPTED:
        return ""
    return "" if waits(project, seen.record.id) else review.who


class _Pinned:
    """What is first in any case, and what else is said of those that wait."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._flags = {i: flag for i, flag in project.flags().items() if flag.resolved_by is None}
        self._beside: dict[int, tuple[str, ...]] = {}
        for one in project.kept_beside():
            self._beside[one.instance_id] = (*self._beside.get(one.instance_id, ()), one.who)
        self._hidden = project.blind_instances()
        found = self._waiting_among({*self._flags, *self._beside})
        self._errors = {record.id: record.predicted_error for record, _ in found}
        self.ids = np.array(sorted(self._errors), dtype=np.int64)
        self._filled: dict[int, float | None] = {}

    def waiting(self) -> tuple[Ints, Floats]:
        """(N,) ids of all that wait, and the errors that are expected of them, NaN of none."""
        ids, errors = self._project.awaiting_review()
        # What was expected of a filled shape before any click says nothing of what clicks left.
        self._filled = present_errors(self._project, self._project.filled())
        for place in np.flatnonzero(np.isin(ids, [*self._filled])).tolist():
            error = self._filled[int(ids[place])]
            errors[place] = np.nan if error is None else error
        seen = ~np.isin(ids, [*self._hidden])
        more = np.setdiff1d(self.ids, ids)
        own = [self._filled.get(i, self._errors[i]) for i in more.tolist()]
        expected = np.array([np.nan if error is None else error for error in own])
        return np.concatenate([ids[seen], more]), np.concatenate([errors[seen], expected])

    def candidates(
        self, ids: Sequence[int], suspicious: Mapping[int, Suspicion], usual: float
    ) -> dict[int, Candidate]:
        """Those of these that wait, by id. usual: error."""
        found, filled = {}, self._project.filled_among(ids)
        for record, review in self._waiting_among(ids):
            error = self._filled.get(record.id, record.predicted_error)
            suspicion = suspicious.get(record.id)
            odd = error is not None and error > _SUSPICIOUS * usual
            odd = odd if suspicion is None else suspicion.look
            flag, others = self._flags.get(record.id), self._beside.get(record.id, ())
            back = None if review is None or review.verdict is not Verdict.SENT_BACK else review
            look = flag is not None or bool(others) or odd
            found[record.id] = Candidate(
                record, error, flag, back, look, suspicion, others, record.id in filled
            )
        return found

    def _waiting_among(self, ids: Collection[int]) -> list[tuple[InstanceRecord, Review | None]]:
        marked, filled = self._project.marked(ids), self._project.filled_among(ids)
        return [
            (record, marked[record.id][2])
            for record in self._project.some_instances([*ids])
            if record.id not in self._hidden
            and (
                record.id in self._beside
                or _waits(
                    record,
                    self._flags.get(record.id),
                    marked[record.id][2],
                    filled=record.id in filled,
                )
            )
        ]


def _ordered(ids: Ints, errors: Floats, found: Mapping[int, float], pinned: Ints) -> Ints:
    """Searched and other shapes each in an order of their own. found: how odd the searched ones
    look."""
    judged = np.array(sorted(found), dtype=np.int64)
    searched = np.isin(ids, judged)
    last = np.where(np.isnan(errors), -1.0, errors)
    scores = np.array([found[i] for i in judged.tolist()])
    last[searched] = scores[np.searchsorted(judged, ids[searched])]
    ranks = np.zeros(len(ids))
    for part in (searched, ~searched):
        places = np.flatnonzero(part)
        ranks[places[np.argsort(-last[places], kind="stable")]] = np.arange(len(places)) / max(
            len(places), 1
        )
    return np.asarray(ids[np.lexsort((ranks, ~np.isin(ids, pinned)))])


def _waits(
    record: InstanceRecord, flag: Flag | None, review: Review | None, *, filled: bool
) -> bool:
    """A verdict stands until the shape changes; what was sent back waits for the annotator."""
    if record.state is InstanceState.ACCEPTED:
        return flag is not None or review is None or review.verdict is Verdict.SENT_BACK
    if review is not None:
        return False
    untouched = record.state is InstanceState.UNTOUCHED and record.second_opinion_on is None
    proposed = untouched and record.predicted_error is not None
    return proposed or filled or flag is not None
