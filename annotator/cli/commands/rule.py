"""annotator rule: proposals that a rule accepts, once checks have certified that it may."""

from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder, Seed
from landmark_annotator.annotator.cli.support.output import answer, counted, note

_USUAL = ("7", 2.0, 95.0)


def rule(
    project: ProjectFolder,
    visible: Annotated[
        str,
        typer.Option(
            metavar="ERROR", help="A proposal is wrong above this error: percent, or 2mm."
        ),
    ] = _USUAL[0],
    share: Annotated[
        float, typer.Option(metavar="PERCENT", help="Of what is accepted may be wrong.")
    ] = _USUAL[1],
    confidence: Annotated[
        float, typer.Option(metavar="PERCENT", help="How sure that is to be.")
    ] = _USUAL[2],
    right: Annotated[
        bool,
        typer.Option("--right", help="The drawn one, which you accepted, mended or not."),
    ] = False,
    apply: Annotated[
        bool, typer.Option("--apply", help="Accept the rest of what is certified, in one step.")
    ] = False,
    anew: Annotated[bool, typer.Option("--anew", help="Draw from the proposals of now.")] = False,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Accept nothing by these checks, which end.")
    ] = False,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Let a rule accept proposals that are safe by the labels made so far, after checks.

    Which are safe is chosen by conformal risk control on what people made of earlier proposals.
    Of those, proposals are drawn at random; accept each in the window, mended or not, and say
    --right. Once they certify it, --apply accepts the rest as "accepted by rule": reviews, exports
    and data sheets tell them apart, no training, audit or calibration learns from them, and one
    undo takes them all back. Nothing of it happens by itself. Until that, or --give-up, the
    proposals that were drawn from stay as they are, whatever models learn.

    Example: annotator rule faces --visible 7 --share 2 --confidence 95
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.session.review.acceptance_rule import (
        AFTER_GIVING_UP,
        AcceptanceRule,
        said_of_replaced,
    )
    from landmark_annotator.annotator.session.review.certification import check_demand
    from landmark_annotator.annotator.session.review.limits import drawn_for, limit_of
    from landmark_annotator.projects.images.source import image_name

    if anew and (right or apply):
        raise typer.BadParameter("goes neither with --right nor with --apply", param_hint="--anew")
    if give_up and (right or apply or anew):
        other = "--right" if right else "--apply" if apply else "--anew"
        raise typer.BadParameter(f"goes not with {other}", param_hint="--give-up")
    with open_to_write(project) as opened:
        limit = limit_of(visible, opened)
        check_demand(limit.percent, share, confidence)
        session = AcceptanceRule(opened, who=who())
        lines = []
        if give_up:
            left = session.give_up()
            said = f"Given up after {counted(left.checked, 'check')}. What was checked stays"
            said += f" accepted, {AFTER_GIVING_UP}"
            answer(left.content() | {"given_up": True}, said, as_json=as_json)
            return
        begun = session.progress
        if begun is not None and not anew and (visible, share, confidence) != _USUAL:
            percent = None if limit.said else limit.percent
            if not drawn_for(begun.certificate, percent, share, confidence):
                note("What is drawn is judged by the numbers it was drawn for; --anew draws anew.")
        if begun is None or anew:
            if limit.said:
                note(limit.said)
            session.start(
                visible=limit.percent, share=share / 100, confidence=confidence / 100, seed=seed
            )
            lines.append(session.safe(limit.percent, share / 100).sentence)
        if right:
            change = session.judge()
            lines.append(f"Changed visibly by {change:.1f} % of {opened.scheme.divisor}.")
        accepted = session.apply() if apply else 0
        drawn = session.drawn()
        found = session.progress
        assert found is not None
        lines.append(found.sentence)
        name = None
        if drawn is not None:
            name = image_name(opened.image(opened.instance(drawn).image_id))
            lines.append(f"Drawn: {name}, instance {drawn}. Accept it in the window; then --right.")
        if apply:
            lines.append(f"{counted(accepted, 'shape')} accepted by rule.")
        elif found.met:
            done = "Nothing is left to accept." if session.is_done else "--apply accepts the rest."
            lines.append(done)
        met = found.met and not found.of_another_scheme
        replaced = session.rest().replaced if met else 0
        if replaced:
            lines.append(said_of_replaced(replaced))
        if found.replaced:
            wrong = counted(found.replaced, "checked shape")
            count = "counts" if found.replaced == 1 else "count"
            lines.append(f"{wrong} {count} as wrong as the proposal had been replaced.")
        if replaced or found.replaced:
            lines.append("--anew draws from the proposals of now.")
        facts = found.content() | {
            "left": found.left,
            "drawn": drawn,
            "image": name,
            "accepted_by_rule": accepted,
            "replaced": replaced,
            "checked_of_replaced": found.replaced,
        }
        answer(facts, "\n".join(lines), as_json=as_json)
