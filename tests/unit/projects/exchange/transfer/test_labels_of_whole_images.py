"""Labels for images of which it was said that their object fills them, and nothing more."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels, import_proposals
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Scheme

WHOLE = Box.whole_image(40, 30)
HEAD = "image,x0,y0,x1,y1\n"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Three photographs, each with an object that fills it and that nobody has labelled."""
    for number in range(3):
        Image.new("RGB", (40, 30), (number, 0, 0)).save(tmp_path / f"{number}.png")
    with Project.create(tmp_path / "project", Scheme("eyes", ("left", "right"))) as opened:
        import_labels(opened, tmp_path, who="ada", whole_images=True)
        assert [record.box for record in opened.instances()] == [WHOLE] * 3
        yield opened


def table(folder: Path, rows: str) -> Path:
    (folder / "labels.csv").write_text(HEAD + rows, encoding="utf-8")
    return folder / "labels.csv"


def coco(folder: Path, *objects: tuple[list[float], list[float]]) -> Path:
    """Boxes and keypoints, all of the first photograph."""
    content = {
        "images": [{"id": 1, "file_name": "0.png", "width": 40, "height": 30}],
        "categories": [{"id": 1, "name": "eyes", "keypoints": ["left", "right"]}],
        "annotations": [
            {"id": n, "image_id": 1, "category_id": 1, "bbox": box, "keypoints": points}
            for n, (box, points) in enumerate(objects, 1)
        ],
    }
    (folder / "labels.json").write_text(json.dumps(content), encoding="utf-8")
    return folder / "labels.json"


def test_they_label_the_object_that_is_there(project: Project, tmp_path: Path) -> None:
    labels = table(tmp_path, "0.png,10,10,30,10\n1.png,12,11,28,13\n")
    told = import_labels(project, labels, who="ada", dry_run=True)
    report = import_labels(project, labels, who="ada")
    assert (report.filled, report.added) == (told.filled, told.added) == (2, 0)
    assert [record.box for record in project.instances()] == [WHOLE] * 3
    accepted = [shape.points.tolist() for _, shape in project.shapes()]
    assert accepted == [[[10, 10], [30, 10]], [[12, 11], [28, 13]]]
    again = import_labels(project, labels, who="ada")
    assert (again.filled, again.added, again.unchanged) == (0, 0, 2)


def test_a_box_of_the_file_is_the_objects(project: Project, tmp_path: Path) -> None:
    labels = coco(tmp_path, ([5, 5, 20, 10], [10, 10, 2, 20, 10, 2]))
    assert import_labels(project, labels, who="ada").filled == 1
    record = project.instances()[0]
    assert record.state is InstanceState.ACCEPTED
    assert record.box is not None
    assert (record.box.width, record.box.height) == (20, 10)
    assert import_labels(project, labels, who="ada").unchanged == 1


def test_labels_with_a_box_of_the_whole_image_leave_it(project: Project, tmp_path: Path) -> None:
    labels = coco(tmp_path, ([0, 0, 40, 30], [10, 10, 2, 20, 10, 2]))
    assert import_labels(project, labels, who="ada").filled == 1
    assert project.instances()[0].box == WHOLE


def test_of_several_objects_none_fills_the_image_and_none_is_lost(
    project: Project, tmp_path: Path
) -> None:
    labels = table(tmp_path, "0.png,4,10,10,10\n0.png,20,10,32,10\n")
    report = import_labels(project, labels, who="ada")
    assert (report.filled, report.added) == (1, 1)
    first, second = (record for record in project.instances() if record.image_id == 1)
    assert first.box == Box(7, 10, 6, 6)
    assert second.box == Box(26, 10, 12, 12)


def test_what_was_placed_or_drawn_by_hand_stays(project: Project, tmp_path: Path) -> None:
    clicked, drawn, _ = project.instances()
    project.place(clicked.id, 0, (5.0, 5.0), who="ada")
    project.set_box(drawn.id, Box(9, 9, 8, 8), who="ada")
    labels = table(tmp_path, "0.png,10,10,30,10\n1.png,12,11,28,13\n")
    report = import_labels(project, labels, who="ada")
    assert (report.filled, report.added) == (0, 2)
    assert project.shape(clicked.id).points[0].tolist() == [5, 5]
    assert project.instance(drawn.id).box == Box(9, 9, 8, 8)


def test_boxes_alone_are_of_the_objects_that_are_there_and_one_step(
    project: Project, tmp_path: Path
) -> None:
    labels = coco(tmp_path, ([5, 5, 20, 10], [0] * 6))
    more = json.loads(labels.read_text())
    more["images"].append({"id": 2, "file_name": "1.png", "width": 40, "height": 30})
    more["annotations"].append({**more["annotations"][0], "id": 2, "image_id": 2})
    labels.write_text(json.dumps(more))
    told = import_labels(project, labels, who="ada", dry_run=True)
    report = import_labels(project, labels, who="ada")
    assert (report.filled, report.added) == (told.filled, told.added) == (2, 0)
    boxes = [record.box for record in project.instances()]
    assert [(box.width, box.height) for box in boxes if box] == [(20, 10), (20, 10), (40, 30)]
    assert import_labels(project, labels, who="ada").unchanged == 2

    project.undo("ada")
    assert [record.box for record in project.instances()] == [WHOLE] * 3
    project.redo("ada")
    assert [record.box for record in project.instances()] == boxes
    project.undo("ada")
    assert import_labels(project, labels, who="ada").filled == 2


def test_a_box_that_is_all_of_the_image_says_nothing_new(project: Project, tmp_path: Path) -> None:
    report = import_labels(project, coco(tmp_path, ([0, 0, 40, 30], [0] * 6)), who="ada")
    assert (report.unchanged, report.filled, report.added) == (1, 0, 0)


def test_a_prediction_is_of_the_object_that_is_there(project: Project, tmp_path: Path) -> None:
    report = import_proposals(project, table(tmp_path, "0.png,10,10,20,10\n"), who="ada")
    assert (report.proposed, report.added) == (1, 0)
    assert project.instances()[0].box == WHOLE


def boxed_then_labelled(project: Project, tmp_path: Path) -> Box | None:
    """Boxes of two photographs, then labels of the first; the box of the first."""
    labels = coco(tmp_path, ([5, 5, 20, 10], [0] * 6))
    more = json.loads(labels.read_text())
    more["images"].append({"id": 2, "file_name": "1.png", "width": 40, "height": 30})
    more["annotations"].append({**more["annotations"][0], "id": 2, "image_id": 2})
    labels.write_text(json.dumps(more))
    assert import_labels(project, labels, who="ada").filled == 2
    labels = coco(tmp_path, ([5, 5, 20, 10], [10, 10, 2, 20, 10, 2]))
    labels = labels.rename(tmp_path / "others.json")
    report = import_labels(project, labels, who="ada")
    assert (report.added, report.filled) == (0, 1)
    return project.instances()[0].box


def test_labels_after_boxes_are_of_the_objects_that_have_these(
    project: Project, tmp_path: Path
) -> None:
    box = boxed_then_labelled(project, tmp_path)
    assert box is not None
    assert (box.width, box.height) == (20, 10)
    assert project.instances()[0].state is InstanceState.ACCEPTED


def test_undo_of_boxes_leaves_those_in_which_there_are_labels(
    project: Project, tmp_path: Path
) -> None:
    box = boxed_then_labelled(project, tmp_path)
    project.undo("ada")
    assert [record.box for record in project.instances()] == [box, WHOLE, WHOLE]
    assert project.undo("ada") is None
    project.redo("ada")
    assert [record.box for record in project.instances()] == [box, box, WHOLE]
