"""annotator import: images and labels into a project."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.options import (
    AsJson,
    ProjectFolder,
    Strict,
    confirm_typed,
    images_place,
    path_named,
)
from landmark_annotator.annotator.cli.support.output import answer, counted, note

if TYPE_CHECKING:
    from landmark_annotator.projects.exchange import Unreadable

_SHOWN = 20
"""Problems that are listed one by one; a script gets all of them with --json."""


def import_labels(
    project: ProjectFolder,
    source: Annotated[
        Path,
        typer.Argument(
            help="A folder of images or its address (s3://, https://, sftp://), or a label file.",
            show_default=False,
            parser=images_place,
        ),
    ],
    format: Annotated[
        str | None,
        typer.Option(
            help="Found out where not given. Such as coco or pts; `annotator formats` lists all."
        ),
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            parser=path_named,
            help="The folder that image names in a label file start from.",
        ),
    ] = None,
    annotator: Annotated[
        str | None,
        typer.Option(help="Whose labels to take of a file with several people's."),
    ] = None,
    scheme: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="MAPPING",
            help="The labels have other landmarks: mafl5, aflw19, cofw29 or a mapping file.",
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="OURS=THEIRS,...",
            help="Which column of a table is which, such as 'image=Filename,{}.x={}_X,{}.y={}_Y' "
            "with {} for a landmark's name; --dry-run shows what comes of it.",
        ),
    ] = None,
    as_proposals: Annotated[
        bool,
        typer.Option(
            "--as-proposals", help="Predictions of another program: a person confirms them first."
        ),
    ] = False,
    whole_image: Annotated[
        bool,
        typer.Option(
            "--whole-image",
            help="The box of an image without labels is all of it, as in a crop; also of labels of "
            "one landmark, which shows no size.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would happen; write nothing.")
    ] = False,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Add images and labels to a project. Doing it again changes nothing.

    What cannot be read is reported and left out; the rest is imported. Tables, COCO, pts and
    labelme may be of any size; other formats are read whole. Stopped with Ctrl+C, what came in
    stays, and doing it again goes on. `annotator imports` takes a wrong file back.

    Example: annotator import faces photographs/
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_read, open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.exchange import label_import
    from landmark_annotator.projects import exchange
    from landmark_annotator.projects.store.people.rights import IMPORT

    confirm_typed(source)
    if as_proposals and (dry_run or whole_image or annotator is not None or columns is not None):
        raise typer.BadParameter(
            "goes with none of --dry-run, --whole-image, --columns and --annotator",
            param_hint="--as-proposals",
        )
    if as_proposals:
        _import_proposals(project, source, format, images, scheme, strict, as_json)
        return
    opening = open_to_read(project) if dry_run else open_to_write(project, much=True, deed=IMPORT)
    with opening as opened, ProgressBar() as progress:
        report = label_import.import_labels(
            opened,
            source,
            who=annotator or who(),
            by=who(),
            format=format,
            images=images,
            annotator=annotator,
            progress=progress,
            dry_run=dry_run,
            whole_images=whole_image,
            columns=columns,
            mapping=None if scheme is None else exchange.mapping_for(scheme, opened.scheme),
        )
    related = ""
    if report.images_added and not dry_run and not report.cancelled:
        from landmark_annotator.annotator.session.setup.related_images import found_by_itself

        related = found_by_itself(project)
    facts = {
        "dry_run": dry_run,
        "added": report.added,
        "filled": report.filled,
        "boxed": report.boxed,
        "masked": report.masked,
        "unchanged": report.unchanged,
        "excluded": report.excluded,
        "differing": report.differing_sources,
        "images_added": report.images_added,
        "unreadable": [{"path": entry.path, "reason": entry.reason} for entry in report.unreadable],
        "copies": [{"path": entry.path, "reason": entry.reason} for entry in report.copies],
        "related": related or None,
        "notes": report.notes,
        "cancelled": report.cancelled,
    }
    text = (
        f"{'Would add' if dry_run else 'Added'} {counted(report.added, 'instance')} and "
        f"{counted(report.images_added, 'image')}; "
        f"{counted(report.unchanged - len(report.copies), 'was', 'were')} there already."
    )
    if report.filled:
        text += f"\n{_of_waiting(report.filled - report.boxed, report.boxed, dry_run=dry_run)}"
    if report.masked:
        there = counted(report.masked, "instance that is there", "instances that are there")
        text += f"\n{'Would bring' if dry_run else 'Brought'} masks to {there}."
    if report.differing_sources:
        text += (
            f"\n{counted(report.differing, 'instance has', 'instances have')} another shape in the "
            f"project, which {'stays' if dry_run else 'was kept'}."
        )
    answer(facts, text, as_json=as_json)
    for line in report.notes:
        note(line)
    if related:
        note(related)
    _tell_left_out(report.unreadable, "could not be read and {} left out", dry_run=dry_run)
    _tell_left_out(report.copies, "{} left out as copies", dry_run=dry_run)
    if report.cancelled:
        kept = "Nothing was written." if dry_run else "What is listed above is in the project."
        note(f"Stopped before the end. {kept}")
        raise typer.Exit(ExitCode.INTERRUPTED)
    usable = report.added + report.filled + report.unchanged + report.differing + report.masked
    if report.unreadable and usable == 0:
        raise typer.Exit(ExitCode.UNUSABLE)
    if strict and (report.unreadable or report.differing_sources):
        raise typer.Exit(ExitCode.INCOMPLETE)


def _of_waiting(labelled: int, boxed: int, *, dry_run: bool) -> str:
    """Of images that were there without labels."""
    waits, many = ("waits", "images that wait") if dry_run else ("waited", "images that waited")
    words = ("label", "box") if dry_run else ("labelled", "boxed")
    counts = zip(words, (labelled, boxed), strict=True)
    did = " and ".join(
        f"{verb} {counted(count, f'image that {waits}', many)}" for verb, count in counts if count
    )
    told = f"Would {did}" if dry_run else f"{did[:1].upper()}{did[1:]}"
    return f"{told} for labels."


def _import_proposals(
    folder: Path,
    source: Path,
    format: str | None,
    images: Path | None,
    scheme: str | None,
    strict: bool,
    as_json: bool,
) -> None:
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.exchange import label_import
    from landmark_annotator.projects import exchange
    from landmark_annotator.projects.store.people.rights import IMPORT_PROPOSALS

    opening = open_to_write(folder, much=True, deed=IMPORT_PROPOSALS)
    with opening as opened, ProgressBar() as progress:
        report = label_import.import_proposals(
            opened,
            source,
            who=who(),
            format=format,
            images=images,
            mapping=None if scheme is None else exchange.mapping_for(scheme, opened.scheme),
            progress=progress,
        )
    facts = {
        "proposed": report.proposed,
        "boxes": report.boxes,
        "added": report.added,
        "images_added": report.images_added,
        "accepted": report.accepted,
        "excluded": report.excluded,
        "unreadable": [{"path": entry.path, "reason": entry.reason} for entry in report.unreadable],
        "notes": report.notes,
        "cancelled": report.cancelled,
    }
    text = (
        f"{counted(report.proposed, 'proposal')} for a person to confirm; "
        f"{counted(report.added, 'instance')} and {counted(report.images_added, 'image')} are new."
    )
    if report.boxes:
        text += f"\n{counted(report.boxes, 'box', 'boxes')} came in: annotator propose goes on."
    if report.accepted:
        were = counted(report.accepted, "proposal was", "proposals were")
        text += f"\n{were} left out: of instances that are accepted already."
    answer(facts, text, as_json=as_json)
    for line in report.notes:
        note(line)
    _tell_left_out(report.unreadable, "could not be read and {} left out")
    if report.cancelled:
        note("Stopped before the end. What is listed above is in the project.")
        raise typer.Exit(ExitCode.INTERRUPTED)
    if report.unreadable and report.proposed + report.boxes + report.accepted == 0:
        raise typer.Exit(ExitCode.UNUSABLE)
    if strict and report.unreadable:
        raise typer.Exit(ExitCode.INCOMPLETE)


def _tell_left_out(entries: "list[Unreadable]", why: str, *, dry_run: bool = False) -> None:
    """why: with {} where the verb belongs. What to do about several missing images is said once."""
    from landmark_annotator.projects.exchange.transfer.missing_images import told_once
    from landmark_annotator.projects.remote import shown

    reasons, missing = told_once([entry.reason for entry in entries])
    if entries:
        verb = "would be" if dry_run else "was" if len(entries) == 1 else "were"
        note(f"{len(entries):,} {why.format(verb)}:")
    for entry, reason in zip(entries[:_SHOWN], reasons, strict=False):
        note(f"    {shown(entry.path)}: {reason}")
    if len(entries) > _SHOWN:
        note(f"    and {len(entries) - _SHOWN:,} more; --json lists all.")
    if missing:
        note(
            f"{missing:,} of them are missing. Put the files there, or say where the images are: "
            "--images FOLDER."
        )
