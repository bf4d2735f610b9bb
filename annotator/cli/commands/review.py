"""annotator review: what a reviewer should look at first."""

from typing import Annotated

import typer

from annotator.cli.support.options import AsJson, ProjectFolder
from annotator.cli.support.output import answer, columns, counted


def review(
    project: ProjectFolder,
    worst: Annotated[int, typer.Option(min=1, help="How many at most, the worst first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the accepted and the proposed shapes that wait for a reviewer, the worst first.

    By the error that the model expects; flagged ones come before all others. An arrow says: look
    at this one. The window's review page goes through them in the same order.

    Example: annotator review faces --worst 50
    """
    from annotator.session.review.authorship import labellers
    from annotator.session.review.review_session import review_queue
    from projects.store import InstanceState, Project

    with Project.open(project, read_only=True) as opened:
        queue = review_queue(opened)
        by = labellers(opened.journal())
        paths = {image.id: image.path for image in opened.images()}
    facts, rows = [], []
    for candidate in queue[:worst]:
        record, flag, earlier = candidate.record, candidate.flag, candidate.sent_back
        accepted = record.state is InstanceState.ACCEPTED
        error = record.predicted_error
        facts.append(
            {
                "instance": record.id,
                "image": paths[record.image_id],
                "state": "accepted" if accepted else "proposed",
                "by": by.get(record.id) if accepted else None,
                "predicted_error": error,
                "look": candidate.look,
                "flag": None if flag is None else {"who": flag.who, "comment": flag.comment},
                "sent_back": None
                if earlier is None
                else {"who": earlier.who, "comment": earlier.comment},
            }
        )
        said = [] if flag is None else [f"flagged by {flag.who}: {flag.comment}".rstrip(": ")]
        said += [] if earlier is None else [f"sent back by {earlier.who}: {earlier.comment}"]
        rows.append(
            (
                f"{'->' if candidate.look else '  '} {paths[record.image_id].name} #{record.id}",
                by.get(record.id, "") if accepted else "proposed",
                "-" if error is None else f"{error:.1f} %",
                "; ".join(said),
            )
        )
    text = f"{counted(len(queue), 'shape waits', 'shapes wait')} for a reviewer."
    if rows:
        table = columns([("   image and instance", "by", "expected", ""), *rows])
        text += f"\n{table}"
    if len(queue) > worst:
        text += f"\n{len(queue) - worst:,} more; --worst N lists more."
    answer({"waiting": len(queue), "worst": facts}, text, as_json=as_json)
