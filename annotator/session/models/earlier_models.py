"""Earlier models of a project, kept so that one of them can propose again.

A training replaces the model of its backend. What was there before, if a record tells of it, is
copied first; the last few of each backend are kept.
"""

import shutil
from contextlib import suppress
from pathlib import Path

from landmark_annotator.annotator.session.models.library import KeptModel, ModelLibrary
from landmark_annotator.annotator.session.models.training_record import (
    Outcome,
    TrainingRecord,
    number_of,
    trainings,
)
from landmark_annotator.backends.finders import FINDER
from landmark_annotator.backends.learning.model_cards import CARD, has_card
from landmark_annotator.backends.parsers import PARSERS
from landmark_annotator.backends.registry import backend_named
from landmark_annotator.projects.folder_sync import make_folder, sync_file, sync_folder
from landmark_annotator.projects.vocabulary.errors import ActionableError

MOST = 3
"""Earlier models of a backend that are kept; each has the size of its weights, some megabytes."""
_UNFINISHED = ("checkpoint", ".part")
"""Of files that are no part of a model."""


def keep_model(library: ModelLibrary, own: KeptModel) -> None:
    """Copies the present model of a backend beside it, before another one takes its place. Nothing
    where there is none, no record tells of it, or the disk takes no copy."""
    records = trainings(library)
    number = number_of(own, records)
    if number is None or not number or has_card(library.earlier_model(number)):
        return
    target = library.earlier_model(number)
    part = target.with_name(f"{target.name}.part")
    with suppress(OSError):
        shutil.rmtree(part, ignore_errors=True)
        make_folder(part)
        _copy(own.folder, part)
        part.replace(target)
        sync_folder(target.parent)
    _forget_oldest(library, own.name, records)


def is_kept(library: ModelLibrary, record: TrainingRecord) -> bool:
    """Whether its model can propose again, or does."""
    return bool(record.model) and (
        has_card(library.earlier_model(record.number)) or number_now(library, record) is not None
    )


def number_now(library: ModelLibrary, record: TrainingRecord) -> int | None:
    """The number of the record whose model its backend has now."""
    return number_of(_own(library, record), [record])


def propose_again(library: ModelLibrary, record: TrainingRecord) -> None:
    """The model of this training takes the place of its backend's present one, which is kept.

    Raises ActionableError where it is not kept, or cannot be written.
    """
    own, source = _own(library, record), library.earlier_model(record.number)
    if number_of(own, [record]) is not None:
        return
    if record.outcome is Outcome.RUNNING:
        raise ActionableError(
            f"Training {record.number} is still running: it has left no model yet.",
            kept="What proposes now goes on doing so.",
            remedy="Its model proposes by itself once it is there and held-out shapes say so.",
        )
    if not record.model or not has_card(source):
        what = (
            "The model of training {} is not kept."
            if record.model
            else "Training {} left no model."
        )
        chosen = " ".join(f"--set {name}={record.settings[name]}" for name in record.changed)
        raise ActionableError(
            what.format(record.number),
            kept=f"The last {MOST} of each backend are kept, and the present one.",
            remedy=f"Train again: annotator train PROJECT --backend {record.backend} "
            f"{chosen}".rstrip(),
        )
    keep_model(library, own)
    try:
        make_folder(own.folder)
        for beside in (own.comparison_file, own.boxes_file):
            beside.unlink(missing_ok=True)
        _copy(source, own.folder)
    except OSError as error:
        raise ActionableError(
            f"The model cannot be written into {own.folder}: {error.strerror or error}.",
            kept=f"What was kept of training {record.number} is still kept.",
            remedy="Free some space, or make the folder writable, and do it again.",
        ) from error


def _own(library: ModelLibrary, record: TrainingRecord) -> KeptModel:
    beside = {each.name: each for each in (FINDER, *PARSERS)}
    return library.own(beside.get(record.backend) or backend_named(record.backend))


def _copy(source: Path, target: Path) -> None:
    """The files of a model, the card last: it says that all others are there."""
    files = [path for path in source.rglob("*") if path.is_file()]
    files = [path for path in files if not any(part in path.name for part in _UNFINISHED)]
    for path in sorted(files, key=lambda path: path.name == CARD):
        place = target / path.relative_to(source)
        make_folder(place.parent)
        part = place.with_name(f"{path.name}.part")
        shutil.copyfile(path, part)
        sync_file(part)
        part.replace(place)
        sync_folder(place.parent)


def _forget_oldest(library: ModelLibrary, backend: str, records: list[TrainingRecord]) -> None:
    kept = [one.number for one in records if one.backend == backend]
    kept = [number for number in kept if has_card(library.earlier_model(number))]
    for number in kept[:-MOST]:
        shutil.rmtree(library.earlier_model(number), ignore_errors=True)
