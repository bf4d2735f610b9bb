"""Storing what is proposed for objects that a person comes by: the open one, and the next ones."""

from landmark_annotator.annotator.session.models.batch_proposals import store_expectation
from landmark_annotator.annotator.session.models.independent import Made
from landmark_annotator.annotator.session.models.proposers import Proposer
from landmark_annotator.annotator.session.models.smoothed_proposal import smoothed_proposal
from landmark_annotator.backends.shapes import Posterior, Proposal
from landmark_annotator.backends.tracking import TRACKING
from landmark_annotator.projects.certificates.standing import PROPOSED
from landmark_annotator.projects.store import Certificate, InstanceRecord, Project


class SeenProposals:
    """As `store_expectation`, but for proposals that are being checked for a rule. Those stay, as
    long as nobody has begun with the object, until somebody has all proposed anew: each check
    teaches the model, and of what it proposes in their place the checks would say nothing."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._certificate: Certificate | None = None
        self._checked = frozenset[int]()

    def store(
        self,
        instance_id: int,
        proposal: Proposal,
        prior: Posterior,
        proposer: Proposer | None = None,
        record: InstanceRecord | None = None,
    ) -> None:
        """Where what is stored stays, nothing is done: neither does what proposes at first, for
        seconds and without a look at the image, take the place of what another model has said."""
        at_first = proposer is not None and proposer.at_first
        if at_first and any(each.own for each in self._project.proposals(instance_id)):
            return
        if not self._is_checked(instance_id):
            store_expectation(self._project, instance_id, proposal, prior, proposer, record)

    def followed(self, record: InstanceRecord, proposer: Proposer) -> Made | None:
        """What all frames of the object's track have said together, as it is stored; None where
        it was not followed. proposer: who proposes now."""
        found = smoothed_proposal(self._project, record)
        return None if found is None else Made(found, found.given([]), proposer)

    def surer(self, known: Proposal, answer: Made) -> Made:
        """The answer of a frame alone, or the known proposal where that was followed and claims to
        err less: what is accepted before the track's frames have been looked at anew is no worse
        than it was then."""
        if known.backend != TRACKING:
            return answer
        scheme, prior = self._project.scheme, known.given([])
        then, now = (each.predicted_error(scheme, known.box) for each in (prior, answer.prior))
        return Made(known, prior, answer.maker) if then < now else answer

    def _is_checked(self, instance_id: int) -> bool:
        project = self._project
        newest = project.newest_certificate(PROPOSED)
        if newest != (None if self._certificate is None else self._certificate.id):
            self._certificate = found = project.certificate(PROPOSED)
            self._checked = frozenset(i for i, _ in found.batch) if found else frozenset()
        certificate = self._certificate
        if certificate is None or instance_id not in self._checked:
            return False
        if certificate.scheme_id != project.stored_scheme.id:
            return False
        return all(entry.at <= certificate.at for entry in project.journal(instance_id))
