"""Proposals for many instances at once, stored for the lists that show them."""

import time
from contextlib import closing
from dataclasses import dataclass, field

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS, Executor
from landmark_annotator.annotator.session.models.model_identity import identity_of
from landmark_annotator.annotator.session.models.proposal_work import (
    Answer,
    ProposalWork,
    ToPropose,
    Unknown,
    Unreadable,
    Withdrawn,
)
from landmark_annotator.annotator.session.models.proposers import Proposer, proposer_recipe
from landmark_annotator.annotator.session.models.smoothed_proposal import stored_smoothed
from landmark_annotator.annotator.session.models.stored_so_far import StoredSoFar
from landmark_annotator.annotator.session.models.waiting_instances import (
    Task,
    waiting_for_proposals,
)
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.backends.tracking import TRACKING
from landmark_annotator.projects.store import (
    WHICH_PROPOSAL,
    BroughtProposals,
    InstanceRecord,
    OwnProposal,
    Project,
)
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled, closest
from landmark_annotator.projects.vocabulary.wording import counted, say_once

TOGETHER = 500
"""Proposals of one transaction, at most."""
_AT_LEAST_EVERY_S = 1.0
"""Proposals that are computed and not stored yet are lost with the process."""


@dataclass
class Proposed:
    """count: instances proposed for. earlier: those that an earlier run by the same model, which
    was stopped or killed, had proposed for. reason: which model, and why that one. without_box:
    instances that need a box first. changed: those whose box was changed, or that were accepted or
    left out, while it was proposed for them. unknown: second opinions for which nothing proposes
    that has not learned from the first one. unreadable: one sentence for each image that could not
    be read. brought: what others propose for instances that wait. unfamiliar: of those proposed
    for, the instances of which the model has never seen the like."""

    count: int
    reason: str
    without_box: int = 0
    changed: int = 0
    unreadable: list[str] = field(default_factory=list)
    brought: list[BroughtProposals] = field(default_factory=list)
    earlier: int = 0
    unfamiliar: list[int] = field(default_factory=list)
    unknown: int = 0

    @property
    def shown(self) -> list[str]:
        """A sentence for each of the others, and the rule by which one is chosen."""
        found = [_said(one) for one in self.brought]
        return [*found, f"Which one is shown: {WHICH_PROPOSAL}"] if found else []


def _said(one: BroughtProposals) -> str:
    by = f" (brought by {' and '.join(one.who)})" if one.who else ""
    aside = f"; {one.aside:,} are set aside" if one.aside else ""
    return f"{one.name}{by}: shown for {one.shown:,} of {counted(one.kept, 'instance')}{aside}."


def propose_all(
    project: Project,
    progress: Progress,
    executor: Executor = THIS_PROCESS,
    device: str = "cpu",
) -> Proposed:
    """Proposes for every instance that is not accepted. Stopped or killed, it keeps what is done,
    and goes on there when it is called again.

    executor: who computes; this process alone writes. device: that the model runs on. Raises
    Cancelled where it was stopped before it began, as while objects were looked for, or while it
    learned from labelled images.
    """
    if progress.cancelled():
        raise Cancelled(
            "Stopped before anything was proposed.",
            kept="Objects that were found before are stored.",
            remedy="Doing it again goes on there.",
        )
    recipe = proposer_recipe(project, device=device)
    proposer = recipe.make(progress)
    tasks, without_box = waiting_for_proposals(project, proposer)
    done = Proposed(0, proposer.reason, without_box)
    progress.start("proposing", without_box + len(tasks))
    progress.advance(without_box)
    if proposer.model is not None:
        model = identity_of(proposer)
        so_far = StoredSoFar(project, f"{model} {device}")
        left = so_far.left(tasks)
        done.earlier = len(tasks) - len(left)
        progress.advance(done.earlier)
        with closing(_Writer(project, done, so_far)) as writer:
            answers = executor.results(ProposalWork(recipe, model, proposer), left)
            for task, answer in zip(left, answers, strict=True):
                writer.take(task, answer)
                progress.advance()
                if progress.cancelled():
                    break
        if not progress.cancelled():
            so_far.end()
    done.brought = project.brought_proposals()
    return done


class _Writer:
    """The only one who writes: a few proposals at once, which is many times as fast."""

    def __init__(self, project: Project, done: Proposed, so_far: StoredSoFar) -> None:
        self._project = project
        self._done = done
        self._so_far = so_far
        self._kept: list[tuple[ToPropose, OwnProposal]] = []
        self._since = time.monotonic()

    def take(self, task: Task, answer: Answer) -> None:
        if isinstance(answer, Unreadable):
            say_once(self._done.unreadable, answer.why)
            return
        if isinstance(answer, Unknown):
            self._done.unknown += 1
            return
        if isinstance(answer, Withdrawn) or isinstance(task, Withdrawn):
            self._done.changed += 1
            return
        self._kept.append((task, answer))
        if len(self._kept) >= TOGETHER or time.monotonic() - self._since >= _AT_LEAST_EVERY_S:
            self._store()

    def close(self) -> None:
        if self._kept:
            self._store()

    def _store(self) -> None:
        passed = self._project.store_own_proposals([answer for _, answer in self._kept])
        self._so_far.add(task for task, _ in self._kept if task.instance_id not in passed)
        self._done.count += len(self._kept) - len(passed)
        self._done.unfamiliar += [
            answer.instance_id
            for _, answer in self._kept
            if answer.unfamiliar and answer.instance_id not in passed
        ]
        self._done.changed += len(passed)
        self._kept, self._since = [], time.monotonic()


def set_aside(project: Project, name: str, *, aside: bool) -> int:
    """What was brought under this name is shown after the program's own proposal, or before it
    again; how many proposals that concerned. Raises ActionableError where nothing is called so."""
    names = [one.name for one in project.brought_proposals()]
    done = project.set_proposals_aside(name, aside=aside)
    if not done and name not in names:
        raise ActionableError(
            f'Nobody has brought proposals under the name "{name}".{closest(name, names)}',
            kept="Nothing was changed.",
            remedy=f"Known names: {', '.join(names)}." if names else "There are no others.",
        )
    return done


def store_expectation(
    project: Project,
    instance_id: int,
    proposal: Proposal,
    prior: Posterior,
    proposer: Proposer | None = None,
    record: InstanceRecord | None = None,
) -> None:
    """What was expected before any click, which orders and flags images. What all frames of its
    track have said stays in the place of what its own frame says alone, as long as it is still of
    its box.

    prior: of the proposal without any evidence. proposer: that made it, so that the accepted shape
    can say later what its proposals are worth. record: the instance as it was proposed for; None:
    as it is now.
    """
    record = record or project.instance(instance_id)
    if proposal.backend != TRACKING and stored_smoothed(project, record):
        return
    box = proposal.measure(record.box, prior.positions)
    project.store_proposal(
        instance_id,
        prior.positions,
        prior.covariances,
        predicted_error=prior.predicted_error(project.scheme, box),
        model=proposal.backend,
        making=None if proposer is None else proposer.making(proposal),
        own=True,
        hidden=proposal.hidden,
        measured=box,
    )
