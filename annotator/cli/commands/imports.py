"""annotator imports: the imports of labels and boxes, and taking one back."""

from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, columns, counted


def imports(
    project: ProjectFolder,
    take_back: Annotated[
        int | None,
        typer.Option(
            "--take-back",
            metavar="NUMBER",
            help="Take back all labels and boxes of this one that nobody has changed since.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show which files of labels or boxes were imported, or take back a wrong one.

    What people have changed, accepted, judged or left out since stays as it is.
    Images stay, and wait for labels: the right file can be imported next. One
    Ctrl+Z in the window brings back what was taken.

    Example: annotator imports faces --take-back 1204
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_read, open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.exchange.taken_back import (
        take_back_import,
        taken_back_text,
    )
    from landmark_annotator.projects.store import ActionKind

    if take_back is not None:
        opening = open_to_write(project, much=True, deed=ActionKind.TAKE_BACK)
        with opening as opened, ProgressBar() as progress:
            done = take_back_import(opened, take_back, who=who(), progress=progress)
        facts = {"taken_back": done.taken, "stays": done.stays}
        answer(facts, taken_back_text(done), as_json=as_json)
        return
    with open_to_read(project) as opened:
        found = opened.imports()
    rows = [("number", "when", "who", "objects", "from")]
    rows += [
        (
            f"{one.number}",
            f"{one.at.astimezone():%Y-%m-%d %H:%M}",
            one.who,
            f"{one.labels:,}",
            one.name,
        )
        for one in found
    ]
    listed = [
        {
            "number": one.number,
            "at": one.at.isoformat(),
            "who": one.who,
            "objects": one.labels,
            "from": one.name,
        }
        for one in found
    ]
    none = "No labels or boxes were imported, or only by an earlier version of this program."
    order = ", the newest first" if len(found) > 1 else ""
    text = f"{columns(rows)}\n{counted(len(found), 'import')}{order}."
    answer({"imports": listed}, text if found else none, as_json=as_json)
