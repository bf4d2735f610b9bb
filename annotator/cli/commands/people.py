"""annotator people: who takes part in a project, and what each may do."""

from typing import Annotated, Literal

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, columns, note
from landmark_annotator.annotator.cli.support.person import who


def people(
    project: ProjectFolder,
    add: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="As in ANNOTATOR_NAME when that person works."),
    ] = None,
    role: Annotated[
        Literal["annotator", "reviewer", "lead"],
        typer.Option(help="Of whom --add names; for somebody in the list, the new role."),
    ] = "annotator",
    remove: Annotated[
        str | None, typer.Option(metavar="NAME", help="What that person labelled stays.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or say who takes part: annotators, reviewers, leads.

    An annotator changes own labels only, a reviewer also accepts and sends back, a lead may do
    everything. While nobody is in the list, and so for one person alone, there are no such rules.
    The first in it has to be a lead.

    Example: annotator people skulls --add ada --role lead
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_read, open_to_write
    from landmark_annotator.projects.store import Role

    if add is not None and remove is not None:
        raise typer.BadParameter("give one of --add and --remove", param_hint="--add")
    if add is None and role != "annotator":
        raise typer.BadParameter("say whose role: --add NAME", param_hint="--role")
    changed = add is not None or remove is not None
    with open_to_write(project) if changed else open_to_read(project) as opened:
        if add is not None:
            opened.set_person(add, Role(role), who=who())
        if remove is not None:
            opened.remove_person(remove, who=who())
        found, older, mine = opened.people(), opened.rules_are_older, opened.list_is_mine
    facts = {
        "people": [
            {
                "name": one.name,
                "role": one.role.value,
                "since": one.at.isoformat(),
                "added_by": one.added_by,
            }
            for one in found
        ],
        "you": who(),
        "rules_are_older": older,
    }
    rows = [("name", "role", "since", "added by")]
    rows += [
        (one.name, one.role.value, f"{one.at.astimezone():%Y-%m-%d}", one.added_by) for one in found
    ]
    listed = any(one.name == who() for one in found)
    also = ", and change this list, for your login has made the project" if mine else ""
    you = "" if listed else f"\nYour name here is {who()}: you can look at all of it{also}."
    nobody = "Nobody is in the list: the project is everybody's, and everybody may do everything."
    answer(facts, f"{columns(rows)}{you}" if found else nobody, as_json=as_json)
    if older:
        note(
            "The server still keeps the rules of an earlier version of this program. They become "
            "the present ones when whoever made the project opens it to work, or adds somebody."
        )
