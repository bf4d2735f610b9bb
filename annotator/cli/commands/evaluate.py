"""annotator evaluate: run a protocol and compare its figures."""

import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import (
    OUTPUT,
    ChosenSettings,
    Scheduler,
    SchedulerSettings,
    Seed,
    figures_file,
    no_project_file,
    path_named,
    plot_file,
    project_folder,
    settings_of,
)
from landmark_annotator.annotator.cli.support.output import answer, columns, note
from landmark_annotator.annotator.cli.support.shard_options import given, tell_part
from landmark_annotator.annotator.cli.support.written_files import check_folder


def evaluate(
    name: Annotated[
        str,
        typer.Argument(
            metavar="PROTOCOL",
            help="Such as accuracy or clicks; any other word lists all.",
            show_default=False,
        ),
    ],
    json_file: Annotated[
        Path | None,
        typer.Option(
            "--json",
            metavar="FILE",
            parser=path_named,
            callback=figures_file,
            help="Write the result to this file; - prints it, and nothing else.",
        ),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(metavar="FILE", parser=path_named, help="An earlier result to compare with."),
    ] = None,
    project: Annotated[
        Path | None,
        typer.Option(
            metavar="PROJECT",
            parser=project_folder,
            help="Measure this project's model. Default: train one for the protocol. Protocols "
            "that measure no such model refuse it, as they do --shipped and --set.",
        ),
    ] = None,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Measure the weights that come with the program.")
    ] = False,
    work: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            parser=path_named,
            help="Keep the model trained for the protocol here, for the next one.",
        ),
    ] = None,
    jitter: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Deviation of the boxes, in their sides.")
    ] = 0.05,
    backend: Annotated[
        str | None,
        typer.Option(help="Which model is measured. Default: the best that the protocol can."),
    ] = None,
    images: Annotated[
        int | None, typer.Option(min=1, help="How many test images. Default: all.")
    ] = None,
    clicks: Annotated[int, typer.Option(min=0, help="How many clicks an image at most.")] = 10,
    sets: Annotated[
        str,
        typer.Option(
            help="Of campaign: helen, fly32, ceph19, london189; of crossset and occlusion what is "
            "learned from: lfpw, helen, photographs; of newsource helen and other sets, and, only "
            "where they are named, unlabelled, reverse, heads, few. Protocols without any refuse "
            "it. Default: all."
        ),
    ] = "",
    variants: Annotated[
        str,
        typer.Option(
            help="Of campaign: worst, query, strict, truthful, nothing; of weak: fill, table; "
            "of crossset and occlusion losses, such as l2-1 or wasserstein-3; of hard hardships, "
            "such as box25 or pale; of video eks, only where it is named. Default: all."
        ),
    ] = "",
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.png",
            parser=path_named,
            callback=plot_file,
            help="Draw the scaling of latency.",
        ),
    ] = None,
    scheduler: Scheduler = None,
    scheduler_settings: SchedulerSettings = None,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="I/N",
            help="Compute only part I of N, counted from 1, into --results, and no figures.",
        ),
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            parser=path_named,
            callback=no_project_file,
            help="Where the parts' results are kept; without --shard the figures are made of them.",
        ),
    ] = None,
    chosen: ChosenSettings = None,
    seed: Seed = 0,
) -> None:
    """Measure the program on the 300-W faces in the folder that LANDMARK_DATA names.

    With --scheduler others compute, to the same figures but times: face by face of accuracy, clicks
    and contours, job by job of campaign; the other protocols have no such parts, and say so. So
    with --shard, for job arrays: parts first, then the same command with --results alone.

    Example: annotator evaluate accuracy --project faces --json accuracy.json
    """
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.protocols import evaluate as run_protocol
    from landmark_annotator.annotator.protocols.framework.options import Options
    from landmark_annotator.annotator.protocols.framework.parts import in_parts
    from landmark_annotator.annotator.protocols.framework.result import Result, as_text, differences
    from landmark_annotator.annotator.protocols.framework.runner import (
        check_chosen,
        check_known,
        check_shared_out,
    )
    from landmark_annotator.annotator.session.execution.choice import executor_named
    from landmark_annotator.annotator.session.shards.evaluation_shards import PartDone
    from landmark_annotator.annotator.session.shards.manifest import Shard
    from landmark_annotator.backends.registry import backend_named

    check_known(name)
    _check_places(name, json_file, plot, work)
    if backend is not None:
        backend_named(backend)
    executor = executor_named(scheduler, scheduler_settings, note)
    earlier = Result.load(compare) if compare is not None else None
    options = Options(
        project=None if project is None else str(project),
        work=None if work is None else str(work),
        jitter=jitter,
        backend=backend,
        seed=seed,
        images=images,
        clicks=clicks,
        sets=tuple(sets.replace(",", " ").split()),
        variants=tuple(variants.replace(",", " ").split()),
        training=settings_of(chosen),
        shipped=shipped,
        executor=executor,
    )
    check_chosen(name, options)
    command = f"annotator {shlex.join(sys.argv[1:])}"
    part = None if shard is None else Shard.named(shard)
    if part is not None:
        results = given(results)
    with ProgressBar() as progress, executor:
        if results is not None:
            check_shared_out(name, "--shard and --results")
            options = in_parts(name, options, results, part, progress)
        try:
            result = run_protocol(name, options, command, progress)
        except PartDone as done:
            assert part is not None
            assert results is not None
            tell_part(part, results, done.tasks, done.before, as_json=False)
            return
    if json_file is not None and json_file != OUTPUT:
        result.write(json_file)
    if plot is not None:
        from landmark_annotator.annotator.cli.reports import latency_plot

        latency_plot.draw(plot, result.figures)
    if json_file == OUTPUT:
        answer(asdict(result), "", as_json=True)
        return
    if earlier is None:
        typer.echo(columns([(key, as_text(value)) for key, value in result.figures.items()]))
        return
    changed = differences(earlier.figures, result.figures)
    if changed:
        typer.echo(columns([("figure", "earlier", "now"), *changed]))
    else:
        typer.echo("No figure differs.")


def _check_places(name: str, json_file: Path | None, plot: Path | None, work: Path | None) -> None:
    """Before hours of work, not after them. Raises typer.BadParameter where nothing can be
    written."""
    if plot is not None and name != "latency":
        raise typer.BadParameter("only latency has something to plot.", param_hint="--plot")
    for option, place in (("--json", json_file), ("--plot", plot)):
        if place is not None and place.is_dir():
            raise typer.BadParameter(f"{place} is a folder: name a file.", param_hint=option)
    if plot is not None and not plot.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {plot.parent}.", param_hint="--plot")
    for option, place in (("--json", json_file), ("--plot", plot)):
        if place is not None and place != OUTPUT:
            check_folder(place.absolute().parent, option)
    if work is not None:
        check_folder(work, "--work")
