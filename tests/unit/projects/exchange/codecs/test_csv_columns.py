"""Tables of other people: their columns by name, or as they are told."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.exchange import import_labels, scheme_of_labels, sniff
from landmark_annotator.projects.exchange.codecs.csv_columns import Columns
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError

PAIR = Scheme("pair", ("left eye", "Nose"))
POINTS = [[1.5, 2.5], [3.0, 4.25]]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    Image.new("RGB", (50, 60)).save(tmp_path / "a.png")
    with Project.create(tmp_path / "pairs", PAIR) as made:
        yield made


def brought(
    project: Project, text: str, columns: str | None = None
) -> tuple[list[list[float]], str]:
    """The points of the one instance, and what was said."""
    file = project.folder.parent / "labels.csv"
    file.write_text(text)
    if columns is None:
        assert sniff(file).name == "csv"
    report = import_labels(project, file, who="anna", columns=columns)
    assert report.unreadable == []
    ((_, shape),) = project.shapes(None)
    return shape.points.tolist(), " ".join(report.notes)


@pytest.mark.parametrize(
    "text",
    [
        "file,left_eye_x,left_eye_y,nose_x,nose_y\na.png,1.5,2.5,3,4.25\n",
        "File Name;x_Left-Eye;y_Left-Eye;x_NOSE;y_NOSE\na.png;1.5;2.5;3;4.25\n",
        "path\tnose X\tnose Y\tleft eye X\tleft eye Y\tremark\na.png\t3\t4.25\t1.5\t2.5\tfine\n",
        "image|landmark|x|y\na.png|Nose|3|4.25\na.png|left eye|1.5|2.5\n",
        "Image,BodyPart,X,Y\na.png,Nose,3,4.25\na.png,left eye,1.5,2.5\n",
    ],
)
def test_columns_that_say_what_they_are(project: Project, text: str) -> None:
    assert brought(project, text)[0] == POINTS


def test_what_columns_were_taken_for_is_told(project: Project) -> None:
    text = "file,left_eye_x,left_eye_y,nose_x,nose_y,remark\na.png,1.5,2.5,3,4.25,fine\n"

    said = brought(project, text)[1]

    assert '"file": image; "left_eye_x": left eye.x;' in said
    assert '"remark": passed over' in said


def test_columns_with_the_very_names_of_landmarks_are_counted(project: Project) -> None:
    text = "file,left eye_x,left eye_y,Nose_x,y_Nose,remark\na.png,1.5,2.5,3,4.25,fine\n"

    found, said = brought(project, text)

    assert found == POINTS
    assert said == (
        'Columns were taken so: "file": image; "remark": passed over; 4 by the names of their '
        "landmarks."
    )


def test_a_table_of_our_own_has_nothing_to_tell_of_its_columns(project: Project) -> None:
    text = "image,left eye.x,left eye.y,Nose.x,Nose.y\na.png,1.5,2.5,3,4.25\n"

    assert brought(project, text) == (POINTS, "")


def test_columns_are_as_they_are_told(project: Project) -> None:
    text = "Which;U Nose;V Nose;U left eye;V left eye\na.png;3;4.25;1.5;2.5\n"

    assert brought(project, text, "image=Which,{}.x=U {},{}.y=V {}")[0] == POINTS


def test_a_single_column_may_be_told(project: Project) -> None:
    text = "Which,a,b,left eye.x,left eye.y\na.png,3,4.25,1.5,2.5\n"

    assert brought(project, text, "image=Which,Nose.x=a,Nose.y=b")[0] == POINTS


def test_objects_of_an_image_are_apart_in_a_table_of_landmarks(
    project: Project, tmp_path: Path
) -> None:
    rows = [f"a.png,{n},{name},{n + 1},{n + 2}" for name in PAIR.landmarks for n in range(2)]
    (tmp_path / "labels.csv").write_text("\n".join(["image,object,landmark,x,y", *rows, ""]))

    import_labels(project, tmp_path / "labels.csv", who="anna")

    found = sorted(shape.points[0].tolist() for _, shape in project.shapes(None))
    assert found == [[1.0, 2.0], [2.0, 3.0]]


@pytest.mark.parametrize(
    ("text", "columns", "says"),
    [
        ("Which,a,b\na.png,1,2\n", "image=Wich", 'no column "Wich".*Did you mean "Which"'),
        ("Which,a,b\na.png,1,2\n", "image", "which column is which"),
        ("Which,a,b\na.png,1,2\n", "{}.x=a", "which column is which"),
        ("Which,a,b\na.png,1,2\n", "Nose.x=a,Nose.y=b", "no column image"),
        ("image,landmark,x,y\na.png,Nose,1,2\na.png,Nose,3,4\n", None, "there twice"),
        ("file,Nos_x,Nos_y\na.png,1,2\n", None, 'Did you mean "Nose"'),
    ],
)
def test_what_cannot_be_is_refused(
    project: Project, tmp_path: Path, text: str, columns: str | None, says: str
) -> None:
    (tmp_path / "labels.csv").write_text(text)

    with pytest.raises(FormatError, match=says):
        import_labels(project, tmp_path / "labels.csv", who="anna", columns=columns)


def test_columns_are_told_of_tables_alone(project: Project, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="not of coco"):
        import_labels(
            project, tmp_path / "labels.json", who="anna", format="coco", columns="image=a"
        )


def test_a_project_can_begin_with_such_a_table(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(
        "file,left_eye_x,left_eye_y,nose_x,nose_y\na.png,1,2,3,4\n"
    )

    assert scheme_of_labels(tmp_path / "labels.csv").landmarks == ("left_eye", "nose")


def test_all_of_many_patterns_may_be_told_at_once() -> None:
    header = ["f", *(f"{part}{n}!" for n in range(50) for part in "xy")]

    names = Columns.parse("image=f,{}.x=x{}!,{}.y=y{}!").of(header, None)

    assert names == ["image", *(f"{n}.{part}" for n in range(50) for part in "xy")]


@pytest.mark.parametrize(
    ("header", "told", "said"),
    [
        ("image nose nose_y", "{}.x={}", '{}.x={} takes the column "image"'),
        ("image nose_y", "Nose.x=image", 'Nose.x=image takes the column "image"'),
        ("f a_x a_y", "image=f,{}.x={},{}.y={}_y", 'column "a_y" for itself, and so does {}.x={}.'),
        ("f g", "image=f,source=f", 'column "f" for itself, and so does image=f.'),
    ],
)
def test_no_column_is_taken_that_names_the_images_or_is_taken_already(
    header: str, told: str, said: str
) -> None:
    with pytest.raises(FormatError, match=re.escape(said)):
        Columns.parse(told).of(header.split(), None)


@pytest.mark.parametrize("told", ["image=xray,{}.x=x{},{}.y=y{}", "{}.x=x{},{}.y=y{},image=xray"])
def test_what_is_told_of_one_column_goes_before_what_is_told_of_many(told: str) -> None:
    assert Columns.parse(told).of(["xray", "x0", "y0"], None) == ["image", "0.x", "0.y"]


def test_the_command_shows_before_anything_is_written(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "labels.csv").write_text("W,ax,ay\na.png,1,2\n")
    told = ["import", str(project.folder), str(tmp_path / "labels.csv"), "--dry-run", "--columns"]

    assert run([*told, "image=W,Nose.x=ax,Nose.y=ay"]) == 0

    said = capsys.readouterr()
    assert "Would add 1 instance" in said.out
    assert '"ax": Nose.x' in said.err
    assert not np.any(list(project.shapes(None)))


def test_the_layout_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["formats", "csv"]) == 0

    assert "image,landmark,x,y" in capsys.readouterr().out
