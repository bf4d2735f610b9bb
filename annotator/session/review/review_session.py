"""Reviewing: who placed what and how, and the verdict."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from landmark_annotator.annotator.session.execution.laps import Laps
from landmark_annotator.annotator.session.labelling.suggested_marks import hidden_beyond_border
from landmark_annotator.annotator.session.posterior.hidden_landmarks import still_open
from landmark_annotator.annotator.session.review.suspicions import (
    Suspicion,
    kept,
    suspicion_of,
)
from landmark_annotator.projects.budgets.working_time import ProjectTime, WorkingTime
from landmark_annotator.projects.store import (
    ActionKind,
    Entry,
    Flag,
    InstanceRecord,
    InstanceState,
    KeptShape,
    Project,
    Review,
    Role,
    StoredProposal,
    Verdict,
)
from landmark_annotator.projects.store.own_boxes import ErrorBoxes
from landmark_annotator.projects.store.people.rights import JUDGE
from landmark_annotator.projects.vocabulary import Box, Provenance, Shape, Visibility
from landmark_annotator.projects.vocabulary.arrays import Floats
from landmark_annotator.projects.vocabulary.errors import ProjectError

_EFFORT = (ActionKind.CLICK, ActionKind.CONFIRM, ActionKind.VISIBILITY)
_NO_LABELLING = (ActionKind.REVIEW, ActionKind.REFUSED)
"""Verdicts, and what was not made of the shape, verdicts among it: its clicks do not count here."""


@dataclass(frozen=True)
class Placement:
    """How one landmark came to be where it is.

    provenance: None where nobody placed it and nothing is stored. who: None for a proposal that
    nobody has accepted yet. seconds: that people worked on it, undone actions too; moved: pixels
    from where the model had proposed it to where a person put it; None where that is not known.
    """

    landmark: int
    provenance: Provenance | None
    who: str | None
    seconds: float
    moved: float | None


@dataclass(frozen=True, eq=False)
class Reviewed:
    """What a reviewer sees of one instance.

    shape: the accepted one, or the proposal. by: who accepted or imported it, None for a
    proposal. clicks, seconds: that people spent on labelling it. flag: resolved ones too.
    suspicion: what the last search for wrong labels found of it. revision: of the instance, for
    what is said of it. brought: whose proposal it is or was, where somebody brought one; else
    empty. beside: what others have made of it at the same time, and nobody has chosen yet.
    entries: all that the journal has of it, the oldest first. hidden: (L,) of a proposal, as of
    `StoredProposal`, NaN where a person has said something. measured: the box in whose size errors
    of the shape are told.
    """

    record: InstanceRecord
    revision: int
    shape: Shape
    placements: tuple[Placement, ...]
    by: str | None
    clicks: int
    seconds: float
    flag: Flag | None
    review: Review | None
    suspicion: Suspicion | None = None
    brought: str = ""
    beside: tuple[KeptShape, ...] = ()
    entries: tuple[Entry, ...] = ()
    hidden: Floats | None = None
    measured: Box | None = None

    @property
    def proposed(self) -> bool:
        return self.record.state is not InstanceState.ACCEPTED


class ReviewSession:
    """One reviewer at work. Every verdict is in the store before the method returns."""

    def __init__(
        self, project: Project, *, who: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.project = project
        self.who = who
        self._laps = Laps(clock)
        self._time = ProjectTime(project)
        self._open: Reviewed | None = None

    @property
    def seen(self) -> Reviewed:
        if self._open is None:
            raise RuntimeError("no instance is open")
        return self._open

    @property
    def timed(self) -> bool:
        """Whether the journal has been read up to some moment: a long one takes its time."""
        return self._time.begun

    def take_over(self, time: ProjectTime) -> None:
        """What was read elsewhere."""
        self._time.take_over(time)

    def has_shape(self, instance_id: int) -> bool:
        """Whether there is something to judge: not where a box was found just now."""
        untouched = self.project.instance(instance_id).state is InstanceState.UNTOUCHED
        return not untouched or self.project.proposal(instance_id) is not None

    def open(self, instance_id: int) -> Reviewed:
        self._laps.begin()
        return self.look_again(instance_id)

    def look_again(self, instance_id: int) -> Reviewed:
        """What the store says now; the time that the verdict takes goes on."""
        self._open = reviewed(self.project, instance_id, self._time.time)
        return self._open

    def accept(self) -> Entry:
        """The shape passes as it is; a proposal that nobody touched, and a filled shape, become
        the label by it.

        Raises ProjectError where landmarks have no position, or somebody is at work on it.
        """
        seen, seconds = self.seen, self._laps.lap()
        if not seen.proposed:
            return self.project.review(
                seen.record.id,
                Verdict.ACCEPTED,
                who=self.who,
                duration=seconds,
                seen=seen.revision,
            )
        begun = seen.record.state is InstanceState.STARTED
        filled = seen.review is None and self.project.filled_among([seen.record.id])
        if begun and not filled:
            raise ProjectError(
                "Somebody is still at work on this shape, so it cannot pass the review.",
                kept="It stays as it is.",
                remedy="Finish it on the label page, or send it back.",
            )
        now = self.project.to_label(seen.record.id, who=self.who)
        return self.project.accept(
            seen.record.id,
            hidden_beyond_border(self.project, seen.shape, now),
            who=self.who,
            duration=seconds,
            in_review=True,
            seen=seen.revision,
        )

    def refuse_verdicts(self) -> None:
        """Raises NotAllowed where this person may give none, and where the project can only be
        read: before a comment is written."""
        self.project.refuse_read_only(kept="No verdict was stored.")
        self.project.refuse_below(self.who, Role.REVIEWER, JUDGE)

    def send_back(self, comment: str, asked: Reviewed | None = None) -> Entry:
        """To be corrected; the comment says what. asked: what was seen when it was begun, where
        something may have been opened since; None for what is open.

        Raises ProjectError without a comment, and where there is nothing to correct yet, as of a
        second opinion that waits; Conflict where somebody has changed or judged it since."""
        seen = asked or self.seen
        if seen.record.state is InstanceState.UNTOUCHED and not seen.shape.known.any():
            raise ProjectError(
                "There is no shape yet, so there is nothing to send back.",
                kept="It stays as it is.",
            )
        return self.project.review(
            seen.record.id,
            Verdict.SENT_BACK,
            comment,
            who=self.who,
            duration=self._laps.lap(),
            seen=seen.revision,
        )

    def choose(self, kept: KeptShape | None) -> Entry | None:
        """This is the shape from now on, in place of the stored one; None: the stored one is, and
        what is beside it is laid aside. Raises ProjectError where somebody was faster."""
        seen = self.seen
        if kept is not None:
            return self.project.choose_kept(kept.id, who=self.who, seen=seen.revision)
        for one in seen.beside:
            self.project.drop_kept(one.id, who=self.who)
        return None

    def flag(self, comment: str) -> Entry:
        return self.project.flag(self.seen.record.id, comment, who=self.who)


def reviewed(project: Project, instance_id: int, time: WorkingTime) -> Reviewed:
    """What a reviewer sees of the instance. time: of the project."""
    revision = project.revision(instance_id)
    record = project.instance(instance_id)
    entries = list(project.journal(instance_id))
    shape = stored = project.shape(instance_id)
    proposal = project.proposal(instance_id)
    accepted = record.state is InstanceState.ACCEPTED
    if not accepted and proposal is not None:
        shape = _with_proposal(shape, proposal)
    people = project.placed_by(instance_id)
    made = project.labellings([instance_id]).get(instance_id)
    return Reviewed(
        record=record,
        revision=revision,
        shape=shape,
        placements=tuple(
            _placement(i, shape, people.get(i), [e for e in entries if e.landmark == i], time)
            for i in range(len(shape))
        ),
        by=made.who if accepted and made is not None else None,
        clicks=sum(e.kind in (ActionKind.CLICK, ActionKind.CONFIRM) for e in entries),
        seconds=sum(time.seconds(e) for e in entries if e.kind not in _NO_LABELLING),
        flag=project.flags(instance_id).get(instance_id),
        review=project.reviews(instance_id).get(instance_id),
        suspicion=suspicion_of(record, shape, kept(project)) if accepted else None,
        beside=tuple(project.kept_beside(instance_id)),
        entries=tuple(entries),
        brought=proposal.whose if _of_others(shape, proposal) and proposal is not None else "",
        hidden=None if accepted or proposal is None else still_open(proposal.hidden, stored),
        measured=ErrorBoxes(project).measure(record, shape),
    )


def _of_others(shape: Shape, proposal: StoredProposal | None) -> bool:
    """Whether anything of the shape is what somebody's proposal says."""
    if proposal is None or proposal.own:
        return False
    marks = np.array([mark is Provenance.IMPORTED for mark in shape.provenance])
    same = np.isclose(shape.points, proposal.points).all(axis=1)
    return bool((marks & same).any())


def _with_proposal(stored: Shape, proposal: StoredProposal) -> Shape:
    """What people placed, and where they placed nothing what was proposed before any click."""
    said = np.array([mark is not None for mark in stored.provenance])[:, None]
    points = np.where(said, stored.points, proposal.points)
    covariances = np.where(said[:, None], stored.covariances, proposal.covariances)
    rest = Provenance.INFERRED if proposal.own else Provenance.IMPORTED
    known = np.isfinite(points[:, 0])
    marks = [
        mark or (rest if at else None) for mark, at in zip(stored.provenance, known, strict=True)
    ]
    unseen = known & (stored.visibility == Visibility.NOT_LABELLED)
    visibility = np.where(unseen, Visibility.VISIBLE, stored.visibility)
    return Shape(points, visibility, marks, covariances)


def _placement(
    landmark: int, shape: Shape, who: str | None, entries: Sequence[Entry], time: WorkingTime
) -> Placement:
    """entries: of the landmark, oldest first."""
    by_hand = [e for e in entries if e.kind in _EFFORT]
    last = next((e for e in reversed(by_hand) if e.to is not None), None)
    moved = None
    if last is not None and last.proposed is not None and last.to is not None:
        moved = float(np.hypot(last.to[0] - last.proposed[0], last.to[1] - last.proposed[1]))
    mark = shape.provenance[landmark]
    return Placement(
        landmark,
        mark,
        who,
        sum(time.seconds(e) for e in by_hand),
        moved if mark is not None and mark.is_evidence else None,
    )
