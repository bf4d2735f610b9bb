"""An import of boxes alone is taken back as one of labels is."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import InstanceState, Project, Role
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import Box, Scheme
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


@pytest.fixture
def whole(project: Project, tmp_path: Path) -> Project:
    """A second photograph; the objects fill both."""
    Image.new("RGB", (100, 60), (1, 0, 0)).save(tmp_path / "1.png")
    for name in ("0.png", "1.png"):
        import_labels(project, tmp_path / name, who="ada", whole_images=True)
    return project


def of_both(tmp_path: Path) -> Path:
    file = coco(tmp_path / "boxes.json", (LEFT, NOWHERE))
    content = json.loads(file.read_text())
    content["images"].append({**content["images"][0], "id": 2, "file_name": "1.png"})
    content["annotations"].append({**content["annotations"][0], "id": 2, "image_id": 2})
    file.write_text(json.dumps(content))
    return file


def test_boxes_of_objects_that_filled_their_images_are_taken_back(
    whole: Project, tmp_path: Path
) -> None:
    """They were in no list of imports."""
    before = [record.box for record in whole.instances()]
    file = of_both(tmp_path)
    number = brought(whole, file)
    assert [(one.name, one.labels) for one in whole.imports()] == [("boxes.json", 2)]
    assert [r.box for r in whole.instances()] != before
    assert taken(whole, number) == (2, 0)
    assert [r.box for r in whole.instances()] == before
    assert whole.imports() == []
    assert import_labels(whole, file, who="ada").filled == 2
    assert whole.imports()[0].labels == 2


def test_boxes_that_were_undone_are_no_import_any_more(whole: Project, tmp_path: Path) -> None:
    number = brought(whole, of_both(tmp_path))
    whole.undo("ada")
    assert whole.imports() == []
    whole.redo("ada")
    first, _ = whole.instances()
    whole.set_box(first.id, Box(20, 20, 10, 10), who="bob")
    assert taken(whole, number) == (1, 1)
    assert whole.instances()[0].box == Box(20, 20, 10, 10)
    assert whole.undo("ada") is not None
    assert taken(whole, number) == (1, 1)


def test_undo_leaves_boxes_that_somebody_else_has_taken_back(
    whole: Project, tmp_path: Path
) -> None:
    before = [record.box for record in whole.instances()]
    number = brought(whole, of_both(tmp_path))
    whole.take_back_import(number, who="bob")
    whole.undo("ada")
    assert [record.box for record in whole.instances()] == before
    assert list(content_findings(whole)) == []


def test_whole_images_for_many_objects_are_one_step(project: Project, tmp_path: Path) -> None:
    """Each was a step of its own for undo."""
    images = tmp_path / "images"
    images.mkdir()
    for n in range(3):
        Image.new("RGB", (100, 60), (n, 9, 0)).save(images / f"{n}.png")
    import_labels(project, images, who="ada")
    report = import_labels(project, images, who="ada", whole_images=True)
    assert "3 objects there already without a box got the whole image." in report.notes
    assert boxes(project) == [True] * 3
    project.undo("ada")
    assert boxes(project) == [False] * 3


def test_an_object_in_other_hands_gets_no_box(project: Project, tmp_path: Path) -> None:
    import_labels(project, tmp_path / "0.png", who="ada")
    (record,) = project.instances()
    for name in ("ada", "bob"):
        project.set_person(name, Role.LEAD, who="ada")
    project.take_images([record.image_id], who="bob")
    report = import_labels(project, tmp_path / "0.png", who="ada", whole_images=True)
    assert project.instance(record.id).box is None
    assert any("somebody else has the image" in line for line in report.notes)
