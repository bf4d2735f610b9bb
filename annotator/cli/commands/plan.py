"""annotator plan: the points that people are asked for, and what may be spent."""

from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.format_options import (
    Exclude,
    Frame,
    Include,
    MostSeconds,
    Together,
    demands,
)
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder
from landmark_annotator.annotator.cli.support.output import answer
from landmark_annotator.annotator.cli.support.person import who


def plan(
    project: ProjectFolder,
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format", metavar="NAME", help="Such as m9, the best nine points; or aflw19."
        ),
    ] = None,
    clicks: Annotated[
        int | None, typer.Option(min=1, help="How many clicks the project may cost.")
    ] = None,
    hours: Annotated[
        float | None, typer.Option(min=0.0, help="How many hours the project may cost.")
    ] = None,
    stop: Annotated[
        bool | None,
        typer.Option("--stop/--warn", help="Refuse clicks beyond the budget, or only warn."),
    ] = None,
    extend: Annotated[
        bool, typer.Option("--extend", help="The points of the plan so far must be among them.")
    ] = False,
    include: Include = None,
    exclude: Exclude = None,
    together: Together = None,
    most_seconds: MostSeconds = None,
    frame: Frame = "box",
    clear: Annotated[
        bool,
        typer.Option(
            "--clear", help="No plan and no budget: ask on every image for what the model asks for."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a sparse format or a budget the project's plan; without options, show the plan.

    From then on people are asked for just those points, and for one more where the prediction
    stays uncertain. What is not given stays as it was.

    Example: annotator plan faces --format m9 --hours 40
    """
    from dataclasses import replace

    from landmark_annotator.annotator.cli.reports.spending_report import plan_facts, warning_lines
    from landmark_annotator.annotator.cli.support.opened_project import open_to_read, open_to_write
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.filling.project_fill import lacking
    from landmark_annotator.annotator.session.planning.named_formats import format_landmarks
    from landmark_annotator.annotator.session.planning.offer import ask_above, error_of
    from landmark_annotator.projects.budgets.costs import costs
    from landmark_annotator.projects.budgets.ledger import ledger
    from landmark_annotator.projects.store import Plan, Role
    from landmark_annotator.projects.vocabulary.wording import counted, duration

    about_points = [include, exclude, together, most_seconds is not None, extend, frame != "box"]
    if format_name is None and any(about_points):
        raise typer.BadParameter(
            "what is asked of the points needs the number of them too, such as --format m9.",
            param_hint="--format",
        )
    changed = clear or any(v is not None for v in (format_name, clicks, hours, stop))
    with open_to_write(project) if changed else open_to_read(project) as opened:
        current, scheme = opened.plan(), opened.scheme
        said = lacks = ""
        if changed:
            opened.refuse_below(who(), Role.LEAD, "plan")  # before errors are measured, in minutes
            new = Plan() if clear else current
            if format_name is not None:
                prices = costs(opened)
                kept = current.landmarks if extend else ()
                asked = demands(scheme, include, exclude, together, prices, most_seconds, kept)
                landmarks, said = format_landmarks(opened, format_name, asked, frame=frame)
                with ProgressBar() as progress:
                    error = error_of(opened, landmarks, progress)
                lacks = lacking(opened) if len(landmarks) < len(scheme) else ""
                new = replace(
                    new, name=format_name, landmarks=landmarks, ask_above=ask_above(error)
                )
            new = replace(
                new,
                clicks=clicks if clicks is not None else new.clicks,
                seconds=hours * 3600 if hours is not None else new.seconds,
                hard_stop=new.hard_stop if stop is None else stop,
            )
            current = opened.set_plan(new, who=who())
        warnings = warning_lines(ledger(opened))
    facts = plan_facts(scheme, current)
    lines = [said] if said else []
    if current.landmarks:
        lines.append(f"Plan {current.name}: {', '.join(facts['landmarks'])}.")
        if current.ask_above is not None:
            lines.append(
                f"One more point where the predicted error is above {current.ask_above:.2f} %."
            )
        lines += [lacks] if lacks else []
    else:
        lines.append("No points are planned: people are asked for what the model asks for.")
    limits = []
    if current.clicks is not None:
        limits.append(counted(current.clicks, "click"))
    if current.seconds is not None:
        limits.append(duration(current.seconds))
    if limits:
        end = "labelling stops there" if current.hard_stop else "people are warned"
        lines.append(f"Budget: {' and '.join(limits)}; {end}.")
    answer(facts, "\n".join([*lines, *warnings]), as_json=as_json)
