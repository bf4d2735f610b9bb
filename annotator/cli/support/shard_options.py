"""One part of a command, as job arrays want it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import no_project_file, path_named
from landmark_annotator.annotator.cli.support.output import answer, counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from landmark_annotator.annotator.session.execution.executor import Executor
    from landmark_annotator.annotator.session.shards.manifest import Shard
    from landmark_annotator.annotator.session.shards.result_file import ShardedWork
    from landmark_annotator.projects.store import Project

ShardNumber = Annotated[
    str | None,
    typer.Option(
        metavar="I/N",
        help="Compute only part I of N, counted from 1, into --results; nothing is written to the "
        "project. `annotator gather` takes all parts together.",
    ),
]
Results = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        parser=path_named,
        callback=no_project_file,
        help="Where the parts' results are kept.",
    ),
]


def compute_shard(
    project: Path,
    work_of: "Callable[[Project], ShardedWork]",
    shard: str,
    results: Path | None,
    executor: "Executor",
    *,
    as_json: bool,
) -> None:
    """Computes a part that is not there yet, and says so where it is. work_of: what is done in
    parts, of the opened project."""
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.shards.manifest import Shard
    from landmark_annotator.annotator.session.shards.result_file import agreed, computed

    part = Shard.named(shard)
    results = given(results)
    with open_to_read(project) as opened, ProgressBar() as progress, executor:
        work = work_of(opened)
        manifest = agreed(work, part.of, results)
        done = computed(work, manifest, part, results, executor, progress)
    tell_part(part, results, len(part.part_of(manifest.tasks)), done is None, as_json=as_json)


def refuse_alone(results: Path | None, shard: str | None) -> None:
    """Raises BadParameter for a folder without a part: all would be done, and in the project."""
    if results is not None and shard is None:
        raise typer.BadParameter("is for the parts that --shard computes.", param_hint="--results")


def given(results: Path | None) -> Path:
    """The folder that a part needs. Raises BadParameter without one."""
    if results is None:
        raise typer.BadParameter("--shard needs --results FOLDER.", param_hint="--results")
    return results


def tell_part(part: "Shard", results: Path, tasks: int, before: bool, *, as_json: bool) -> None:
    """That it is done, or had been before."""
    file = part.file(results)
    answer(
        {"shard": part.number, "of": part.of, "tasks": tasks, "finished_before": before},
        f"Part {part.number} of {part.of} was finished before: {file}."
        if before
        else f"Part {part.number} of {part.of}, {counted(tasks, 'task')}: {file}.",
        as_json=as_json,
    )
