"""annotator assign: how images are handed out to the people of a project, and who has which."""

from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import MOST_SEED, AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer, columns, counted
from landmark_annotator.annotator.cli.support.person import who


def assign(
    project: ProjectFolder,
    minutes: Annotated[
        float | None,
        typer.Option(help="How long an image stays with a person after the last gesture there."),
    ] = None,
    twice: Annotated[
        float | None,
        typer.Option(metavar="PERCENT", help="The share of the images that two people label."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=MOST_SEED, help="Draws these images; another seed draws others."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or say how images are handed out; without options, show who has which image.

    In a project with people (annotator people) nobody is offered an image that somebody else has in
    hands. It is free again when that person goes on to another one, or has done nothing in it for
    some minutes; --minutes says how many, also for images that are in hands now. With --twice,
    objects of a share of the images wait for a second person once somebody has accepted them,
    unless two people have labelled them already. Neither sees the other's labels until both are
    done; annotator agreement then tells how far they are apart.

    Example: annotator assign skulls --twice 10
    """
    from dataclasses import replace

    from landmark_annotator.annotator.cli.support.opened_project import open_to_read, open_to_write
    from landmark_annotator.projects.images.source import image_name
    from landmark_annotator.projects.vocabulary.wording import moment

    changed = any(value is not None for value in (minutes, twice, seed))
    with open_to_write(project) if changed else open_to_read(project) as opened:
        said = opened.assignment()
        added = 0
        if changed:
            said = replace(
                said,
                lease_seconds=said.lease_seconds if minutes is None else 60 * minutes,
                twice=said.twice if twice is None else twice / 100,
                seed=said.seed if seed is None else seed,
            )
            added = len(opened.set_assignment(said, who=who()))
        held = [(image_name(opened.image(one.image_id)), one) for one in opened.leases()]
        waiting = len(opened.blind())
        nobody = not opened.people()
    facts = {
        "minutes": said.lease_seconds / 60,
        "twice": 100 * said.twice,
        "seed": said.seed,
        "added": added,
        "waiting_for_second": waiting,
        "in_hands": [
            {"image": name, "who": one.who, "until": one.until.isoformat()} for name, one in held
        ],
    }
    stays = facts["minutes"]
    lines = [
        f"An image stays with a person for {stays:g} minute{'' if stays == 1 else 's'} after the "
        "last gesture there.",
        f"{100 * said.twice:g} % of the images are handed to two people, drawn with the seed "
        f"{said.seed}."
        if said.twice
        else "No images are handed to two people.",
    ]
    if waiting:
        waits = counted(waiting, "object waits", "objects wait")
        lines.append(f"{waits} for the other one of two people.")
    if nobody:
        lines.append("Nobody is in the list of people yet, so nothing is handed out: see --help.")
    rows = [(name, one.who, moment(one.until)) for name, one in held]
    if rows:
        lines.append(columns([("image", "in the hands of", "until"), *rows]))
    answer(facts, "\n".join(lines), as_json=as_json)
