"""What is to be seen to: open flags, and what a reviewer sent back."""

from collections.abc import Collection
from dataclasses import dataclass

from landmark_annotator.projects.store import (
    Flag,
    InstanceState,
    Project,
    Review,
    Verdict,
)


@dataclass(frozen=True)
class Remark:
    """text: who said what. flagged: an open flag; otherwise it was only sent back."""

    text: str
    flagged: bool


def remarks(project: Project, instance_ids: Collection[int] | None = None) -> dict[int, Remark]:
    """By instance, of these or of all; those of which nothing is said are not in it.

    A flag that is resolved, and what was sent back and is accepted again, is seen to.
    """
    if instance_ids is None:
        with project.snapshot():
            sent_back = project.reviews(verdict=Verdict.SENT_BACK)
            instance_ids = sent_back.keys() | project.flags().keys()
            marked = project.marked(sorted(instance_ids))
    else:
        marked = project.marked(instance_ids)
    found = {i: _remark(*said) for i, said in marked.items()}
    return {i: remark for i, remark in found.items() if remark is not None}


def _remark(state: InstanceState, flag: Flag | None, review: Review | None) -> Remark | None:
    said = []
    flagged = flag is not None and flag.resolved_by is None
    if flag is not None and flagged:
        said.append(f"flagged by {flag.who}: {flag.comment}".removesuffix(": "))
    sent_back = review is not None and review.verdict is Verdict.SENT_BACK
    if review is not None and sent_back and state is not InstanceState.ACCEPTED:
        said.append(f"sent back by {review.who}: {review.comment}")
    return Remark("; ".join(said), flagged) if said else None
