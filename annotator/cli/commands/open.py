"""annotator open, and annotator alone: the window."""

from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import project_folder


def open_window(
    project: Annotated[
        Path | None,
        typer.Argument(
            help="The project's folder, or the address of a shared one. Default: the start page.",
            show_default=False,
            parser=project_folder,
        ),
    ] = None,
) -> None:
    """Open the window on a project and label; without one, the start page.

    Example: annotator open faces
    """
    from landmark_annotator.annotator.cli.support.qt_loader import check_display, run_window

    check_display()
    raise typer.Exit(run_window(project))


def _tell_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"annotator {version('landmark-annotator')}")
        raise typer.Exit


def start(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", help="Tell the version.", is_eager=True, callback=_tell_version),
    ] = False,
) -> None:
    """Label landmarks with a model that knows how they belong together: a few clicks place all
    of them."""
    if context.invoked_subcommand is None:
        from landmark_annotator.annotator.cli.support.qt_loader import can_show, run_window

        if not can_show():
            typer.echo(context.get_help())
            raise typer.Exit
        raise typer.Exit(run_window(None))
