"""annotator propose: proposals for everything that is not accepted yet."""

import typer

from annotator.cli.support.exit_codes import ExitCode
from annotator.cli.support.options import AsJson, ProjectFolder, Strict
from annotator.cli.support.output import answer, counted, note


def propose(project: ProjectFolder, strict: Strict = False, as_json: AsJson = False) -> None:
    """Propose a shape for every instance that is not accepted, and say how sure it is.

    Example: annotator propose faces
    """
    from annotator.cli.support.opened_project import open_to_write
    from annotator.cli.support.progress_bar import ProgressBar
    from annotator.session.models.batch_proposals import propose_all

    with open_to_write(project) as opened, ProgressBar() as progress:
        done = propose_all(opened, progress)
    answer(
        {
            "proposed": done.count,
            "reason": done.reason,
            "without_box": done.without_box,
            "unreadable": done.unreadable,
        },
        f"{done.reason}\nProposed for {counted(done.count, 'instance')}.",
        as_json=as_json,
    )
    if done.without_box:
        note(f"{counted(done.without_box, 'instance')} need a box first: draw it in the window.")
    for line in done.unreadable:
        note(line)
    if progress.cancelled():
        note("Stopped before the end. What was proposed is stored.")
        raise typer.Exit(ExitCode.INTERRUPTED)
    if strict and (done.without_box or done.unreadable):
        raise typer.Exit(ExitCode.INCOMPLETE)
