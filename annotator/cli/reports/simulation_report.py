"""What a simulation has found, for `annotator simulate` and for the parts of one."""

from typing import TYPE_CHECKING

from landmark_annotator.annotator.cli.support.output import answer, columns, note
from landmark_annotator.projects.vocabulary.wording import counted, fine

if TYPE_CHECKING:
    from landmark_annotator.annotator.session.evaluation.simulated_project import (
        Settings,
        Simulated,
    )
    from landmark_annotator.annotator.session.review.millimetres import Millimetres


def report(
    done: "Simulated", settings: "Settings", measure: "Millimetres | None", *, as_json: bool
) -> None:
    """measure: what percent are in millimetres, where somebody knows."""
    mean, each = (f"{target:.3g}" for target in done.targets)
    rows = [("clicks", *(str(i) for i in range(len(done.nme))))]
    rows.append(("NME %", *(f"{value:.2f}" for value in done.nme)))
    by = ""
    if measure is not None:
        rows.append(("mm", *(fine(measure.of(value)) for value in done.nme)))
        by = f"Millimetres are by a normaliser of {measure.said}.\n"
    answer(
        {
            "instances": done.instances,
            "proposer": done.reason,
            "rule": settings.rule,
            "policy": settings.policy,
            "nme": done.nme,
            "millimetres": measure and measure.facts({"nme": done.nme}),
            f"noc_nme{mean}": done.noc_nme,
            f"noc_all{each}": done.noc_all,
            "targets": list(done.targets),
            "notes": done.notes,
            "seed": settings.seed,
        },
        f"{done.reason}\n{columns(rows)}\n{by}"
        f"Mean clicks to NME {mean}: {done.noc_nme:.2f}; until every point is within {each} %: "
        f"{done.noc_all:.2f} (of {counted(done.instances, 'instance')}; never counts "
        f"{len(done.nme)}).",
        as_json=as_json,
    )
    for line in (*done.unreadable, *done.notes):
        note(line)
