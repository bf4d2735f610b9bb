"""How a project goes, over time: what the dashboard shows."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.models.followed_labels import recalibrations, said
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.training_record import TrainingRecord, trainings
from landmark_annotator.annotator.session.review.agreement import Agreement, agreements
from landmark_annotator.projects.budgets.ledger import Ledger, ledger
from landmark_annotator.projects.budgets.working_time import WorkingTime
from landmark_annotator.projects.store import ActionKind, InstanceState, Plan, Project, Verdict
from landmark_annotator.projects.store.people.same_objects import labels_of_objects
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.arrays import Floats

RECENT = 20
"""Instances that a moving mean is taken over."""


@dataclass(frozen=True)
class Finished:
    """One instance that a person has accepted: when and who, and what it took all people.

    seconds: of working time, without pauses. so_far: what all people had worked by then in the
    whole project, also on what was sent back since or was never finished.
    """

    at: datetime
    who: str
    clicks: int
    seconds: float
    so_far: float = 0.0


@dataclass(frozen=True, eq=False)
class Overview:
    """finished: in the order of their acceptance, imported ones are not among them. counts: of
    the instances by state. passed, sent_back, flagged: of the review; what was sent back and is
    accepted again counts no more. one: what an instance is called where they are counted: image, or
    object where an image holds several."""

    scheme: Scheme
    counts: Counter[InstanceState]
    finished: tuple[Finished, ...]
    ledger: Ledger
    plan: Plan
    passed: int
    sent_back: int
    flagged: int
    agreements: tuple[Agreement, ...]
    trainings: tuple[TrainingRecord, ...]
    """Those with an error on held-out labels."""

    calibration: tuple[str, ...] = ()
    """What labels say of the proposals, in sentences."""

    one: str = "image"

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def objects(self) -> int:
        """That are accepted: fewer than `counts` says where several people's labels of one object
        count."""
        both: list[tuple[int, int]] = []
        by: dict[int, str] = {}
        for a in self.agreements:
            for pair in a.pairs:
                if pair.stands is None and not pair.third:
                    both.append(pair.ids)
                    by |= {pair.first: a.first, pair.second: a.second}
        several = labels_of_objects(both, by)
        again = len(several) - len(set(several.values()))
        return self.counts[InstanceState.ACCEPTED] - again


def overview(folder: Path) -> Overview:
    """Of the project in this folder, which is opened for it: to be run beside the window."""
    with Project.open(folder, read_only=True) as project, project.snapshot():
        passed = project.reviews(verdict=Verdict.ACCEPTED)
        sent_back = project.reviews(verdict=Verdict.SENT_BACK)
        accepted = set(project.listed([InstanceState.ACCEPTED]).tolist())
        return Overview(
            scheme=project.scheme,
            counts=Counter(project.state_counts()),
            finished=_finished(project, accepted),
            ledger=ledger(project),
            plan=project.plan(),
            passed=len(passed),
            sent_back=len(sent_back.keys() - accepted),
            flagged=sum(flag.resolved_by is None for flag in project.flags().values()),
            agreements=tuple(agreements(project)),
            trainings=tuple(
                each
                for each in trainings(ModelLibrary.of(project))
                if each.held_out_error is not None
            ),
            calibration=tuple(said(recalibrations(project))),
            one=project.counted_in(),
        )


def _finished(project: Project, accepted: set[int]) -> tuple[Finished, ...]:
    """accepted: the instances that are so now; an acceptance that was taken back is none."""
    entries = list(project.work_done())
    time = WorkingTime(entries)
    clicks: Counter[int] = Counter()
    seconds: defaultdict[int, float] = defaultdict(float)
    last: dict[int, Finished] = {}
    so_far = 0.0
    for entry in entries:
        took = time.seconds(entry)
        so_far += took
        i = entry.instance_id
        if i is None or i not in accepted:
            continue
        clicks[i] += entry.kind in (ActionKind.CLICK, ActionKind.CONFIRM)
        seconds[i] += took
        if entry.kind.accepts:
            last.pop(i, None)
            last[i] = Finished(entry.at, entry.who, clicks[i], seconds[i], so_far)
    return tuple(last.values())


def moving_mean(values: Floats) -> Floats:
    """(N,) the mean of each value and those before it, at most RECENT of them."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - RECENT, 0)
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts))
