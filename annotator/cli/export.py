"""annotator export: the labels of a project into files for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.exit_codes import ExitCode
from annotator.cli.options import AsJson, ProjectFolder, Strict
from annotator.cli.output import answer, counted, note


def export(
    project: ProjectFolder,
    target: Annotated[
        Path,
        typer.Argument(
            metavar="OUT", help="The file to write; a folder for formats with a file an image."
        ),
    ],
    format: Annotated[
        str,
        typer.Option(
            help="Such as coco, csv or pts; any other word lists all.", show_default=False
        ),
    ],
    all_labels: Annotated[
        bool, typer.Option("--all", help="Also shapes that are not accepted yet.")
    ] = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Write the accepted shapes for other programs.

    Example: annotator export faces faces.json --format coco
    """
    from annotator.cli.progress_bar import ProgressBar
    from projects.exchange import export_labels
    from projects.store import Project

    with Project.open(project, read_only=True) as opened, ProgressBar() as progress:
        report = export_labels(
            opened, target, format=format, include_unaccepted=all_labels, progress=progress
        )
        total = len(opened.instances())
    if progress.cancelled():
        note("Stopped: nothing was written.")
        raise typer.Exit(ExitCode.INTERRUPTED)
    facts = {
        "target": target.absolute(),
        "format": format,
        "instances": report.instances,
        "images": report.images,
        "notes": report.notes,
    }
    instances, images = counted(report.instances, "instance"), counted(report.images, "image")
    answer(facts, f"Wrote {instances} of {images} to {target}.", as_json=as_json)
    for line in report.notes:
        note(line)
    if strict and report.instances < total:
        raise typer.Exit(ExitCode.INCOMPLETE)
