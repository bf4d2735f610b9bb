"""One part of a command, as job arrays want it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import no_project_file
from landmark_annotator.annotator.cli.support.output import answer, counted

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.execution.executor import Executor
    from landmark_annotator.annotator.session.shards.result_file import ShardedWork

ShardNumber = Annotated[
    str | None,
    typer.Option(
        metavar="I/N",
        help="Compute only part I of N, counted from 1, into --results; nothing is written to the "
        "project. `annotator gather` puts all parts in.",
    ),
]
Results = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", callback=no_project_file, help="Where the parts' results are kept."
    ),
]


def compute_shard(
    project: Path,
    command: str,
    shard: str,
    results: Path | None,
    executor: "Executor",
    *,
    as_json: bool,
) -> None:
    """Computes a part that is not there yet, and says so where it is."""
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.shards.find_shards import FindShards
    from landmark_annotator.annotator.session.shards.manifest import Shard
    from landmark_annotator.annotator.session.shards.proposal_shards import ProposalShards
    from landmark_annotator.annotator.session.shards.result_file import computed

    part = Shard.named(shard)
    if results is None:
        raise typer.BadParameter("--shard needs --results FOLDER.", param_hint="--results")
    with open_to_read(project) as opened, ProgressBar() as progress, executor:
        work: ShardedWork = (
            FindShards(opened, who()) if command == "find" else ProposalShards(opened)
        )
        manifest = work.manifest(part.of).kept_in(results)
        done = computed(work, manifest, part, results, executor, progress)
    file = part.file(results)
    count = len(part.part_of(manifest.tasks))
    answer(
        {"shard": part.number, "of": part.of, "tasks": count, "finished_before": done is None},
        f"Part {part.number} of {part.of} was finished before: {file}."
        if done is None
        else f"Part {part.number} of {part.of}, {counted(count, 'task')}: {file}.",
        as_json=as_json,
    )
