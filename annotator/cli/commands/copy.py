"""annotator copy: a project with its history on a server, or from one in a folder."""

from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, counted, note


def copy(
    project: ProjectFolder,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="Of the copy: new, or without anything.", show_default=False
        ),
    ],
    store: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="An empty database for the copy, postgresql://HOST/DATABASE: several people can "
            "work on it. By default the folder has it.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy a project with all labels, clicks, reviews and models: to a server, or back from one.

    The project itself stays as it is, also where an earlier version of the program has made it;
    whoever goes on in it works on something else than the copy. Images are not copied: the copy
    names them where they are.

    Example: annotator copy faces shared_faces --store postgresql://lab.example.org/faces
    """
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.models.library import copy_models
    from landmark_annotator.projects.store.safety.copying import copy_project

    with ProgressBar() as progress:
        copied = copy_project(project, folder, store, progress)
    models = copy_models(project, folder)
    where = "" if store is None else f", in the database {copied.place}"
    facts = {
        "project": folder.absolute(),
        "database": None if store is None else copied.place,
        "rows": copied.rows,
        "models": models,
        "older_schema": copied.older or None,
    }
    before = "" if copied.migration else f" {project} is as before."
    if copied.older:
        before = f" {project} is as before, with its older schema; the copy has the newest one."
    answer(facts, f"{folder} is a copy of {project}{where}.{before}", as_json=as_json)
    if copied.migration is not None:
        note(copied.migration.told)
    if copied.inside:
        lies = "lies" if copied.inside == 1 else "lie"
        note(
            f"{counted(copied.inside, 'file')} of the copy {lies} in {project}: whoever works "
            "elsewhere needs them too, see annotator locate."
        )
    if copied.without_rights is not None:
        note(f"Only your login can work in it yet: {copied.without_rights}")
