"""Where labels of another program name their landmarks, a project may begin with them."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.exchange import export_set, scheme_from, scheme_of_labels
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError, SchemeError

LEAF = Scheme(
    "leaf", ("stem", "left lobe", "tip", "right lobe"), ((0, 1), (1, 2), (2, 3)), ((1, 3),)
)


@pytest.fixture
def labels(tmp_path: Path):
    """An accepted leaf in the format that is asked for."""
    Image.new("RGB", (60, 50)).save(tmp_path / "leaf.png")

    def write(format: str, suffix: str) -> Path:
        with Project.create(tmp_path / format, LEAF) as project:
            image = project.add_image(tmp_path / "leaf.png", examine(tmp_path / "leaf.png"))
            record = project.add_instance(image.id, Box(30, 25, 40, 40), who="ada")
            points = np.array([[12.0, 40], [20, 20], [40, 8], [44, 30]])
            project.accept(record.id, Shape(points), who="ada")
            target = tmp_path / f"labels-{format}{suffix}"
            export_set(project, target, format=format)
        return target

    return write


@pytest.mark.parametrize(
    ("format", "suffix"),
    [
        ("csv", ".csv"),
        ("coco", ".json"),
        ("cvat", ".xml"),
        ("sleap", ".slp"),
        ("deeplabcut", ".csv"),
        ("deeplabcut-h5", ".h5"),
        ("labelme", ""),
    ],
)
def test_names_order_and_sides_are_those_of_the_labels(labels, format: str, suffix: str) -> None:
    found = scheme_from(labels(format, suffix))
    assert found.landmarks == LEAF.landmarks
    assert found.partners == LEAF.partners


@pytest.mark.parametrize(("format", "suffix"), [("coco", ".json"), ("sleap", ".slp")])
def test_lines_between_them_are_taken_where_the_format_has_them(labels, format, suffix) -> None:
    assert scheme_of_labels(labels(format, suffix)).edges == LEAF.edges


def test_labels_that_the_first_files_of_labelme_lack_are_landmarks_too(tmp_path: Path) -> None:
    """An object whose tip is hidden does not decide what there is."""
    for name, labels in (("a", ["stem", "right"]), ("b", ["stem", "left", "tip"]), ("c", [])):
        shapes = [
            {"label": label, "points": [[1, 2]], "shape_type": "point", "group_id": None}
            for label in labels
        ]
        content = {"version": "5.4.1", "flags": {}, "shapes": shapes, "imagePath": f"{name}.png"}
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    for source in (tmp_path, tmp_path / "b.json"):
        assert scheme_from(source).landmarks[:3] == ("stem", "left", "tip")
    assert scheme_from(tmp_path).landmarks == ("stem", "left", "tip", "right")
    with pytest.raises(FormatError, match="names no landmarks"):
        scheme_from(tmp_path / "c.json")


@pytest.mark.parametrize(("format", "suffix"), [("tps", ".tps"), ("via", ".json"), ("yolo", "")])
def test_a_format_of_which_no_scheme_is_made_says_what_to_do(labels, format, suffix) -> None:
    """It said of formats that name their landmarks that they do not."""
    with pytest.raises(FormatError, match=f"format {format}, of which no scheme is made") as raised:
        scheme_of_labels(labels(format, suffix))
    assert "scheme file" in raised.value.remedy


def test_a_table_that_numbers_its_landmarks_says_what_to_do(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("image,x0,y0,x1,y1\nleaf.png,1,2,3,4\n")
    with pytest.raises(FormatError, match="numbers its 2 landmarks \\(x0, y0") as raised:
        scheme_of_labels(table)
    assert "one on each line in the order of the columns" in raised.value.remedy
    (tmp_path / "points.txt").write_text("stem\ntip\n")
    Image.new("RGB", (60, 50)).save(tmp_path / "leaf.png")
    assert run(["new", str(tmp_path / "leaves"), "--scheme", str(tmp_path / "points.txt")]) == 0
    assert run(["import", str(tmp_path / "leaves"), str(table)]) == 0
    with Project.open(tmp_path / "leaves") as project:
        assert [shape.points.tolist() for _, shape in project.shapes()] == [[[1, 2], [3, 4]]]


def test_names_in_a_table_of_none_are_told_what_names_landmarks(tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("landmark\nstem\ntip\n")
    with pytest.raises(FormatError, match="no scheme file") as raised:
        scheme_of_labels(table)
    assert "one name on each line" in raised.value.remedy


def test_lines_that_are_none_are_left_out(labels) -> None:
    path = labels("coco", ".json")
    content = json.loads(path.read_text())
    content["categories"][0]["skeleton"] = [[1, 2], [2, 99], "x", [3], [2, 2], [None, 1]]
    path.write_text(json.dumps(content))
    assert scheme_of_labels(path).edges == ((0, 1),)


def test_names_that_make_no_scheme_are_refused(labels) -> None:
    path = labels("coco", ".json")
    content = json.loads(path.read_text())
    content["categories"][0]["keypoints"] = ["tip", "tip", "stem"]
    path.write_text(json.dumps(content))
    for read in (scheme_of_labels, scheme_from):
        # And not that they are no scheme file.
        with pytest.raises(FormatError, match="used twice"):
            read(path)


def test_a_broken_scheme_file_is_told_of_as_one(tmp_path: Path) -> None:
    path = tmp_path / "leaf.json"
    path.write_text('{"name": "leaf"}')
    with pytest.raises(SchemeError):
        scheme_from(path)


def test_a_folder_of_labels_is_a_scheme_for_a_new_project(labels, tmp_path, monkeypatch, capsys):
    """As it is imported; one that is called as a built-in scheme does not hide that."""
    folder = labels("deeplabcut-project", "")
    assert run(["new", str(tmp_path / "new"), "--scheme", str(folder)]) == 0
    with Project.open(tmp_path / "new") as project:
        assert project.scheme.landmarks == LEAF.landmarks
    (tmp_path / "face68").mkdir()
    monkeypatch.chdir(tmp_path)
    assert run(["new", "faces", "--scheme", "face68"]) == 0
    capsys.readouterr()
    assert run(["new", "none", "--scheme", "nothing"]) == 3
    assert "no built-in scheme" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["labels/points.csv", "points.csv", "wings/"])
def test_a_path_where_nothing_is_is_told_of_as_a_path(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["new", "none", "--scheme", path]) == 3
    assert "no file or folder" in capsys.readouterr().err
    assert not Path("none").exists()


def test_one_landmark_is_enough(tmp_path: Path) -> None:
    """It was said to be none that a project could have."""
    content = {"images": [], "annotations": [], "categories": [{"id": 1, "keypoints": ["tip"]}]}
    (tmp_path / "tips.json").write_text(json.dumps(content))

    assert scheme_of_labels(tmp_path / "tips.json").landmarks == ("tip",)
