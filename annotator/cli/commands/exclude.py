"""annotator exclude: images that count no more, and images that count again."""

from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, counted


def exclude(
    project: ProjectFolder,
    image: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="The name of an image; with its folder where several have it."
        ),
    ] = None,
    listed: Annotated[
        Path | None, typer.Option("--list", metavar="FILE", help="A text file, a name a line.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why; every data sheet will say it.")
    ] = None,
    restore: Annotated[
        bool, typer.Option("--restore", help="They count again, with all objects in them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Leave images out of every list, count, training and export; their labels stay stored.

    One step for undo, in the window as well. Doing it again changes nothing.

    Example: annotator exclude faces --image img_0012.jpg --reason "no face in it"
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.text_lines import text_lines
    from landmark_annotator.annotator.session.review.exclusion_choice import coming_back
    from landmark_annotator.annotator.session.review.named_images import images_named
    from landmark_annotator.projects.store import Role

    if not image and listed is None:
        raise typer.BadParameter("say which: --image NAME or --list FILE", param_hint="--image")
    if (reason is None) != restore:
        why = "goes not with --restore" if restore else "say why they are left out"
        raise typer.BadParameter(why, param_hint="--reason")
    lines = [] if listed is None else text_lines(listed)
    names = [*(image or []), *(line.strip() for line in lines if line.strip())]
    with open_to_write(project, much=True) as opened:
        # Before a backup is made for somebody who may do nothing.
        opened.refuse_below(
            who(), Role.ANNOTATOR, "restore images" if restore else "exclude images"
        )
        records = images_named(opened, names)
        ids = [record.id for record in records]
        opened.back_up_before("exclude")
        if restore:
            objects = coming_back(opened, opened.inside(ids, excluded=True))
            entries = opened.restore(images=ids, instances=objects, who=who())
        else:
            entries = opened.exclude(images=ids, why=reason or "", who=who())
        changed = {
            opened.instance(entry.instance_id).image_id if entry.instance_id else entry.image_id
            for entry in entries
        }
        left_out = opened.left_out()
    done = [record.path for record in records if record.id in changed]
    before = [record.path for record in records if record.id not in changed]
    facts = {
        "restored" if restore else "excluded": done,
        "unchanged": before,
        "reason": reason,
        "left_out": [one._asdict() for one in left_out],
    }
    text = f"{'Restored' if restore else 'Excluded'} {counted(len(done), 'image')}."
    if before:
        verb = "counted" if restore else "excluded"
        text += f" {len(before):,} {'was' if len(before) == 1 else 'were'} {verb} before."
    answer(facts, text, as_json=as_json)
