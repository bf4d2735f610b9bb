"""Records of trainings that there have been, for tests of what reads them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.training_record import (
    TrainingRecord,
    path_of,
    trainings,
)

_BEGUN = datetime(2026, 3, 7, 12, tzinfo=UTC)


def keep_training(
    library: ModelLibrary, backend: str, labels: int, error: float | None, **others: Any
) -> TrainingRecord:
    """One more, an hour after the one before."""
    number = 1 + max((each.number for each in trainings(library)), default=0)
    figures = {} if error is None else {"held_out_error": error}
    begun = _BEGUN + timedelta(hours=number)
    record = TrainingRecord(number, begun, backend, labels, figures=figures)
    record = replace(record, **others)
    library.trainings_folder.mkdir(parents=True, exist_ok=True)
    path_of(library, number).write_text(json.dumps(record.as_json()))
    return record
