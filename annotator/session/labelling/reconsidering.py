"""What a model is asked once people have placed landmarks of the open instance."""

from dataclasses import dataclass

from landmark_annotator.annotator.session.labelling.contours import evidence_of
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.backends.shapes import Proposal
from landmark_annotator.backends.shapes.rules import MIXTURE
from landmark_annotator.projects.store import InstanceState
from landmark_annotator.projects.vocabulary import Evidence


@dataclass(frozen=True, eq=False)
class Question:
    """first: what is proposed without the evidence. See `Proposer.reconsider`."""

    first: Proposal
    evidence: list[Evidence]

    def same(self, other: "Question | None") -> bool:
        """Whether the answer to both is one."""
        return other is not None and self.first is other.first and self._said == other._said

    @property
    def _said(self) -> list[tuple[int, bytes, bytes]]:
        said = [(e.landmark, e.position.tobytes(), e.covariance.tobytes()) for e in self.evidence]
        return sorted(said)


def question(session: LabellingSession) -> Question | None:
    """None where nobody has placed a landmark of the open instance, or where the others do not
    follow a model's proposal."""
    first, now = session.proposal, session.now
    if first is None or now is None or now.brought is not None:
        return None
    if now.record.state is InstanceState.ACCEPTED or session.belief.rule is not MIXTURE:
        return None
    evidence = evidence_of(now.shape, first)
    return Question(first, evidence) if evidence else None
