"""annotator gather: the results of all parts, put into the project."""

from pathlib import Path
from typing import Annotated

import typer

from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import AsJson, ProjectFolder, Strict
from landmark_annotator.annotator.cli.support.output import answer, counted, note

_NAMED = 20


def gather(
    project: ProjectFolder,
    results: Annotated[Path, typer.Argument(metavar="FOLDER", help="That was given to --results.")],
    strict: Strict = False,
    as_json: AsJson = False,
) -> None:
    """Put what the parts of a command (--shard) have computed into the project, each result once.

    Of a simulation, which writes nothing, it says what the plain command says.

    What was changed since, a box or an image, is passed over and named; a part of another project
    or model, or a damaged one, is refused and nothing is put in. Found objects, and filled shapes,
    are one step for undo. Says which parts are missing: gather again when they are there.

    Example: annotator gather faces results
    """
    from landmark_annotator.annotator.cli.support.opened_project import open_to_write
    from landmark_annotator.annotator.cli.support.person import who
    from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
    from landmark_annotator.annotator.session.models.novelty import unknown_sentence
    from landmark_annotator.annotator.session.shards import simulation_shards
    from landmark_annotator.annotator.session.shards.gather import gather as put_in
    from landmark_annotator.annotator.session.shards.manifest import read_manifest
    from landmark_annotator.projects.vocabulary.wording import first_few

    if read_manifest(results).asked.command == simulation_shards.NAME:
        from landmark_annotator.annotator.cli.reports.simulation_report import report
        from landmark_annotator.annotator.session.review.millimetres import millimetres

        with open_to_read(project) as opened:
            simulated, settings = simulation_shards.gathered_simulation(opened, results)
            report(simulated, settings, millimetres(opened), as_json=as_json)
        return
    with open_to_write(project, much=True) as opened, ProgressBar() as progress:
        done = put_in(opened, results, who=who(), progress=progress)
    put = done.put
    there = f"{done.shards - len(done.missing):,} of {counted(done.shards, 'part')}"
    found = f", with {counted(put.objects, 'object')}" if done.command == "find" else ""
    lines = [
        f"Put in the results of {counted(put.done, 'task')}{found}, from {there}.",
        *([f"{put.already:,} had been put in before."] if put.already else []),
    ]
    if done.missing:
        parts = first_few([*map(str, done.missing)], _NAMED)
        lines.append(f"Missing: part {parts}. Compute them, and gather again.")
    answer(
        {
            "command": done.command,
            "put_in": put.done,
            "objects": put.objects,
            "already": put.already,
            "changed": put.changed,
            "unreadable": put.unreadable,
            "unknown": put.unknown,
            "shards": done.shards,
            "missing": list(done.missing),
        },
        "\n".join(lines),
        as_json=as_json,
    )
    if put.unknown:
        note(unknown_sentence(put.unknown))
    for line in (*put.changed[:_NAMED], *put.unreadable[:_NAMED]):
        note(line)
    for noun, all_ in (("passed over", put.changed), ("not readable", put.unreadable)):
        if len(all_) > _NAMED:
            note(f"{len(all_):,} were {noun}; --json names all.")
    if strict and (done.missing or put.changed or put.unreadable):
        raise typer.Exit(ExitCode.INCOMPLETE)
