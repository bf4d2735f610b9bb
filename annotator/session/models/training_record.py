"""What each training of a project was: who, with what settings, how it went and what came of it.

One JSON file a training in `models/trainings`, replaced whole as it goes on; lines of
`trainings.jsonl` are of projects from before, and models without either count once, at the time of
their card.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any, Self

from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary
from landmark_annotator.annotator.session.models.prior_comparison import Comparison
from landmark_annotator.backends.learning.model_cards import bounds
from landmark_annotator.projects.file_lock import is_held
from landmark_annotator.projects.vocabulary.errors import ActionableError

Curve = tuple[tuple[int, float], ...]
"""(epoch, value), in the order of epochs."""


class Outcome(Enum):
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    CUT_SHORT = "cut short"
    """Its program ended without a word, as by a power cut."""


@dataclass(frozen=True)
class TrainingRecord:
    """number: counted from 1 in a project. labels and groups: instances that were there to learn
    from, held-out ones among them, and how many groups of related ones they are. settings: all,
    and changed: those that differ from the defaults of that version. start: the weights that it
    began from, where its backend can begin from any. curves: by what they measure. model: that it
    left, as proposals name it. went_on_from: the number of the stopped training that it goes on
    from."""

    number: int
    begun: datetime
    backend: str
    labels: int
    groups: int = 0
    who: str = ""
    program: str = ""
    device: str = ""
    start: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    curves: Mapping[str, Curve] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    outcome: Outcome = Outcome.FINISHED
    message: str = ""
    model: str = ""
    went_on_from: int | None = None

    @property
    def held_out_error(self) -> float | None:
        """NME in percent on labelled instances that it has not seen; None where nobody measured
        it, as of a finder."""
        return self.figures.get("held_out_error")

    @property
    def held_out_range(self) -> tuple[float, float] | None:
        """Between what that error lies with 95 % confidence; None where nothing tells."""
        low, high = (self.figures.get(bound) for bound in bounds("held_out_error"))
        return None if low is None or high is None else (low, high)

    def as_json(self) -> dict[str, Any]:
        content = dict(vars(self))
        content["begun"] = self.begun.isoformat(timespec="seconds")
        content["outcome"] = self.outcome.value
        return content

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Raises ValueError, KeyError, TypeError or AttributeError for what is none."""
        curves = {
            str(name): tuple((int(epoch), float(value)) for epoch, value in points)
            for name, points in content["curves"].items()
        }
        known = {name: content[name] for name in cls.__dataclass_fields__ if name in content}
        return cls(
            **{
                **known,
                "begun": datetime.fromisoformat(content["begun"]),
                "outcome": Outcome(content["outcome"]),
                "changed": tuple(content["changed"]),
                "curves": curves,
                "figures": _numbers(content["figures"]),
            }
        )


def sure_text(figures: Mapping[str, float], name: str = "held_out_error") -> str:
    """A figure in percent, and between what it lies with 95 % confidence, where that is known: of
    few held-out groups it is hardly more than a guess, and to be read as one. A plug-in's card need
    not have it."""
    if name not in figures:
        return "not told"
    low, high = (figures.get(bound) for bound in bounds(name))
    between = "" if low is None or high is None else f" ({low:.2f} to {high:.2f})"
    return f"{figures[name]:.2f}{between} %"


def trainings(library: ModelLibrary) -> list[TrainingRecord]:
    """Oldest first. What is damaged is left out."""
    found = [*_lines(library.trainings_file), *_files(library.trainings_folder)]
    known = {one.backend for one in found if one.outcome is Outcome.FINISHED}
    unknown = [model for model in library.trained() if model.name not in known]
    found += filter(None, map(_by_its_card, unknown))
    return sorted(found, key=lambda one: (one.begun, one.number))


def training_numbered(records: Iterable[TrainingRecord], number: int) -> TrainingRecord:
    """Raises ActionableError where there is none of that number."""
    numbers = []
    for one in records:
        if one.number == number:
            return one
        numbers.append(one.number)
    known = f"There are {min(numbers)} to {max(numbers)}." if numbers else "There is none yet."
    raise ActionableError(f"There is no training {number} in this project.", remedy=known)


def unfinished(records: Sequence[TrainingRecord], backend: str) -> list[TrainingRecord]:
    """The trainings of the backend since the last one that came to its end, newest first.
    records: oldest first."""
    last_first = (one for one in reversed(records) if one.backend == backend)
    return list(takewhile(lambda one: one.outcome is not Outcome.FINISHED, last_first))


def proposing(library: ModelLibrary, records: Iterable[TrainingRecord]) -> int | None:
    """The number of the training whose model proposes now; None where none of them does: the prior
    or weights that came with the program do, or nothing is known of how the model was made."""
    for kept in library.kept():
        compared = Comparison.read(kept)
        if compared is None or compared.network_helps:
            return number_of(kept, records)
    return None


def path_of(library: ModelLibrary, number: int) -> Path:
    return library.trainings_folder / f"{number:04}.json"


def running_mark(record: Path) -> Path:
    """A file that is locked while the training goes on: a lock ends with its program."""
    return record.with_suffix(".running")


def training_mark(library: ModelLibrary, backend: str) -> Path:
    """A file that is locked while one of the backend's trainings goes on in the folder."""
    return library.trainings_folder / f"{backend}.running"


def is_trained_now(library: ModelLibrary, backend: str) -> bool:
    """Whether somebody trains it in the folder, as far as the disk can say."""
    try:
        return is_held(training_mark(library, backend))
    except OSError:
        return False


def number_of(kept: KeptModel, records: Iterable[TrainingRecord]) -> int | None:
    """Of the training that left this model; None where it is not there or no record tells of it."""
    try:
        maker = kept.maker(kept.name)
    except OSError:
        return None
    return next((one.number for one in records if one.model == maker), None)


def _files(folder: Path) -> list[TrainingRecord]:
    return [one for one in (_understood(partial(_file, p)) for p in folder.glob("*.json")) if one]


def _file(path: Path) -> TrainingRecord:
    record = TrainingRecord.from_json(json.loads(path.read_text(encoding="utf-8")))
    if record.outcome is Outcome.RUNNING and not _goes_on(running_mark(path)):
        return replace(record, outcome=Outcome.CUT_SHORT)
    return record


def _goes_on(mark: Path) -> bool:
    try:
        return is_held(mark)
    except OSError:  # A disk without locks: as far as anyone can tell.
        return True


def _lines(file: Path) -> list[TrainingRecord]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    found = [one for one in (_understood(partial(_line, line)) for line in lines) if one]
    return [replace(one, number=number) for number, one in enumerate(found, start=1)]


def _line(text: str) -> TrainingRecord:
    entry = json.loads(text)
    figures = {"held_out_error": float(entry["held_out_error"])}
    begun = datetime.fromisoformat(entry["at"])
    return TrainingRecord(0, begun, str(entry["backend"]), int(entry["labels"]), figures=figures)


def _by_its_card(model: KeptModel) -> TrainingRecord | None:
    def read() -> TrainingRecord:
        figures = _numbers(model.card["figures"])
        return TrainingRecord(
            0,
            model.trained_at.astimezone(UTC),
            model.name,
            model.learned_from,
            figures={"held_out_error": figures["held_out_error"], **figures},
            model=model.maker(model.name),
        )

    return _understood(read)


def _numbers(figures: Mapping[str, Any]) -> dict[str, float]:
    return {str(k): float(v) for k, v in figures.items() if isinstance(v, int | float)}


def _understood(make: Callable[[], TrainingRecord]) -> TrainingRecord | None:
    try:
        return make()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
