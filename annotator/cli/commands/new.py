"""annotator new: make a project."""

import shlex
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.options import (
    AsJson,
    ProjectFolder,
    confirm_typed,
    images_place,
)
from landmark_annotator.annotator.cli.support.output import answer, counted, note
from landmark_annotator.annotator.cli.support.region_option import RegionsOption, read_region_option


def new(
    project: ProjectFolder,
    images: Annotated[
        Path | None,
        typer.Argument(
            help="A folder of images to begin with, or its address: s3://, https://, sftp://.",
            show_default=False,
            parser=images_place,
        ),
    ] = None,
    *,
    scheme: Annotated[
        str,
        typer.Option(
            help="A built-in scheme such as face68, or the path of a scheme file, of a text file "
            "(.txt) with the name of one landmark on each line, or of labels that name their "
            "landmarks: those of SLEAP, DeepLabCut, COCO, CVAT, labelme or 3D Slicer, a template "
            "of WebMorph, or a table.",
            show_default=False,
        ),
    ],
    name: Annotated[
        str | None,
        typer.Option(
            help="What the project is called. Default: the folder's name, or, of an address in its "
            "place, the database's."
        ),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            help="Weights to start from. Default: those that come for the scheme. heads68 are for "
            "the same faces as face68, and have learned from rendered heads alone."
        ),
    ] = None,
    mm_per_pixel: Annotated[
        float | None,
        typer.Option(metavar="MM", help="What a pixel measures: errors are told in mm too."),
    ] = None,
    regions: RegionsOption = None,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="A database for several people, postgresql://HOST/DATABASE: the folder then has "
            "images and models alone. No password: ~/.pgpass, a service or $PGPASSWORD has it.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a project: a folder with a database for the shapes and every click.

    Of a project given by its address (postgresql://HOST/DATABASE) the database is there; --store
    says the same of a folder that you choose.

    Example: annotator new faces --scheme face68
    """
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.models.starting_weights import (
        check_weights,
        start_from_weights,
    )
    from landmark_annotator.projects.exchange import import_labels, scheme_from
    from landmark_annotator.projects.exchange.codecs.common.files import refuse_missing
    from landmark_annotator.projects.remote import address_of, shown
    from landmark_annotator.projects.store import Project
    from landmark_annotator.projects.store.engine.address import addressed
    from landmark_annotator.projects.store.rows.pixel_sizes import refuse_impossible
    from landmark_annotator.projects.vocabulary import Scheme
    from landmark_annotator.projects.vocabulary.errors import ProjectError
    from landmark_annotator.projects.vocabulary.scheme import built_in_names

    confirm_typed(images)
    if images is not None and address_of(images) is None:
        refuse_missing(images)  # before there is a project, which a second try would stumble over
    path = Path(scheme)
    # Labels can be a folder too: a whole project of DeepLabCut, as it is imported.
    is_path = path.suffix.lower() in (".toml", ".json", ".txt") or path.is_file()
    is_path = is_path or (path.is_dir() and scheme not in built_in_names())
    if not is_path and (path.suffix or path.name != scheme):
        refuse_missing(path)
    landmarks = scheme_from(path) if is_path else Scheme.named(scheme)
    if regions is not None:
        landmarks = replace(landmarks, regions=read_region_option(regions))
    if weights is not None:
        check_weights(weights, landmarks)
    refuse_impossible(mm_per_pixel)
    if images is not None and Project.is_project(project):
        # As after one that ended in the middle of its images.
        add = shlex.join(("annotator", "import", str(project), shown(images)))
        raise ProjectError(
            f"{project} already is a project.",
            kept="Nothing was changed.",
            remedy=f"Add the images to it: {add}. Or choose another folder.",
        )
    with nullcontext() if store is None else addressed(project, store):
        opened = Project.create(project, landmarks, name)
    with opened as made:
        if weights is not None:
            start_from_weights(made, weights)
        if mm_per_pixel is not None:
            made.keep_pixel_size(mm_per_pixel, None, who=who())
        facts = {
            "project": made.folder,
            "name": made.name,
            "scheme": landmarks.name,
            "landmarks": len(landmarks),
            "regions": [region.name for region in landmarks.regions],
        }
        parts = f", {counted(len(landmarks.regions), 'region')}" if landmarks.regions else ""
        said = (
            f"Made the project {made.folder} with the scheme {landmarks.name} "
            f"({counted(len(landmarks), 'landmark')}{parts})."
        )
        next_step = f"Next: annotator import {shlex.quote(str(project))} IMAGES"
        if images is None:
            answer(facts, f"{said}\n{next_step}", as_json=as_json)
            return
        with ProgressBar() as progress:
            report = import_labels(made, images, who=who(), format="images", progress=progress)
    facts |= {
        "images_added": report.images_added,
        "unreadable": [{"path": entry.path, "reason": entry.reason} for entry in report.unreadable],
    }
    left_out = len(report.unreadable)
    said += f"\nAdded {counted(report.images_added, 'image')}"
    if not (report.images_added or left_out or report.cancelled):
        said += f": there are none in {shown(images)}.\n{next_step}"
    else:
        said += f"; {left_out:,} cannot be read." if left_out else "."
    answer(facts, said, as_json=as_json)
    for each in report.notes:
        note(each)
    if left_out:
        note(f"Which and why: annotator import {shlex.join((str(project), shown(images)))}")
    if report.cancelled:
        note("Stopped before the end. What came in is in the project.")
        raise typer.Exit(ExitCode.INTERRUPTED)
