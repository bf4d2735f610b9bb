"""Proposals for many instances at once, stored for the lists that show them."""

from dataclasses import dataclass, field

from annotator.session.models.proposers import Proposer, best_proposer
from backends.shapes import Posterior, Proposal
from projects.images import pixels_of
from projects.store import InstanceState, Project
from projects.vocabulary import Progress
from projects.vocabulary.errors import ImageError


@dataclass
class Proposed:
    """count: instances proposed for. reason: which model, and why that one. without_box: instances
    that need a box first. unreadable: one sentence for each image that could not be read."""

    count: int
    reason: str
    without_box: int = 0
    unreadable: list[str] = field(default_factory=list)


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
    )
