"""annotator trainings: what each training of a project was, and two compared."""

from pathlib import Path
from typing import Annotated, Any

import typer

from landmark_annotator.annotator.cli.support.opened_project import open_to_read
from landmark_annotator.annotator.cli.support.options import (
    AsJson,
    ProjectFolder,
    no_project_file,
)
from landmark_annotator.annotator.cli.support.output import answer, columns, note


def trainings(
    project: ProjectFolder,
    number: Annotated[
        int | None, typer.Argument(metavar="NUMBER", help="One training in full.")
    ] = None,
    compare: Annotated[
        tuple[int, int] | None,
        typer.Option(metavar="A B", help="What differs between two of them."),
    ] = None,
    propose_again: Annotated[
        int | None,
        typer.Option(
            "--propose-again",
            metavar="NUMBER",
            help="Let the model of this training take the place of its backend's present one.",
        ),
    ] = None,
    tensorboard: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write curves and settings there as TensorBoard reads them: of all trainings, or "
            "of those that were named.",
            callback=no_project_file,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what each training of a project was: who, when, settings, curves, what came of it.

    Example: annotator trainings faces --compare 1 2
    """
    from landmark_annotator.annotator.session.models.library import ModelLibrary
    from landmark_annotator.annotator.session.models.training_record import TrainingRecord
    from landmark_annotator.annotator.session.reports.training_report import (
        begun_text,
        curve_sentences,
        differences,
        duration_text,
        error_text,
        facts_of,
        learned_from_text,
        outcome_text,
        trainings_of,
    )

    if number is not None and compare is not None:
        raise typer.BadParameter("Name one training, or two to compare.")
    if propose_again is not None:
        _propose_again(project, propose_again)
    with open_to_read(project) as opened:
        found = trainings_of(ModelLibrary.of(opened))
    chosen = [found.numbered(each) for each in compare or ([number] if number is not None else [])]
    shown: list[TrainingRecord] = chosen or list(found.records)
    facts: dict[str, Any] = {
        "trainings": [
            {
                **one.as_json(),
                "proposes": one.number == found.proposing,
                "kept": one.number in found.kept,
            }
            for one in shown
        ]
    }
    if compare is not None:
        rows = differences(*chosen)
        facts["differences"] = [{"what": w, "first": a, "second": b} for w, a, b in rows]
        titles = [f"training {one.number}" for one in chosen]
        text = columns([("", *titles), *rows]) if rows else "They differ in nothing."
        for one in chosen:
            text += "".join(f"\ntraining {one.number}: {said}" for said in curve_sentences(one))
    elif chosen:
        [one] = chosen
        lines = [f"{what}: {said}" for what, said in facts_of(one, one.number == found.proposing)]
        text = "\n".join([*lines, *curve_sentences(one)])
    elif shown:
        head = ("", "begun", "by", "backend", "learned from", "error", "took", "outcome")
        rows_of_all = [
            (
                str(one.number),
                begun_text(one),
                one.who,
                one.backend,
                learned_from_text(one),
                error_text(one),
                duration_text(one),
                outcome_text(found, one),
            )
            for one in shown
        ]
        text = columns([head, *rows_of_all])
    else:
        text = "Nothing was trained in this project yet: annotator train PROJECT"
    if tensorboard is not None:
        from landmark_annotator.annotator.cli.reports.tensorboard_files import write_tensorboard

        facts["written"] = write_tensorboard(shown, tensorboard)
        if shown:
            text = f"Written for {len(shown):,}: tensorboard --logdir {tensorboard}"
    answer(facts, text, as_json=as_json)


def _propose_again(project: Path, number: int) -> None:
    from landmark_annotator.annotator.session.models.earlier_models import propose_again
    from landmark_annotator.annotator.session.models.library import ModelLibrary
    from landmark_annotator.annotator.session.models.training_record import (
        proposing,
        training_numbered,
        trainings,
    )

    with open_to_read(project) as opened:
        library = ModelLibrary.of(opened)
    records = trainings(library)
    propose_again(library, training_numbered(records, number))
    if proposing(library, records) == number:
        note(f"The model of training {number} proposes.")
    else:
        note(f"The model of training {number} is there again, but another one proposes before it.")
