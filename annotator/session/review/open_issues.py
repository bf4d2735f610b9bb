"""What is to be seen to: open flags, and what a reviewer sent back."""

from dataclasses import dataclass

from landmark_annotator.projects.store import Project, Verdict


@dataclass(frozen=True)
class Remark:
    """text: who said what. flagged: an open flag; otherwise it was only sent back."""

    text: str
    flagged: bool


def remarks(project: Project, instance_id: int | None = None) -> dict[int, Remark]:
    """By instance, of one or of all; those of which nothing is said are not in it.

    A flag that is resolved, and what was sent back and is accepted again, is seen to.
    """
    found = {}
    for i, review in project.reviews(instance_id, verdict=Verdict.SENT_BACK).items():
        if project.instance(i).state != "accepted":
            found[i] = Remark(f"sent back by {review.who}: {review.comment}", False)
    for i, flag in project.flags(instance_id).items():
        if flag.resolved_by is None:
            said = f"flagged by {flag.who}: {flag.comment}".removesuffix(": ")
            text = f"{said}; {found[i].text}" if i in found else said
            found[i] = Remark(text, True)
    return found
