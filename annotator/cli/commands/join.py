"""annotator join: a folder of one's own for a shared project."""

from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson
from landmark_annotator.annotator.cli.support.output import answer, counted, note


def join(
    address: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS",
            help="postgresql://USER@HOST:PORT/DATABASE, without a password.",
            show_default=False,
        ),
    ],
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="Where the images are, or will be.", show_default=False
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Work on a shared project from a folder of your own, with its images in it.

    Images that the project names within its folder are looked for within this one. The folder gets
    a file with the address; whoever opens the folder opens the project.

    Example: annotator join postgresql://ada@lab.example.org/faces faces
    """
    from landmark_annotator.annotator.session.setup.joined_project import join_project

    joined = join_project(address, folder)
    facts = {"project": joined.folder, "name": joined.name, "images": joined.images}
    text = f"{joined.folder} is now the project {joined.name}, "
    text += f"{counted(joined.images, 'image')}."
    answer({**facts, "missing": joined.missing}, text, as_json=as_json)
    if joined.migration is not None:
        note(joined.migration.told)
    if joined.missing:
        note(f"{joined.told} {joined.remedy}")
