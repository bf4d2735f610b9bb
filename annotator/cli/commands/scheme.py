"""annotator scheme: a project's landmarks, and a change of them."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder, no_project_file
from landmark_annotator.annotator.cli.support.output import answer, counted, note
from landmark_annotator.annotator.cli.support.region_option import (
    AddRegion,
    ColourRegion,
    RegionEdits,
    RegionOverlaps,
    RegionsOption,
    RemoveRegion,
    RenameRegion,
    read_region_option,
)

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.setup.scheme_change import SchemeChangePreview
    from landmark_annotator.projects.vocabulary import Scheme


def scheme(
    project: ProjectFolder,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The landmarks from now on: a scheme file; or a text file with a name on each "
            "line, or labels that name them, and all else of the scheme stays.",
        ),
    ] = None,
    rename: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OLD=NEW",
            help="This landmark is called so in the file; its labels stay. Else names say which "
            "landmark is which.",
        ),
    ] = None,
    curves: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The contours that landmarks lie on from now on: a .tem file, a sliders table "
            "with before, slide and after, a scheme file, or a built-in scheme.",
        ),
    ] = None,
    heading: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="FROM TO",
            help="Two landmarks: an object points from the first to the second, anywhere.",
        ),
    ] = None,
    regions: RegionsOption = None,
    add_region: AddRegion = None,
    rename_region: RenameRegion = None,
    colour_region: ColourRegion = None,
    region_overlaps: RegionOverlaps = None,
    remove_region: RemoveRegion = None,
    sliders: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            callback=no_project_file,
            help="Write which landmarks slide, as geomorph takes it.",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Make the change; without it a terminal asks.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print the landmarks of a project as a scheme file, or change them.

    What a change does to labels is said first, and nothing is written without --yes. A copy of the
    database is made before, and the change is one step for undo.

    Example: annotator scheme faces --to faces.toml --rename nose=tip --yes

    Contours: annotator scheme faces --curves template.tem; annotator scheme faces --sliders out.csv

    Objects that point anywhere: annotator scheme flies --heading abdomen head

    Regions that have masks: annotator scheme faces --regions face_parts

    One more: annotator scheme faces --add-region scarf=#cc79a7 --rename-region hat=cap
    """
    from landmark_annotator.projects.exchange.curve_files import curves_for, write_sliders
    from landmark_annotator.projects.vocabulary import SchemeChange
    from landmark_annotator.projects.vocabulary.errors import ProjectError
    from landmark_annotator.projects.vocabulary.scheme_text import scheme_text

    if to is not None and curves is not None:
        raise typer.BadParameter("Write the curves into the scheme file.", param_hint="--curves")
    if to is not None and regions is not None:
        raise typer.BadParameter("Write the regions into the scheme file.", param_hint="--regions")
    if to is not None and heading is not None:
        raise typer.BadParameter("Write the heading into the scheme file.", param_hint="--heading")
    if to is None and rename:
        raise typer.BadParameter("goes with --to", param_hint="--rename")
    edits = RegionEdits(
        *(
            given or ()
            for given in (rename_region, colour_region, region_overlaps, remove_region, add_region)
        )
    )
    if all(each is None for each in (to, curves, regions, heading)) and not edits:
        if yes:
            raise typer.BadParameter("there is no change to make", param_hint="--yes")
        with open_to_read(project) as opened:
            if sliders is not None:
                rows = write_sliders(sliders, opened.scheme)
                typed = (
                    f"{sliders}: {counted(rows, 'landmark that slides', 'landmarks that slide')}"
                )
                answer({"sliders": sliders, "rows": rows}, typed, as_json=as_json)
                return
            typed = scheme_text(opened.scheme).rstrip("\n")
            answer({"scheme": opened.scheme.to_dict()}, typed, as_json=as_json)
        return
    if sliders is not None:
        raise typer.BadParameter("goes not with a change", param_hint="--sliders")
    renamed = _renamed(rename or [])
    with open_to_read(project) as opened:
        from landmark_annotator.annotator.session.setup.scheme_change import (
            Affected,
            preview_change,
        )

        if to is not None:
            wanted = _wanted(opened.scheme, to, renamed)
        else:
            wanted = opened.scheme
            if curves is not None:
                wanted = replace(wanted, curves=curves_for(opened.scheme, curves))
            if regions is not None:
                wanted = replace(wanted, regions=read_region_option(regions))
            if heading is not None:
                start, end = (wanted.index(name) for name in heading)
                wanted = replace(wanted, heading=(start, end))
        change = edits.applied(SchemeChange.to(opened.scheme, wanted, renamed))
        if change.changes_nothing:
            asked = to or curves or regions or "this"
            raise ProjectError(
                f"The project has what {asked} says already.",
                kept="Nothing was changed.",
            )
        preview = preview_change(Affected.of(opened), change)
    if not as_json:
        typer.echo("\n".join(preview.sentences))
    if not (yes or _asked(as_json)):
        answer({"changed": False, **_facts(preview)}, "Nothing was changed.", as_json=as_json)
        if not as_json:
            note("Give --yes to make the change.")
        return

    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.session.setup.scheme_change import change_with_backup
    from landmark_annotator.projects.store import ActionKind

    with open_to_write(project, much=True, deed=ActionKind.SCHEME) as opened:
        entry, copy = change_with_backup(opened, change, who())
        version = opened.scheme.version
    kept = "" if copy is None else f" The database as it was before is {copy.name}."
    answer(
        {"changed": True, **_facts(preview), "version": version, "backup": copy},
        f"Done: {entry.title}; it is version {version} of the scheme.{kept}",
        as_json=as_json,
    )


def _wanted(now: "Scheme", to: Path, renamed: dict[str, str]) -> "Scheme":
    """What a scheme file says; of a list of names, or of labels, the landmarks alone."""
    from landmark_annotator.projects.exchange import scheme_from
    from landmark_annotator.projects.vocabulary import Scheme, SchemeChange
    from landmark_annotator.projects.vocabulary.errors import SchemeError

    if to.suffix.lower() in (".toml", ".json"):
        try:
            return Scheme.load(to)
        except SchemeError:
            if to.suffix.lower() == ".toml":
                raise
    return SchemeChange.listing(now, scheme_from(to).landmarks, renamed).after


def _renamed(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        old, equals, new = pair.partition("=")
        if not equals or not old or not new:
            raise typer.BadParameter(f"{pair} is not OLD=NEW.", param_hint="--rename")
        found[old] = new
    return found


def _asked(as_json: bool) -> bool:
    """Whether a person at the terminal says so; a script is not asked."""
    streams = sys.stdin, sys.stdout  # a service may have closed them
    at_terminal = not as_json and all(each is not None and each.isatty() for each in streams)
    return at_terminal and typer.confirm("Make this change?")


def _facts(preview: "SchemeChangePreview") -> dict[str, object]:
    change = preview.change
    return {
        "title": change.title,
        "added": change.added,
        "removed": change.removed,
        "renamed": dict(change.renamed),
        "reordered": change.reordered,
        "regions": [region.name for region in change.after.regions],
        "reopened": preview.reopened,
        "hidden": dict(preview.hidden),
        "untrained": [model.name for model in preview.unfit],
        "proposes_then": preview.proposes,
        "plan_loses": preview.lost,
        "second_opinions": preview.asked,
        "sentences": preview.sentences,
    }
