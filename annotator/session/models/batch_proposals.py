"""Proposals for many instances at once, stored for the lists that show them."""

from dataclasses import dataclass, field

from annotator.session.models.proposers import Proposer, best_proposer
from backends.shapes import Posterior, Proposal
from projects.images import pixels_of
from projects.store import WHICH_PROPOSAL, BroughtProposals, InstanceState, Project
from projects.vocabulary import Progress
from projects.vocabulary.errors import ActionableError, ImageError, closest
from projects.vocabulary.wording import counted


@dataclass
class Proposed:
    """count: instances proposed for. reason: which model, and why that one. without_box: instances
    that need a box first. unreadable: one sentence for each image that could not be read. brought:
    what others propose for instances that wait."""

    count: int
    reason: str
    without_box: int = 0
    unreadable: list[str] = field(default_factory=list)
    brought: list[BroughtProposals] = field(default_factory=list)

    @property
    def shown(self) -> list[str]:
        """A sentence for each of the others, and the rule by which one is chosen."""
        found = [_said(one) for one in self.brought]
        return [*found, f"Which one is shown: {WHICH_PROPOSAL}"] if found else []


def _said(one: BroughtProposals) -> str:
    by = f" (brought by {' and '.join(one.who)})" if one.who else ""
    aside = f"; {one.aside:,} are set aside" if one.aside else ""
    return f"{one.name}{by}: shown for {one.shown:,} of {counted(one.kept, 'instance')}{aside}."


def propose_all(project: Project, progress: Progress) -> Proposed:
    """Proposes for every instance that is not accepted. Stopped, it keeps what is done."""
    proposer = best_proposer(project)
    done = Proposed(0, proposer.reason)
    images = {image.id: image for image in project.images()}
    waiting = [r for r in project.instances() if r.state is not InstanceState.ACCEPTED]
    progress.start("proposing", len(waiting))
    for record in waiting:
        if progress.cancelled():
            break
        progress.advance()
        if record.box is None:
            done.without_box += 1
            continue
        try:
            pixels = pixels_of(images[record.image_id])
        except ImageError as error:
            done.unreadable.append(error.happened)
            continue
        proposal = proposer.propose(pixels, record.box)
        if proposal is None:
            break
        store_expectation(project, record.id, proposal, proposal.given([]), proposer)
        done.count += 1
    done.brought = project.brought_proposals()
    return done


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
) -> None:
    """What was expected before any click, which orders and flags images.

    prior: of the proposal without any evidence. proposer: that made it, so that the accepted shape
    can say later what its proposals are worth.
    """
    project.store_proposal(
        instance_id,
        prior.points,
        prior.covariances,
        predicted_error=prior.predicted_error(project.scheme, proposal.box),
        model=proposal.backend,
        making=None if proposer is None else proposer.making(proposal),
        own=True,
    )
