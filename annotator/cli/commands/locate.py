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
from landmark_annotator.annotator.cli.support.output import answer, note
from landmark_annotator.annotator.cli.support.person import who


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
    for_everybody: Annotated[
        bool,
        typer.Option(
            "--for-everybody",
            help="In a shared project: they were moved for all of its people, and not for this "
            "machine alone.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell which photographs and videos are missing, and find them by their content in folders.

    All that were moved together are found at once, renamed ones too; labels stay as they are. In a
    shared project others may have them elsewhere: what is found is said of this machine alone, but
    with --for-everybody.

    Example: annotator locate mice /data/moved
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.setup import missing_files
    from landmark_annotator.projects.remote import settings
    from landmark_annotator.projects.store import Role

    for folder in folders or []:
        confirm_typed(folder)
    with open_to_write(project) as opened, ProgressBar() as progress:
        if for_everybody and opened.shared and not opened.list_is_mine:
            opened.refuse_below(who(), Role.LEAD, "say for everybody where images are")
        if folders:
            places = [folder.absolute() for folder in folders]
            done = missing_files.locate(opened, places, progress, for_everybody=for_everybody)
        else:
            missing = tuple(missing_files.missing_files(opened))
            unasked = missing_files.unasked_sources(opened)
            done = missing_files.Located((), missing, unasked=unasked)
    facts = {
        "found": [{"was": file.path, "is": path} for file, path in done.found],
        "missing": [file.path for file in done.missing],
        "not_asked": [{"name": s.name, "images": s.images} for s in done.unasked],
    }
    lines = [missing_files.found_told(done)] if folders else []
    if done.missing:
        lines.append(missing_files.told(done.missing))
    elif not folders:
        which = "other files" if done.unasked else "files"
        lines.append(f"All {which} are where they were.")
    answer(facts, "\n".join(lines), as_json=as_json)
    if done.unasked:
        note(missing_files.unasked_told(done.unasked))
        note(settings.to_allow(done.unasked[0].name))
    if done.missing:
        more = "" if not folders else " else"
        note(f"Where are they{more}? annotator locate {shlex.quote(str(project))} FOLDER")
        raise typer.Exit(ExitCode.UNUSABLE)
