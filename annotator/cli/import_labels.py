"""annotator import: images and labels into a project."""

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.exit_codes import ExitCode
from annotator.cli.options import AsJson, ProjectFolder, Strict
from annotator.cli.output import answer, counted, note

_SHOWN = 20
"""Problems that are listed one by one; a script gets all of them with --json."""


def import_labels(
    project: ProjectFolder,
    source: Annotated[
        Path, typer.Argument(help="A folder of images, or a label file.", show_default=False)
    ],
    format: Annotated[
        str | None,
        typer.Option(
            help="Found out where not given. Such as coco or pts; any other word lists all."
        ),
    ] = None,
    images: Annotated[
        Path | None, typer.Option(help="The folder that image names in a label file start from.")
    ] = None,
    annotator: Annotated[
        str | None, typer.Option(help="Whose rows to take of a table with several annotators.")
    ] = None,
    scheme: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="MAPPING",
            help="The labels have other landmarks: faces5, faces19, faces29 or a mapping file.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would happen; write nothing.")
    ] = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Add images and labels to a project. Doing it again changes nothing.

    What cannot be read is reported and left out; the rest is imported.

    Example: annotator import faces photographs/
    """
    from annotator.cli.person import who
    from annotator.cli.progress_bar import ProgressBar
    from projects import exchange
    from projects.store import Project

    with Project.open(project, read_only=dry_run) as opened, ProgressBar() as progress:
        report = exchange.import_labels(
            opened,
            source,
            who=who(),
            format=format,
            images=images,
            annotator=annotator,
            progress=progress,
            dry_run=dry_run,
            mapping=None if scheme is None else exchange.mapping_for(scheme, opened.scheme),
        )
    facts = {
        "dry_run": dry_run,
        "added": report.added,
        "filled": report.filled,
        "unchanged": report.unchanged,
        "differing": report.differing_sources,
        "images_added": report.images_added,
        "unreadable": [{"path": entry.path, "reason": entry.reason} for entry in report.unreadable],
        "notes": report.notes,
        "cancelled": report.cancelled,
    }
    text = (
        f"{'Would add' if dry_run else 'Added'} {counted(report.added, 'instance')} and "
        f"{counted(report.images_added, 'image')}; {report.unchanged:,} were there already."
    )
    if report.filled:
        waiting = counted(report.filled, "image that waits", "images that wait")
        done = counted(report.filled, "image that waited", "images that waited")
        text += f"\n{f'Would label {waiting}' if dry_run else f'Labelled {done}'} for labels."
    if report.differing_sources:
        text += (
            f"\n{counted(report.differing, 'instance')} had been changed in the project since; "
            f"the project's own shapes {'stay' if dry_run else 'were kept'}."
        )
    answer(facts, text, as_json=as_json)
    for line in report.notes:
        note(line)
    if report.unreadable:
        left_out = "would be" if dry_run else "were"
        note(f"{len(report.unreadable):,} could not be read and {left_out} left out:")
        for entry in report.unreadable[:_SHOWN]:
            note(f"    {entry.path}: {entry.reason}")
        if len(report.unreadable) > _SHOWN:
            note(f"    and {len(report.unreadable) - _SHOWN:,} more; --json lists all.")
    if report.cancelled:
        kept = "Nothing was written." if dry_run else "What is listed above is in the project."
        note(f"Stopped before the end. {kept}")
        raise typer.Exit(ExitCode.INTERRUPTED)
    usable = report.added + report.filled + report.unchanged + report.differing
    if report.unreadable and usable == 0:
        raise typer.Exit(ExitCode.UNUSABLE)
    if strict and (report.unreadable or report.differing_sources):
        raise typer.Exit(ExitCode.INCOMPLETE)
