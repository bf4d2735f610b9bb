"""annotator fill: the rest of sparsely labelled shapes."""

from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.options import (
    AsJson,
    ProjectFolder,
    Scheduler,
    SchedulerSettings,
    Seed,
    Strict,
)
from landmark_annotator.annotator.cli.support.output import answer, columns, counted, note
from landmark_annotator.annotator.cli.support.shard_options import (
    Results,
    ShardNumber,
    compute_shard,
    refuse_alone,
)


def fill(
    project: ProjectFolder,
    inferred: Annotated[
        bool,
        typer.Option(
            "--inferred",
            help="Also place anew what a model placed in accepted shapes. They stay accepted.",
        ),
    ] = False,
    scheduler: Scheduler = None,
    scheduler_settings: SchedulerSettings = None,
    shard: ShardNumber = None,
    results: Results = None,
    seed: Seed = 0,
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Fill in all landmarks where only some were clicked, in the way that proves best.

    Never goes over a point that a person placed. One step for undo.

    Example: annotator fill faces
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.execution.choice import executor_named
    from landmark_annotator.annotator.session.filling.project_fill import fill_project
    from landmark_annotator.projects.store import ActionKind

    executor = executor_named(scheduler, scheduler_settings, note)
    refuse_alone(results, shard)
    if shard is not None:
        from landmark_annotator.annotator.session.shards.fill_shards import FillShards

        compute_shard(
            project,
            lambda opened: FillShards(opened, inferred=inferred, seed=seed),
            shard,
            results,
            executor,
            as_json=as_json,
        )
        return
    opening = open_to_write(project, much=True, deed=ActionKind.FILL)
    with opening as opened, ProgressBar() as progress, executor:
        scheme = opened.scheme
        done = fill_project(
            opened,
            inferred=inferred,
            who=who(),
            seed=seed,
            progress=progress,
            executor=executor,
        )
    names = [scheme.landmarks[j] for j in done.clicked]
    table = [("way", "error %", "95 %", "on")]
    for one in done.judgements:
        error = "not known" if one.error is None else f"{one.error:.2f}"
        table.append((one.title, error, one.range or "-", str(one.instances)))
    [best] = [one for one in done.judgements if one.name == done.chosen]
    lines = [
        columns(table),
        f"Errors on densely labelled instances that a way had not learned from, after clicks on "
        f"{counted(len(names), 'landmark')}: {', '.join(names)}.",
        f"Filled {counted(done.count, 'instance')}, {counted(done.landmarks, 'landmark')}, by "
        f"{best.title}.",
        "Look at them (annotator review), or write them as they are: annotator export --all.",
    ]
    answer(
        {
            "filled": done.count,
            "landmarks": done.landmarks,
            "chosen": done.chosen,
            "ways": [
                {
                    "name": one.name,
                    "error": one.error,
                    "between": one.between,
                    "instances": one.instances,
                }
                for one in done.judgements
            ],
            "clicked": names,
            "dense": done.dense,
            "inferred_left": done.inferred,
            "without_box": done.without_box,
            "changed_meanwhile": done.changed,
            "unreadable": list(done.unreadable),
            "notes": list(done.notes),
            "related": done.related,
        },
        "\n".join(lines),
        as_json=as_json,
    )
    if done.inferred:
        accepted = counted(done.inferred, "accepted shape")
        note(
            f"In {accepted} people placed some landmarks and a model the others: --inferred places "
            "these anew."
        )
    if done.changed:
        left = counted(done.changed, "instance was", "instances were")
        note(f"{left} left as it is: somebody has worked there meanwhile. Fill again for that.")
    if done.without_box:
        need = counted(done.without_box, "instance needs", "instances need")
        note(f"{need} a box first: draw it in the window.")
    for line in (*done.unreadable, *done.notes, done.related):
        note(line)
    if strict and (done.without_box or done.changed or done.unreadable):
        raise typer.Exit(ExitCode.INCOMPLETE)
