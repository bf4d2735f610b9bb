"""An import of boxes alone is taken back as one of labels is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import Scheme
from tests.unit.projects.exchange.transfer.test_known_objects import FACE, NOWHERE, coco

LEFT, RIGHT = [8.0, 8, 24, 34], [66.0, 8, 28, 34]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    Image.new("RGB", (100, 60)).save(tmp_path / "0.png")
    with Project.create(tmp_path / "project", Scheme("face", ("left", "right", "chin"))) as made:
        yield made


def brought(project: Project, file: Path) -> int:
    import_labels(project, file, who="ada")
    return project.imports()[0].number


def taken(project: Project, number: int) -> tuple[int, int]:
    done = project.take_back_import(number, who="ada")
    assert list(content_findings(project)) == []
    return done.taken, done.stays


def boxes(project: Project) -> list[bool]:
    """Whether those that count have one."""
    return [record.box is not None for record in project.instances()]


@pytest.mark.parametrize("waiting", [False, True])
def test_one_object_waits_again_and_the_right_boxes_come_in(
    project: Project, tmp_path: Path, waiting: bool
) -> None:
    if waiting:  # the image came first, with an object that waits
        import_labels(project, tmp_path / "0.png", who="ada")
    wrong = coco(tmp_path / "wrong.json", (RIGHT, NOWHERE), (LEFT, NOWHERE))
    number = brought(project, wrong)
    assert [(one.name, one.labels) for one in project.imports()] == [("wrong.json", 2)]
    assert boxes(project) == [True, True]

    assert taken(project, number) == (2, 0)
    assert boxes(project) == [False]
    assert project.imports() == []

    right = coco(tmp_path / "right.json", (LEFT, NOWHERE), (RIGHT, NOWHERE))
    report = import_labels(project, right, who="ada")
    assert (report.added, report.filled) == (0, 2)
    assert boxes(project) == [True, True]
    assert list(content_findings(project)) == []


def test_it_is_a_step_for_undo(project: Project, tmp_path: Path) -> None:
    number = brought(project, coco(tmp_path / "0.json", (RIGHT, NOWHERE), (LEFT, NOWHERE)))
    taken(project, number)
    project.undo("ada")
    assert boxes(project) == [True, True]
    assert taken(project, number) == (2, 0)


def test_what_somebody_has_begun_stays(project: Project, tmp_path: Path) -> None:
    number = brought(project, coco(tmp_path / "0.json", (RIGHT, NOWHERE), (LEFT, NOWHERE)))
    begun, _ = project.instances()
    project.place(begun.id, 0, (70.0, 12.0), who="bob")
    assert taken(project, number) == (1, 1)
    assert project.instances() == [project.instance(begun.id)]


def test_labels_that_came_into_a_box_are_taken_back_before_it(
    project: Project, tmp_path: Path
) -> None:
    first = brought(project, coco(tmp_path / "boxes.json", (LEFT, NOWHERE)))
    second = brought(project, coco(tmp_path / "labels.json", (LEFT, FACE)))
    assert [(one.number, one.labels) for one in project.imports()] == [(second, 1)]

    assert taken(project, first) == (0, 0)
    assert taken(project, second) == (1, 0)
    assert [record.state for record in project.instances()] == [InstanceState.UNTOUCHED]
    assert boxes(project) == [True]

    assert [(one.number, one.labels) for one in project.imports()] == [(first, 1)]
    assert taken(project, first) == (1, 0)
    assert boxes(project) == [False]
