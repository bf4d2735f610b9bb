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
    from landmark_annotator.projects.images import source_of
    from landmark_annotator.projects.store import Project
    from landmark_annotator.projects.store.engine.address import addressed

    with addressed(folder, address), Project.open(folder, read_only=True) as opened:
        images = opened.images()
        missing = sum(not source_of(image).is_there() for image in images)
        facts = {"project": opened.folder, "name": opened.name, "images": len(images)}
        text = f"{opened.folder} is now the project {opened.name}, "
        text += f"{counted(len(images), 'image')}."
    answer({**facts, "missing": missing}, text, as_json=as_json)
    if missing:
        note(
            f"{counted(missing, 'image')} of the project {'is' if missing == 1 else 'are'} not "
            f"here. Put what is missing into {folder} under the names that the project has; "
            "whoever imported it has the files."
        )
