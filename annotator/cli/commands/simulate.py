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
from landmark_annotator.annotator.cli.support.output import note
from landmark_annotator.annotator.cli.support.shard_options import (
    Results,
    ShardNumber,
    compute_shard,
    refuse_alone,
)


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
    shard: ShardNumber = None,
    results: Results = None,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Label the accepted shapes again with a simulated hand, and count its clicks.

    Without a trained model, each shape is proposed by a prior from the other shapes only. A
    trained model has seen these very images, so on new ones it needs more clicks.

    Example: annotator simulate faces --policy query
    """
    from landmark_annotator.annotator.cli.reports.simulation_report import report
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.evaluation.simulated_project import (
        Settings,
        simulate_project,
    )
    from landmark_annotator.annotator.session.execution.choice import executor_named
    from landmark_annotator.annotator.session.review.millimetres import millimetres

    executor = executor_named(scheduler, scheduler_settings, note)
    refuse_alone(results, shard)
    settings = Settings(rule, policy, clicks, images, seed)
    if shard is not None:
        from landmark_annotator.annotator.session.shards.simulation_shards import SimulationShards

        compute_shard(
            project,
            lambda opened: SimulationShards(opened, settings),
            shard,
            results,
            executor,
            as_json=as_json,
        )
        return
    with open_to_read(project) as opened, ProgressBar() as progress, executor:
        done = simulate_project(opened, settings, progress, executor)
        measure = millimetres(opened)
    report(done, settings, measure, as_json=as_json)
