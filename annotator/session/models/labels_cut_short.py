"""The labels of a training that came to no end: what it had learned goes on with them alone.

People label while a training goes on, so that whoever begins it again has others by then.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.training_record import (
    TrainingRecord,
    path_of,
    trainings,
    unfinished,
)
from landmark_annotator.annotator.session.models.training_schedule import has_grown
from landmark_annotator.projects.folder_sync import write_whole
from landmark_annotator.projects.vocabulary import LabelledInstance


def keep_labels(record: Path, keys: Iterable[str]) -> None:
    """record: of the training that begins with the instances of these keys."""
    with suppress(OSError):  # It only costs time.
        write_whole(_labels_of(record), json.dumps(list(keys)))


def forget_labels(record: Path) -> None:
    with suppress(OSError):
        _labels_of(record).unlink(missing_ok=True)


def to_go_on_with(
    library: ModelLibrary,
    backend: str,
    settings: Mapping[str, Any],
    labels: Sequence[LabelledInstance],
) -> Sequence[LabelledInstance]:
    """Those among the labels that the last training of the backend had begun with, where it, or the
    one that it went on from, came to no end after at least an epoch, with these settings, all of
    them are still there, and they are not by half more by now. All of them else."""
    before = unfinished(trainings(library), backend)
    learned = any(one.curves.get("loss") for one in before)
    if not learned or not _is_with(before[0], settings):
        return labels
    try:
        keys = set(json.loads(_labels_of(path_of(library, before[0].number)).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return labels
    found = [each for each in labels if each.key in keys]
    whole = len(found) == len(keys) and not has_grown(len(labels), len(keys))
    return found if whole else labels


def _is_with(before: TrainingRecord, settings: Mapping[str, Any]) -> bool:
    given = {name: before.settings[name] for name in before.changed if name in before.settings}
    return json.dumps(given, sort_keys=True) == json.dumps(dict(settings), sort_keys=True)


def _labels_of(record: Path) -> Path:
    return record.with_suffix(".labels")
