"""annotator certify: how good the accepted shapes are, and how certain that is, by a few checks."""

from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder, Seed
from landmark_annotator.annotator.cli.support.output import answer, note


def certify(
    project: ProjectFolder,
    visible: Annotated[
        str | None,
        typer.Option(
            metavar="ERROR", help="A shape is wrong above this visible error: percent, or 2mm. [7]"
        ),
    ] = None,
    share: Annotated[
        float | None, typer.Option(metavar="PERCENT", help="Of the shapes may be wrong. [2]")
    ] = None,
    confidence: Annotated[
        float | None, typer.Option(metavar="PERCENT", help="How sure that is to be. [95]")
    ] = None,
    right: Annotated[
        bool,
        typer.Option("--right", help="The drawn shape is right as it now stands, mended or not."),
    ] = False,
    seen: Annotated[
        int | None,
        typer.Option("--object", metavar="ID", help="With --right: of this one, if it is drawn."),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Draw another batch, of all that is accepted now.")
    ] = False,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Certify the accepted shapes: at most this share has a visible error above that limit.

    Shapes are drawn one by one at random; a person passes each, or mends it first, which counts
    as wrong where its visible change is above the limit. A good batch ends early. No model has a
    part in it, so there is nothing to compute on other machines, and related images need not be
    told apart. The review page of the window goes
    through the drawn shapes; --right says it here. What is certified, with all its numbers, goes
    into the data sheet of every export; shapes that are changed or accepted later are not covered.

    Example: annotator certify faces --visible 7 --share 2 --confidence 95
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.session.review.certification import (
        Certification,
        check_demand,
    )
    from landmark_annotator.annotator.session.review.limits import drawn_for, limit_of
    from landmark_annotator.projects.images.source import image_name
    from landmark_annotator.projects.vocabulary import ActionableError

    if right and anew:
        raise typer.BadParameter("nobody has looked at what is drawn anew", param_hint="--right")
    if seen is not None and not right:
        raise typer.BadParameter("goes with --right", param_hint="--object")
    with open_to_write(project) as opened:
        limit = None if visible is None else limit_of(visible, opened)
        if limit is not None and limit.said:
            note(limit.said)
        asked = (None if limit is None else limit.percent, share, confidence)
        wanted = tuple(
            default if given is None else given
            for given, default in zip(asked, (7.0, 2.0, 95.0), strict=True)
        )
        check_demand(*wanted)
        session = Certification(opened, who=who())
        found = session.standing
        if found is not None and not anew and any(given is not None for given in asked):
            kept = found.certificate
            in_millimetres = limit is not None and bool(limit.said)
            anew = not drawn_for(kept, None if in_millimetres else wanted[0], *wanted[1:])
            if in_millimetres and not anew and f"{kept.visible:.2f}" != f"{wanted[0]:.2f}":
                note(
                    f"The batch is judged by {kept.visible:.2f} %, as drawn; --anew draws another."
                )
        if right and (found is None or anew):
            which = "yet" if found is None else "for these numbers"
            raise ActionableError(
                f"No batch is drawn {which}, so nobody has looked at a shape of it.",
                kept="Nothing was drawn, and no check was made.",
                remedy="Ask without --right, and look at what is drawn."
                if found is None
                else "Say --right alone: it is of the batch that is drawn.",
            )
        if found is None or anew:
            found = session.start(
                visible=wanted[0], share=wanted[1] / 100, confidence=wanted[2] / 100, seed=seed
            )
        if right:
            session.refuse_unseen(seen)
        change = session.judge(seen) if right else None
        drawn = session.drawn()
        found = session.standing
        assert found is not None
        name = None
        if drawn is not None:
            image = opened.image(opened.instance(drawn).image_id)
            name = image_name(image)
        facts = found.content() | {
            "left": found.left,
            "drawn": drawn,
            "image": name,
            "change_percent": change,
        }
        divisor = opened.scheme.divisor
        lines = [] if change is None else [f"Changed visibly by {change:.1f} % of {divisor}."]
        lines.append(found.sentence)
        if found.replaced and not found.met:
            lines.append(
                "Each shape that was changed after the batch was drawn counts as wrong, whoever "
                "passes it: --anew draws from the shapes as they are now."
            )
        if name is not None:
            lines.append(f"Drawn: shape {drawn} in {name}. Look at it, mend it, then say --right.")
        elif (put_off := session.put_off) is not None:
            lines += [put_off.happened, put_off.remedy]
        answer(facts, "\n".join(lines), as_json=as_json)
