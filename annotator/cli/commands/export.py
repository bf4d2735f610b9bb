"""annotator export: the labels of a project into files for other programs."""

from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import (
    AsJson,
    ProjectFolder,
    Strict,
    path_named,
)
from landmark_annotator.annotator.cli.support.output import answer, counted, note


def export(
    project: ProjectFolder,
    target: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            help="The file to write; a folder for formats with a file an image.",
            parser=path_named,
        ),
    ],
    format: Annotated[
        str,
        typer.Option(
            help="Such as coco, csv or pts; `annotator formats` lists all.", show_default=False
        ),
    ],
    scheme: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="MAPPING",
            help="Write other landmarks: mafl5, aflw19, cofw29 or a mapping file.",
        ),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            help="Percentages such as 80/10/10: one export each for train, validation and test."
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option(
            help="Images stay together whose path agrees in this regular expression, such as "
            r"'(.+)_\d+'; or the word folder."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of a split: the same seed, the same parts.")] = 0,
    all_labels: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Also boxes and shapes that are not accepted yet, without what is only proposed.",
        ),
    ] = False,
    annotator: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only the labels of this person.")
    ] = None,
    consensus: Annotated[
        bool,
        typer.Option(
            "--consensus",
            help="One shape an object from all people's labels, by how well each places.",
        ),
    ] = False,
    by_people: Annotated[
        bool,
        typer.Option("--by-people", help="Without shapes that were accepted by rule."),
    ] = False,
    frames: Annotated[
        bool,
        typer.Option("--frames", help="Write labelled frames of videos as PNG files beside it."),
    ] = False,
    images: Annotated[
        str,
        typer.Option(
            metavar="HOW",
            help="Photographs of elsewhere: movable (copied where the format names them), copy or "
            "link all into the export, or name them where they are: relative, absolute.",
        ),
    ] = "movable",
    images_root: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            parser=path_named,
            help="Image names start from it: for programs that ask for a folder of images.",
        ),
    ] = None,
    shard_size: Annotated[
        float | None,
        typer.Option(
            metavar="MB",
            help="Of each file, by webdataset and huggingface.",
            show_default="500",
        ),
    ] = None,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Write the accepted shapes for other programs.

    Example: annotator export faces faces.json --format coco
    """
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.exchange.export_choice import (
        ExportChoice,
        export_as_chosen,
    )
    from landmark_annotator.projects.exchange.transfer.image_files import ImagesAs

    if group is not None and split is None:
        raise typer.BadParameter("groups are for a split: add --split", param_hint="--group")
    if annotator is not None and consensus:
        raise typer.BadParameter("goes not with --annotator", param_hint="--consensus")
    if images_root is not None and images == ImagesAs.MOVABLE:
        images = ImagesAs.RELATIVE
    if images not in [*ImagesAs]:
        raise typer.BadParameter(f"one of {', '.join(ImagesAs)}", param_hint="--images")
    choice = ExportChoice(
        format,
        target,
        scheme,
        split,
        group,
        seed,
        all_labels,
        frames,
        annotator,
        consensus,
        by_people,
        ImagesAs(images),
        images_root,
        shard_size,
        who(),
    )
    with open_to_read(project) as opened, ProgressBar() as progress:
        report = export_as_chosen(opened, choice, progress)
        total = opened.instance_count()
    if report.sheet is None:
        note("Stopped before the end. Nothing was written.")
        raise typer.Exit(ExitCode.INTERRUPTED)
    facts = {
        "target": target.absolute(),
        "format": format,
        "instances": report.instances,
        "images": report.images,
        "parts": {
            name: {
                "target": report.files[name].absolute(),
                "instances": part.instances,
                "images": part.images,
            }
            for name, part in report.parts.items()
        },
        "data_sheet": report.sheet,
        "notes": report.notes,
    }
    lines = [
        f"Wrote {counted(part.instances, 'instance')} of {counted(part.images, 'image')} to "
        f"{report.files[name]}."
        for name, part in report.parts.items()
    ]
    answer(facts, "\n".join(lines), as_json=as_json)
    note(f"What is in it is described in {report.sheet}.")
    for line in report.notes:
        note(line)
    if strict and (report.instances + report.merged < total or report.images_missing):
        raise typer.Exit(ExitCode.INCOMPLETE)
