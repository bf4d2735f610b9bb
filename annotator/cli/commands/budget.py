"""annotator budget: what each number of points buys, and which one to choose."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.format_options import (
    Exclude,
    Frame,
    Include,
    MostSeconds,
    Together,
    as_options,
    demands,
)
from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import (
    OUTPUT,
    ProjectFolder,
    Seed,
    figures_file,
    plot_file,
)
from landmark_annotator.annotator.cli.support.output import answer, note
from landmark_annotator.annotator.cli.support.written_files import try_to_write


def budget(
    project: ProjectFolder,
    json_file: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="FILE",
            callback=figures_file,
            help="Write all figures to this file; - prints them, and nothing else.",
        ),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", callback=plot_file, help="Draw the curve and the prices."),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(metavar="ERROR", help="The error wanted: NME in percent, or 2mm."),
    ] = None,
    hours: Annotated[
        float | None, typer.Option(min=0.0, help="How many hours may be spent on what waits.")
    ] = None,
    include: Include = None,
    exclude: Exclude = None,
    together: Together = None,
    most_seconds: MostSeconds = None,
    frame: Frame = "box",
    time_limit: Annotated[
        float, typer.Option(min=0.0, help="Seconds after which the best formats found must do.")
    ] = 60.0,
    seed: Seed = 0,
) -> None:
    """Show which points are worth clicking, what each number of them buys, and what to choose.

    Learns from the shapes that are labelled completely. How well the rest follows is c-hat: how
    strongly the least certain landmark is correlated with its nearest clicked one.

    Example: annotator budget faces --target 3.5 --plot budget.png
    """
    from landmark_annotator.annotator.cli.reports.budget_report import as_facts, report, write_facts
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.planning.offer import known_formats, offer
    from landmark_annotator.annotator.session.planning.recommendation import recommend
    from landmark_annotator.annotator.session.review.limits import limit_of
    from landmark_annotator.annotator.session.review.millimetres import millimetres
    from landmark_annotator.projects.budgets.costs import costs
    from landmark_annotator.projects.budgets.ledger import ledger

    try_to_write(json_file, "--json")
    try_to_write(plot, "--plot")
    with open_to_read(project) as opened, ProgressBar() as progress:
        scheme = opened.scheme
        aim = None if target is None else limit_of(target, opened)
        if aim is not None and aim.said:
            note(aim.said)
        prices = costs(opened)
        asked = demands(scheme, include, exclude, together, prices, most_seconds)
        found = offer(
            opened,
            constraints=asked,
            frame=frame,
            seed=seed,
            seconds=time_limit,
            measured=prices,
            progress=progress,
        )
        chosen = recommend(found, target=None if aim is None else aim.percent, hours=hours)
        known = known_formats(opened, frame)
        spending = ledger(opened)
        plan, measure = opened.plan(), millimetres(opened)
        progress.stop_late()
    asked_so = as_options(include, exclude, together, most_seconds, frame)
    points = f"--format m{chosen.m}{asked_so}" if chosen.m else "--clear"
    command = f"annotator plan {shlex.quote(str(project))} {points}"
    facts = as_facts(scheme, found, chosen, known, spending, plan, seed, measure)
    text = report(scheme, found, chosen, known, spending, plan, command, measure)
    answer(facts, text, as_json=json_file == OUTPUT)
    if json_file is not None and json_file != OUTPUT:
        write_facts(json_file, facts)
    if plot is not None:
        from landmark_annotator.annotator.cli.reports.budget_plot import draw

        draw(plot, found, chosen, known)
