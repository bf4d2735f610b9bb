"""annotator locate: moved or renamed photographs and videos are found again."""

import shlex
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


def locate(
    project: ProjectFolder,
    folders: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Where to look, and below: folders or addresses; none: only tell.",
            show_default=False,
            parser=images_place,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell which photographs and videos are missing, and find them by their content in folders.

    All that were moved together are found at once, renamed ones too; labels stay as they are.

    Example: annotator locate mice /data/moved
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.setup import missing_files

    for folder in folders or []:
        confirm_typed(folder)
    with open_to_write(project) as opened, ProgressBar() as progress:
        if folders:
            done = missing_files.locate(opened, [f.absolute() for f in folders], progress)
        else:
            done = missing_files.Located((), tuple(missing_files.missing_files(opened)))
    facts = {
        "found": [{"was": file.path, "is": path} for file, path in done.found],
        "missing": [file.path for file in done.missing],
    }
    lines = [f"{counted(len(done.found), 'file')} found again."] if folders else []
    if done.missing:
        lines.append(missing_files.told(done.missing))
    elif not folders:
        lines.append("All files are where they were.")
    answer(facts, "\n".join(lines), as_json=as_json)
    if done.missing:
        more = "" if not folders else " else"
        note(f"Where are they{more}? annotator locate {shlex.quote(str(project))} FOLDER")
        raise typer.Exit(ExitCode.UNUSABLE)
