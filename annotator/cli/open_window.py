"""annotator open: the window."""

import typer

from annotator.cli.options import ProjectFolder


def open_window(project: ProjectFolder) -> None:
    """Open the window on a project and label.

    Example: annotator open faces
    """
    from annotator.cli.window import gui, run_window
    from projects.vocabulary import ActionableError

    if not gui("app").has_display():
        raise ActionableError(
            "There is no display here to show a window on.",
            remedy="Run it on a desktop, or with X forwarding (ssh -X). "
            "Without a display: annotator demo --screenshot FILE.",
        )
    raise typer.Exit(run_window(project))
