"""annotator find: the objects of images that have none."""

from dataclasses import asdict

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.options import (
    AsJson,
    ProjectFolder,
    Scheduler,
    SchedulerSettings,
    Strict,
)
from landmark_annotator.annotator.cli.support.output import answer, note
from landmark_annotator.annotator.cli.support.shard_options import (
    Results,
    ShardNumber,
    compute_shard,
    refuse_alone,
)


def find(
    project: ProjectFolder,
    scheduler: Scheduler = None,
    scheduler_settings: SchedulerSettings = None,
    shard: ShardNumber = None,
    results: Results = None,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Find the objects of images that have none; one step for undo each.

    `annotator propose` does so itself. Alone it is for many images, in parts.

    Example: annotator find faces --shard 3/100 --results found
    """
    from landmark_annotator.annotator.session.execution.choice import executor_named

    executor = executor_named(scheduler, scheduler_settings, note)
    refuse_alone(results, shard)
    if shard is not None:
        from landmark_annotator.annotator.cli.support.person import who
        from landmark_annotator.annotator.session.shards.find_shards import FindShards

        compute_shard(
            project,
            lambda opened: FindShards(opened, who()),
            shard,
            results,
            executor,
            as_json=as_json,
        )
        return
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.cli.support.unread_images import note_unread, refuse_unread
    from landmark_annotator.annotator.session.finding.found_objects import find_all

    with open_to_write(project, much=True) as opened, ProgressBar() as progress, executor:
        found = find_all(opened, progress, who=who(), executor=executor)
    if not progress.cancelled():
        refuse_unread(found.unreadable, found.images, "Nothing was found.")
    answer(
        asdict(found),
        f"{found.reason}\n{found.sentence}",
        as_json=as_json,
    )
    note_unread(found.unreadable)
    if progress.cancelled():
        note("Stopped before the end. What was found is stored.")
        raise typer.Exit(ExitCode.INTERRUPTED)
    if strict and found.unreadable:
        raise typer.Exit(ExitCode.INCOMPLETE)
