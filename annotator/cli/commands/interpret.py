"""annotator interpret: how landmarks move together in a backend's predictions."""

from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.options import AsJson, Seed, no_project_file
from landmark_annotator.annotator.cli.support.output import answer, columns, counted
from landmark_annotator.annotator.cli.support.written_files import check_folder


def interpret(
    backend: Annotated[
        str,
        typer.Argument(
            metavar="BACKEND",
            help="Such as exemplar, heatmap or weak; any other word lists all.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            callback=no_project_file,
            help="Write pictures and tables of all figures here.",
        ),
    ] = None,
    project: Annotated[
        Path | None,
        typer.Option(
            help="This project's model, on labelled instances that it has not learned from. "
            "Default: one trained on the 300-W faces of LANDMARK_DATA, on the test faces."
        ),
    ] = None,
    shipped: Annotated[
        bool,
        typer.Option("--shipped", help="The weights that come with the program: no training."),
    ] = False,
    work: Annotated[
        Path | None, typer.Option(help="Keep the model trained for this here, for the next time.")
    ] = None,
    pair: Annotated[
        list[str] | None,
        typer.Option(metavar="I,J", help="Two landmarks to follow from stage to stage; again."),
    ] = None,
    epochs: Annotated[
        int,
        typer.Option(min=0, help="Also look at a short training of coordinates, epoch by epoch."),
    ] = 0,
    images: Annotated[
        int | None, typer.Option(min=1, help="How many instances. Default: all.")
    ] = None,
    jitter: Annotated[
        float, typer.Option(min=0.0, help="Deviation of the boxes, in their sides.")
    ] = 0.05,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Compare how landmarks move together in predictions and in the truth, stage by stage.

    Affinity is the mean canonical correlation of two landmarks; an error above zero says that a
    pair moves together more than it should. For weak, give --epochs or a --project.

    Example: annotator interpret heatmap --shipped --out build/interpret
    """
    from landmark_annotator.annotator.cli.reports.interpretation_files import write_files
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.protocols.framework.options import Options
    from landmark_annotator.annotator.protocols.interpret import figures, interpreted
    from landmark_annotator.annotator.protocols.thesis_findings import findings
    from landmark_annotator.backends.registry import backend_named

    for option, folder in (("--out", out), ("--work", work)):
        if folder is not None:
            check_folder(folder, option)
    options = Options(
        project=None if project is None else str(project),
        work=None if work is None else str(work),
        backend=backend_named(backend).name,
        shipped=shipped,
        seed=seed,
        jitter=jitter,
        images=images,
    )
    pairs = None if pair is None else [_pair(text) for text in pair]
    with ProgressBar() as progress:
        found = interpreted(options, progress, pairs, epochs)
    told = findings(found)
    rows = [("stage", "NME %", "mean error", *(f"{i}-{j}" for i, j in found.pairs))]
    for name, matrix in {**found.stages, **found.epochs}.items():
        error = f"{float(found.error(name).mean()):+.4f}"
        own = [f"{float(matrix[i, j]):.3f}" for i, j in found.pairs]
        rows.append((name, f"{found.nmes[name]:.2f}", error, *own))
    rows.append(("truth", "", "", *(f"{float(found.truth[i, j]):.3f}" for i, j in found.pairs)))
    lines = [
        f"Affinities of {counted(found.instances, 'instance')}; errors are those of predictions "
        "less those of the labels.",
        columns(rows),
        *(finding.said() for finding in told),
    ]
    if out is not None:
        write_files(out, found)
        lines.append(f"Pictures and tables are in {out}.")
    answer(
        {
            "backend": backend,
            "figures": figures(found),
            "findings": [vars(finding) for finding in told],
            "out": None if out is None else out.absolute(),
        },
        "\n".join(lines),
        as_json=as_json,
    )


def _pair(text: str) -> tuple[int, int]:
    first, _, second = text.partition(",")
    try:
        return int(first), int(second)
    except ValueError:
        raise typer.BadParameter(
            f"{text} is not two numbers of landmarks, such as 62,66.", param_hint="--pair"
        ) from None
