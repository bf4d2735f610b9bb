"""annotator simulate: how many clicks the accepted shapes would have cost."""

from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import (
    AsJson,
    ProjectFolder,
    Scheduler,
    SchedulerSettings,
    Seed,
)
from landmark_annotator.annotator.cli.support.output import answer, columns, note


def simulate(
    project: ProjectFolder,
    rule: Annotated[
        str, typer.Option(help="What a click does to the other points: mixture, hard, manual.")
    ] = "mixture",
    policy: Annotated[
        str, typer.Option(help="Which point is clicked next: worst, query, fixed, best.")
    ] = "worst",
    clicks: Annotated[int, typer.Option(min=0, help="How many clicks an image at most.")] = 10,
    images: Annotated[int, typer.Option(min=1, help="How many instances at most.")] = 200,
    scheduler: Scheduler = None,
    scheduler_settings: SchedulerSettings = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Label the accepted shapes again with a simulated hand, and count its clicks.

    Without a trained model, each shape is proposed by a prior from the other shapes only. A
    trained model has seen these very images, so on new ones it needs more clicks.

    Example: annotator simulate faces --policy query
    """
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.evaluation.simulated_project import simulate_project
    from landmark_annotator.annotator.session.execution.choice import executor_named

    executor = executor_named(scheduler, scheduler_settings)
    with open_to_read(project) as opened, ProgressBar() as progress, executor:
        done = simulate_project(
            opened,
            rule=rule,
            policy=policy,
            clicks=clicks,
            limit=images,
            seed=seed,
            progress=progress,
            executor=executor,
        )
    mean, each = (f"{target:.3g}" for target in done.targets)
    rows = [("clicks", *(str(i) for i in range(len(done.nme))))]
    rows.append(("NME %", *(f"{value:.2f}" for value in done.nme)))
    answer(
        {
            "instances": done.instances,
            "proposer": done.reason,
            "rule": rule,
            "policy": policy,
            "nme": done.nme,
            f"noc_nme{mean}": done.noc_nme,
            f"noc_all{each}": done.noc_all,
            "targets": list(done.targets),
            "notes": done.notes,
            "seed": seed,
        },
        f"{done.reason}\n{columns(rows)}\n"
        f"Mean clicks to NME {mean}: {done.noc_nme:.2f}; until every point is within {each} %: "
        f"{done.noc_all:.2f} (of {done.instances:,} instances; never counts {len(done.nme)}).",
        as_json=as_json,
    )
    for line in (*done.unreadable, *done.notes):
        note(line)
