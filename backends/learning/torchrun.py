"""A training whose processes torchrun has started, on one machine or several.

All of them are called alike. The first one reads the labels, writes the model and tells the others
what to learn; nothing is kept of what those do.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from torch import distributed

from landmark_annotator.backends.learning.shared_training import PATIENCE, Lesson, with_device
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.progress import SILENT


@contextmanager
def led(lesson: Lesson) -> Iterator[Mapping[str, Any]]:
    """In the first process: all others train with it inside. Gives the settings that this one
    trains with."""
    distributed.init_process_group("gloo", timeout=PATIENCE)
    try:
        distributed.broadcast_object_list([lesson])
        yield _own(lesson)
    finally:
        distributed.destroy_process_group()


def follow() -> None:
    """In all others: the same training, to its end."""
    distributed.init_process_group("gloo", timeout=PATIENCE)
    try:
        told: list[Any] = [None]
        distributed.broadcast_object_list(told)
        lesson: Lesson = told[0]
        # What is wrong with the labels or the settings the first one says.
        with tempfile.TemporaryDirectory() as folder, suppress(ActionableError):
            lesson.train(lesson.instances, lesson.scheme, Path(folder), _own(lesson), SILENT)
    finally:
        distributed.destroy_process_group()


def _own(lesson: Lesson) -> Mapping[str, Any]:
    """On several cards of a machine each has one of its own."""
    if lesson.settings.get("device") != "cuda":
        return lesson.settings
    return with_device(f"cuda:{os.environ['LOCAL_RANK']}", lesson.settings)
