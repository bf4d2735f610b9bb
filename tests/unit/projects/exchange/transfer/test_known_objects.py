"""Boxes of a detector's file in images whose objects are labelled already."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Scheme, Shape

FACE = [10.0, 10, 2, 30, 10, 2, 20, 40, 2]
BESIDE = [70.0, 10, 2, 90, 10, 2, 80, 40, 2]
NOWHERE = [0.0] * 9


def coco(path: Path, *objects: tuple[list[float], list[float]], name: str = "0.png") -> Path:
    """path: of the file. objects: box and keypoints, all of one photograph."""
    content = {
        "images": [{"id": 1, "file_name": name, "width": 100, "height": 60}],
        "categories": [{"id": 1, "name": "face", "keypoints": ["left", "right", "chin"]}],
        "annotations": [
            {"id": n, "image_id": 1, "category_id": 1, "bbox": box, "keypoints": points}
            for n, (box, points) in enumerate(objects, 1)
        ],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A photograph with one labelled face."""
    Image.new("RGB", (100, 60)).save(tmp_path / "0.png")
    with Project.create(tmp_path / "project", Scheme("face", ("left", "right", "chin"))) as opened:
        import_labels(opened, coco(tmp_path / "labels.json", ([8, 8, 24, 34], FACE)), who="ada")
        assert [r.state for r in opened.instances()] == [InstanceState.ACCEPTED]
        yield opened


@pytest.mark.parametrize("box", [[9, 7, 24, 34], [10, 10, 20, 30]])
def test_a_box_of_a_labelled_object_adds_none_beside_it(
    project: Project, tmp_path: Path, box: list[float]
) -> None:
    """In a file of another name, whose entries have other keys."""
    found = coco(tmp_path / "found.json", (box, NOWHERE))
    told = import_labels(project, found, who="ada", dry_run=True)
    report = import_labels(project, found, who="ada")
    assert (report.added, report.unchanged) == (told.added, told.unchanged) == (0, 1)
    assert report.notes == told.notes
    assert any(note.startswith("1 box is of objects that are there") for note in report.notes)
    assert [record.source for record in project.instances()] == ["labels.json#1"]
    assert import_labels(project, found, who="ada").added == 0


def test_so_it_is_of_a_copy_of_the_photograph(project: Project, tmp_path: Path) -> None:
    (tmp_path / "copy.png").write_bytes((tmp_path / "0.png").read_bytes())
    found = coco(tmp_path / "found.json", ([9, 7, 24, 34], NOWHERE), name="copy.png")
    assert import_labels(project, found, who="ada").added == 0
    assert len(project.instances()) == 1


def test_a_box_beside_it_is_another_object(project: Project, tmp_path: Path) -> None:
    found = coco(tmp_path / "found.json", ([60, 7, 34, 34], NOWHERE), ([9, 7, 24, 34], NOWHERE))
    report = import_labels(project, found, who="ada")
    assert (report.added, report.unchanged) == (1, 1)
    again = coco(tmp_path / "again.json", ([61, 7, 34, 34], NOWHERE), ([9, 7, 24, 34], NOWHERE))
    assert import_labels(project, again, who="ada").added == 0
    assert len(project.instances()) == 2


def test_two_boxes_of_one_file_are_two_objects_however_near(
    project: Project, tmp_path: Path
) -> None:
    found = coco(tmp_path / "found.json", ([9, 7, 24, 34], NOWHERE), ([11, 9, 24, 34], NOWHERE))
    report = import_labels(project, found, who="ada")
    assert (report.added, report.unchanged) == (1, 1)
    both = ([8, 8, 24, 34], FACE), ([11, 9, 24, 34], NOWHERE), ([66, 8, 28, 34], BESIDE)
    report = import_labels(project, coco(tmp_path / "more.json", *both), who="ada")
    assert (report.added, report.unchanged) == (1, 2)
    assert len(project.instances()) == 3


def test_objects_that_are_there_are_not_read_for_each_box_of_their_image(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an image of 200 objects they were read 20,000 times."""
    corners = [(x, y) for x in range(0, 100, 10) for y in (0, 50)]
    boxes = [([x, y, 9.0, 9.0], NOWHERE) for x, y in corners]
    import_labels(project, coco(tmp_path / "found.json", *boxes), who="ada")
    read = list[int]()
    one = Project.shape

    def counted(self: Project, instance_id: int) -> Shape:
        read.append(instance_id)
        return one(self, instance_id)

    monkeypatch.setattr(Project, "shape", counted)

    report = import_labels(project, coco(tmp_path / "again.json", *boxes), who="ada")

    assert report.unchanged == len(boxes)
    assert len(read) <= len(boxes)


def test_nor_is_it_one_of_an_object_that_the_file_labels_as_it_is(
    project: Project, tmp_path: Path
) -> None:
    both = ([8, 8, 24, 34], FACE), ([11, 9, 24, 34], NOWHERE)
    report = import_labels(project, coco(tmp_path / "two.json", *both), who="ada")
    assert (report.added, report.unchanged) == (1, 1)
