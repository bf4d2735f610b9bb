"""annotator restore: a project as it was, from a backup."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, columns, note

_MODELS = "Trained models are not in a backup: train again, or copy the folder models."


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
    store: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Of a shared project: an empty database for --to; by default one is made beside "
            "the present one.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a project again from a backup; without --to or --in-place list the backups.

    That of a shared project goes into a new database; what was there is never written over.

    Example: annotator restore faces --to faces_again
    """
    from landmark_annotator.projects.store.engine.rotation import FOLDER, backups
    from landmark_annotator.projects.store.safety import restoring, restoring_shared

    if to is not None and in_place:
        raise typer.BadParameter("either --to or --in-place", param_hint="--to")
    shared = restoring_shared.is_shared(project)
    if store is not None and (to is None or not shared):
        raise typer.BadParameter("goes with --to of a shared project", param_hint="--store")
    if to is None and not in_place:
        there = backups(project)
        facts = [{"file": one.path, "at": one.at.isoformat()} for one in there]
        rows = [(f"{one.at:%Y-%m-%d %H:%M} UTC", one.occasion, one.path.name) for one in there]
        where = f" in {project / FOLDER}" if shared else ""
        text = columns(rows) if rows else f"There are no backups{where}."
        answer({"backups": facts}, text, as_json=as_json)
        named = shlex.quote(str(project))
        if there:
            note(f"To restore the newest: annotator restore {named} --to NEW_FOLDER")
        else:
            with_login = ", with the login that made the project" if shared else ""
            note(f"To make one{with_login}: annotator backup {named}")
        return
    chosen = restoring.newest_sound(project) if backup is None else backup
    if shared:
        _restore_shared(project, chosen, to, store, as_json)
    elif to is not None:
        restoring.restore(chosen, project, to)
        text = f"{to} is the project as it was in {chosen.name}. {project} is as before."
        answer({"project": to.absolute(), "backup": chosen}, text, as_json=as_json)
        note(_MODELS)
    else:
        aside = restoring.restore_in_place(chosen, project)
        text = f"{project} is as it was in {chosen.name}. What was there is in {aside}."
        answer({"project": project, "backup": chosen, "kept": aside}, text, as_json=as_json)


def _restore_shared(
    project: Path, backup: Path, to: Path | None, store: str | None, as_json: bool
) -> None:
    from landmark_annotator.projects.store.safety import restoring_shared

    facts: dict[str, object] = {"project": (to or project).absolute(), "backup": backup}
    if to is not None:
        made = restoring_shared.restore(backup, project, to, store)
        text = (
            f"{to} is the project as it was in {backup.name}, in the database {made.place}. "
            f"{project} is as before."
        )
        answer({**facts, "database": made.place}, text, as_json=as_json)
        note(_MODELS)
    else:
        made = restoring_shared.restore_in_place(backup, project)
        text = (
            f"{project} is as it was in {backup.name}, for everybody. What was there is in the "
            f"database {made.place} of the same server."
        )
        answer({**facts, "kept": made.place}, text, as_json=as_json)
    if made.no_longer:
        note(
            f"Not among its people then, and no longer: {', '.join(made.no_longer)}. To add one "
            f"again: annotator people {shlex.quote(str(project))} --add NAME"
        )
    if made.without_rights is not None:
        note(f"Only your login can work in it yet: {made.without_rights}")
