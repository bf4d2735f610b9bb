"""What an import asks of each entry must not cost more where an image has many instances: files of
crowds, of wings on one slide or of frames in one picture have thousands."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.exchange.transfer.stored_instances import Known, StoredInstances
from landmark_annotator.projects.store import InstanceRecord, InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

FEW, MANY = 20, 2000
STATE = InstanceState.ACCEPTED
BOX = Box(0, 0, 10, 10)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", Scheme("pair", ("left", "right"))) as opened:
        yield opened


def shape(number: int) -> Shape:
    return Shape(np.array([[number, 1.0], [2.0, 3.0]]))


def entry_of(shape: Shape) -> ImportedInstance:
    return ImportedInstance(Path("a.png"), shape, BOX, "new")


def stored(project: Project, count: int) -> tuple[StoredInstances, int]:
    found = StoredInstances(project)
    image = found.add_image("hash", b"a.png")
    for number in range(count):
        record = InstanceRecord(number + 1, image, BOX, STATE)
        found.add(image, record, f"key {number}", shape(number), Known.MORE)
    return found, image


def steps(stored: StoredInstances, asked: Callable[[], object]) -> int:
    """Of SQLite's machine."""
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    connection = stored._database._connection
    connection.set_progress_handler(count, 1)
    asked()
    connection.set_progress_handler(None, 0)
    return counted


QUESTIONS: dict[str, Callable[[StoredInstances, int, ImportedInstance], object]] = {
    "waiting": lambda s, image, entry: s.waiting(image, "new", entry),
    "record": lambda s, image, entry: s.record(image, "new", entry),
    "has": lambda s, image, entry: s.has(image, entry),
    "of_key": lambda s, image, entry: s.of_key(image, "new", entry),
    "has_excluded": lambda s, image, entry: s.has_excluded(image, "new", entry.shape),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_costs_the_same_where_an_image_has_many_instances(
    project: Project, question: str
) -> None:
    entry = entry_of(shape(-1))
    costs = []
    for count in (FEW, MANY):
        found, image = stored(project, count)
        costs.append(steps(found, lambda: QUESTIONS[question](found, image, entry)))  # noqa: B023
    assert costs[1] < 2 * costs[0]


def test_an_entry_speaks_of_the_instance_of_its_key_before_one_of_its_shape(
    project: Project,
) -> None:
    found, image = stored(project, 3)
    entry = entry_of(shape(0))
    assert found.record(image, "key 2", entry) == 3
    assert found.record(image, "new", entry) == 1
    assert found.record(image, "new", entry_of(shape(9))) is None


def test_one_that_waits_with_the_same_key_is_filled_first(project: Project) -> None:
    found, image = stored(project, 2)
    for number in (7, 8):
        record = InstanceRecord(number, image, None, InstanceState.UNTOUCHED)
        found.add(image, record, f"key {number}", shape(number), Known.NOTHING)
    entry = entry_of(shape(5))
    second, other = found.waiting(image, "key 8", entry), found.waiting(image, "new", entry)
    assert second is not None
    assert other is not None
    assert (second.record, other.record) == (8, 7)
    found.fill(other, "new", shape(5))
    left = found.waiting(image, "new", entry)
    assert left is not None
    assert left.record == 8
