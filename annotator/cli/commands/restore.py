"""annotator restore: a project as it was, from a backup."""

from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, columns, note


def restore(
    project: ProjectFolder,
    to: Annotated[
        Path | None, typer.Option(help="A new folder, for the project as it was then.")
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="In place of what is there, which is kept aside.")
    ] = False,
    backup: Annotated[
        Path | None, typer.Option(help="The file to restore; by default the newest that is whole.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a project again from a backup; without --to or --in-place list the backups.

    Example: annotator restore faces --to faces_again
    """
    from landmark_annotator.projects.store.engine.rotation import backups
    from landmark_annotator.projects.store.safety.restoring import newest_sound, restore_in_place
    from landmark_annotator.projects.store.safety.restoring import restore as restored

    if to is not None and in_place:
        raise typer.BadParameter("either --to or --in-place", param_hint="--to")
    if to is None and not in_place:
        there = backups(project)
        facts = [{"file": one.path, "at": one.at.isoformat()} for one in there]
        rows = [(f"{one.at:%Y-%m-%d %H:%M} UTC", one.occasion, one.path.name) for one in there]
        text = columns(rows) if rows else "There are no backups."
        answer({"backups": facts}, text, as_json=as_json)
        note(f"To restore the newest: annotator restore {project} --to NEW_FOLDER")
        return
    chosen = newest_sound(project) if backup is None else backup
    if to is not None:
        restored(chosen, project, to)
        text = f"{to} is the project as it was in {chosen.name}. {project} is as before."
        answer({"project": to.absolute(), "backup": chosen}, text, as_json=as_json)
        note("Trained models are not in a backup: train again, or copy the folder models.")
        return
    aside = restore_in_place(chosen, project)
    text = f"{project} is as it was in {chosen.name}. What was there is in {aside}."
    answer({"project": project, "backup": chosen, "kept": aside}, text, as_json=as_json)
