"""What people are told of trainings, and of how two of them differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landmark_annotator.annotator.session.models.earlier_models import is_kept
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.training_record import (
    TrainingRecord,
    proposing,
    sure_text,
    training_numbered,
    trainings,
)
from landmark_annotator.annotator.session.reports.figure_titles import figure_title
from landmark_annotator.projects.vocabulary.wording import counted, duration

_NONE = "\N{EN DASH}"


@dataclass(frozen=True)
class Trainings:
    """records: oldest first. proposing: the number of the one whose model proposes, None where
    something else does. kept: the numbers of those whose model is there and can propose again."""

    records: tuple[TrainingRecord, ...]
    proposing: int | None
    kept: frozenset[int]

    def numbered(self, number: int) -> TrainingRecord:
        """Raises ActionableError."""
        return training_numbered(self.records, number)


def trainings_of(library: ModelLibrary) -> Trainings:
    records = tuple(trainings(library))
    kept = frozenset(one.number for one in records if is_kept(library, one))
    return Trainings(records, proposing(library, records), kept)


def outcome_text(found: Trainings, record: TrainingRecord) -> str:
    """With what became of its model."""
    if record.number == found.proposing:
        return f"{record.outcome.value}, proposes"
    return f"{record.outcome.value}, kept" if record.number in found.kept else record.outcome.value


def begun_text(record: TrainingRecord) -> str:
    """By the clock on the wall."""
    return f"{record.begun.astimezone():%Y-%m-%d %H:%M}"


def learned_from_text(record: TrainingRecord) -> str:
    said = counted(record.labels, "instance")
    return f"{said} of {counted(record.groups, 'group')}" if record.groups else said


def error_text(record: TrainingRecord) -> str:
    """In percent, and how sure it is; of a finder how many of the labelled objects it finds."""
    if record.held_out_error is not None:
        return sure_text(record.figures)
    recall = record.figures.get("held_out_recall")
    return _NONE if recall is None else f"finds {recall:.0f} %"


def duration_text(record: TrainingRecord) -> str:
    return duration(record.seconds) if record.seconds else _NONE


def setting_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(setting_text, value))}]"
    return str(value)


def facts_of(record: TrainingRecord, proposes: bool) -> list[tuple[str, str]]:
    """(what, as people read it); settings that differ from the defaults first."""
    said = record.outcome.value + (f": {record.message}" if record.message else "")
    rows = [
        ("outcome", f"{said}{'; its model proposes' if proposes else ''}"),
        ("begun", begun_text(record)),
        ("by", record.who),
        ("backend", record.backend),
        ("learned from", learned_from_text(record)),
        ("began from", record.start),
        ("went on from", "" if record.went_on_from is None else f"training {record.went_on_from}"),
        ("took", duration_text(record)),
        ("device", record.device),
        ("program", record.program),
    ]
    rows = [(what, text) for what, text in rows if text]
    rows += [(figure_title(name), f"{value:g}") for name, value in record.figures.items()]
    chosen = [(f"setting {name}", setting_text(record.settings[name])) for name in record.changed]
    others = [
        (f"setting {name}, by default", setting_text(value))
        for name, value in record.settings.items()
        if name not in record.changed
    ]
    return [*rows, *chosen, *others]


def curve_sentences(record: TrainingRecord) -> list[str]:
    """Where each curve began, its least and where it ended."""
    said = []
    for name, points in record.curves.items():
        (first, begin), (last, end) = points[0], points[-1]
        epoch, least = min(points, key=lambda point: point[1])
        lowest = "" if epoch in (first, last) else f", at least {least:.3g} in epoch {epoch}"
        said.append(f"{name}: {begin:.3g} in epoch {first}, {end:.3g} in epoch {last}{lowest}")
    return said


def differences(one: TrainingRecord, other: TrainingRecord) -> list[tuple[str, str, str]]:
    """(what, of the one, of the other) where they differ: settings first, then what else went in,
    then what came out."""
    found = _apart(
        {name: setting_text(value) for name, value in one.settings.items()},
        {name: setting_text(value) for name, value in other.settings.items()},
    )
    found += _apart(_went_in(one), _went_in(other))
    figures = [{k: f"{v:g}" for k, v in each.figures.items()} for each in (one, other)]
    return [*found, *_apart(*figures)]


def _went_in(record: TrainingRecord) -> dict[str, str]:
    return {
        "backend": record.backend,
        "learned from": learned_from_text(record),
        "began from": record.start,
        "device": record.device,
        "program": record.program,
        "outcome": record.outcome.value,
    }


def _apart(one: Mapping[str, str], other: Mapping[str, str]) -> list[tuple[str, str, str]]:
    names = dict.fromkeys([*one, *other])
    pairs = ((name, one.get(name) or _NONE, other.get(name) or _NONE) for name in names)
    return [(name, first, second) for name, first, second in pairs if first != second]
