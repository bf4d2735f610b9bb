"""annotator review: what a reviewer should look at first, and verdicts by list."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder, Strict
from landmark_annotator.annotator.cli.support.output import answer, columns, counted, note

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.review.review_queue import Candidate
    from landmark_annotator.projects.store import Project
    from landmark_annotator.projects.vocabulary import Scheme


def review(
    project: ProjectFolder,
    worst: Annotated[int, typer.Option(min=1, help="How many at most, the worst first.")] = 20,
    accept: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Let pass what the file lists: an id, object or image a line."
        ),
    ] = None,
    send_back: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Send back what the file lists; needs --comment."),
    ] = None,
    comment: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What is to be corrected.")
    ] = None,
    of: Annotated[
        int | None,
        typer.Option(metavar="ID", help="Who placed each landmark of this object, when and how."),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Search for wrong labels also where few have changed.")
    ] = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """List the accepted, filled and proposed shapes that wait for a reviewer, the worst first.

    Accepted shapes are first searched for wrong labels, once 2 % of them have changed since the
    last search: each is judged by what has not learned from it, and the landmark that looks wrong
    is named. Proposals come by the error that the model expects, filled shapes by what it expects
    given the clicks, and flagged ones before all others. An arrow says: look at this one. The
    window's review page goes through them in the same order. With --accept or --send-back, what a
    list names gets the verdict, each as one step that can be undone.

    Example: annotator review faces --worst 50
    """
    if accept is not None and send_back is not None:
        raise typer.BadParameter("give one of the two lists", param_hint="--accept")
    if (send_back is None) != (comment is None):
        raise typer.BadParameter("a comment goes with --send-back", param_hint="--comment")
    listed = accept or send_back
    if of is not None:
        if listed is not None:
            raise typer.BadParameter("goes not with a list", param_hint="--of")
        _tell_history(project, of, as_json)
        return
    if listed is not None:
        _judge(project, listed, comment, strict, as_json)
    else:
        _list(project, worst, anew, as_json)


def _judge(folder: Path, listed: Path, comment: str | None, strict: bool, as_json: bool) -> None:
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.text_lines import text_lines
    from landmark_annotator.annotator.session.review.listed_verdicts import (
        instances_listed,
        judge_listed,
    )

    lines = text_lines(listed)
    with open_to_write(folder) as opened:
        done = judge_listed(opened, instances_listed(opened, lines), comment, who=who())
    count = counted(len(done.instances), "shape")
    answer(
        {"judged": done.instances, "refused": done.refused},
        f"{count} let pass." if comment is None else f"{count} sent back.",
        as_json=as_json,
    )
    for line in done.refused:
        note(line)
    if strict and done.refused:
        raise typer.Exit(ExitCode.INCOMPLETE)


def _tell_history(folder: Path, instance_id: int, as_json: bool) -> None:
    from landmark_annotator.annotator.cli.reports.history_report import history_report
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.session.review.review_session import ReviewSession
    from landmark_annotator.projects.vocabulary.errors import NotAllowed

    with open_to_read(folder) as opened:
        if opened.is_hidden_from(instance_id, who()):
            raise NotAllowed(
                "Two people label this object without seeing each other's labels.",
                remedy="Ask again once both are done.",
            )
        seen = ReviewSession(opened, who=who()).open(instance_id)
        facts, text = history_report(seen, opened.scheme)
    answer(facts, text, as_json=as_json)


def _list(folder: Path, worst: int, anew: bool, as_json: bool) -> None:
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.evaluation.label_audit import (
        MANY_CHANGED,
        audit_labels,
        changed_since,
    )
    from landmark_annotator.annotator.session.review.review_queue import review_queue
    from landmark_annotator.annotator.session.review.row_names import row_names
    from landmark_annotator.annotator.session.setup.missing_files import missing_files, told

    with open_to_read(folder) as opened:
        changed = changed_since(opened)
        due = changed > (0.0 if anew else MANY_CHANGED)
        missing = missing_files(opened) if due else []
        if due:
            with ProgressBar() as progress:
                audit_labels(opened, progress)
                progress.stop_late()
        queue = review_queue(opened, worst)
        made = opened.labellings([candidate.record.id for candidate in queue.first])
        by = {instance: label.who for instance, label in made.items()}
        names = row_names(opened, [candidate.record.id for candidate in queue.first])
        shown = [_facts(opened, candidate, by, names) for candidate in queue.first]
    text = f"{counted(queue.waiting, 'shape waits', 'shapes wait')} for a reviewer."
    if shown:
        rows = [("   image and object", "id", "by", "expected", ""), *map(_row, shown)]
        text += f"\n{columns(rows)}"
    if queue.waiting > worst:
        text += f"\n{queue.waiting - worst:,} more; --worst N lists more."
    answer({"waiting": queue.waiting, "worst": shown}, text, as_json=as_json)
    if changed and not due:
        note(
            f"{100 * changed:.1g} % of the accepted shapes have changed since the last search for "
            "wrong labels and are listed without: --anew searches again."
        )
    if missing:
        note(
            f"{told(missing)} Labels there are judged by the other shapes alone; `annotator "
            "locate` finds files that were moved."
        )


def _facts(
    project: "Project", candidate: "Candidate", by: dict[int, str], names: dict[int, str]
) -> dict[str, Any]:
    from landmark_annotator.projects.images.source import image_name
    from landmark_annotator.projects.store import InstanceState

    record, flag, earlier = candidate.record, candidate.flag, candidate.sent_back
    image = project.image(record.image_id)
    accepted = record.state is InstanceState.ACCEPTED
    others = "proposed" if record.state is InstanceState.UNTOUCHED else record.state.value
    return {
        "instance": record.id,
        "image": image.path,
        "frame": image.frame,
        "name": image_name(image),
        "object": names[record.id],
        "state": "filled" if candidate.filled and not accepted else others,
        "by": by.get(record.id) if accepted else None,
        "predicted_error": candidate.expected,
        "look": candidate.look,
        "flag": None if flag is None else {"who": flag.who, "comment": flag.comment},
        "sent_back": None if earlier is None else {"who": earlier.who, "comment": earlier.comment},
        "suspicion": _suspicion(candidate, project.scheme),
        "beside": candidate.beside,
    }


def _suspicion(candidate: "Candidate", scheme: "Scheme") -> dict[str, Any] | None:
    found = candidate.suspicion
    if found is None:
        return None
    return {
        "score": round(found.score, 3),
        "kind": found.kind,
        "landmarks": [scheme.landmarks[i] for i in found.landmarks],
        "percent": None if found.percent is None else round(found.percent, 2),
        "sentence": found.sentence(scheme),
    }


def _row(facts: dict[str, Any]) -> tuple[str, ...]:
    flag, earlier, found = facts["flag"], facts["sent_back"], facts["suspicion"]
    said = []
    if facts["beside"]:
        whose = " and ".join(facts["beside"])
        said.append(f"{whose} made another shape of it at the same time: choose in the window")
    if flag is not None:
        said.append(f"flagged by {flag['who']}: {flag['comment']}".rstrip(": "))
    if earlier is not None:
        said.append(f"sent back by {earlier['who']}: {earlier['comment']}")
    if found is not None and found["sentence"]:
        said.append(found["sentence"])
    error = facts["predicted_error"]
    return (
        f"{'->' if facts['look'] else '  '} {facts['object']}",
        str(facts["instance"]),
        (facts["by"] or "") if facts["state"] == "accepted" else facts["state"],
        "-" if error is None else f"{error:.1f} %",
        "; ".join(said),
    )
