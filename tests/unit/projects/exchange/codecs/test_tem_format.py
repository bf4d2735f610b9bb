""".tem: its points and lines, what is refused, and the Face Research Lab's own files."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels, sniff
from landmark_annotator.projects.exchange.codecs import tem
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

PATH = Path("a.tem")
SCHEME = Scheme("bow", ("left", "middle", "right"), edges=((0, 1), (1, 2), (2, 0), (0, 2)))
FILE = "3\n1.5\t2\n10.5\t-0.25\n3\t4\n1\n0\n3\n0 1 2\n"
POINTS = [[1.5, 2.0], [10.5, -0.25], [3.0, 4.0]]


def refusal(text: str) -> str:
    with pytest.raises(FormatError) as caught:
        tem.parse(text, PATH, 3)
    return str(caught.value)


@pytest.mark.parametrize("text", [FILE, FILE.replace("\n", "\r\n"), FILE[: FILE.index("1\n0")]])
def test_points_are_taken_as_they_are(text: str) -> None:
    assert tem.parse(text, PATH, 3).tolist() == POINTS


def test_edges_become_lines_that_follow_them(tmp_path: Path) -> None:
    instance = ExportedInstance(tmp_path / "a.png", 9, 9, Shape(np.array(POINTS)), None, "k")

    tem.write(tmp_path / "out", [instance], SCHEME)

    lines = (tmp_path / "out" / "a.tem").read_text().splitlines()
    assert lines == [
        "3",
        "1.5\t2.0",
        "10.5\t-0.25",
        "3.0\t4.0",
        *("2", "0", "4", "0 1 2 0", "0", "2", "0 2"),
    ]


# After its points a file is complete: lines may be missing altogether.
@pytest.mark.parametrize("kept", [1, 2, 3, 5, 6, 7])
def test_a_file_cut_after_any_line_is_refused(kept: int) -> None:
    assert "cut short" in refusal("\n".join(FILE.splitlines()[:kept]))


def test_another_number_of_points() -> None:
    assert "4 points; the scheme has 3" in refusal("4" + FILE[1:])


@pytest.mark.parametrize("point", ["10,5 1", "1 2 3", "nan nan", "1e999 1", "x y"])
def test_a_bad_point_names_its_line(point: str) -> None:
    assert "line 3:" in refusal(FILE.replace("10.5\t-0.25", point))


@pytest.mark.parametrize("line", ["0 1", "0 1 3", "0 one 2"])
def test_a_line_through_other_points_names_where(line: str) -> None:
    assert "line 8:" in refusal(FILE.replace("0 1 2", line))


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text(FILE)

    assert sniff(tmp_path / "labels.txt").name == "tem"


def test_a_folder_of_them_beside_their_images(tmp_path: Path) -> None:
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")
    (tmp_path / "a.tem").write_text(FILE)

    (instance,) = tem.read(tmp_path, SCHEME).instances

    assert instance.image == tmp_path / "a.png"
    assert sniff(tmp_path).name == "tem"


def test_london_faces_with_the_names_of_their_template(tmp_path: Path, landmark_data: Path) -> None:
    folder = landmark_data / "london189"
    template = json.loads((folder / "frl189-names.json").read_text())["points"]
    # Some names are there twice in the template.
    scheme = Scheme("frl189", tuple(f"{point['name']} {point['n']}" for point in template))
    with Project.create(tmp_path / "london", scheme) as project:
        report = import_labels(project, folder, who="anna")

        assert (report.added, report.unreadable) == (102, [])
        shapes = [shape for _, shape in project.shapes()]
    # The mean face is the template's, up to its size and place.
    mean = np.mean([shape.points for shape in shapes], axis=0)
    drawn = np.array([[point["x"], point["y"]] for point in template])
    for axis in (0, 1):
        assert np.corrcoef(mean[:, axis], drawn[:, axis])[0, 1] > 0.99


def test_a_file_of_the_faces_comes_back_line_by_line(tmp_path: Path, landmark_data: Path) -> None:
    file = landmark_data / "london189" / "001_03.tem"
    rows = file.read_text().split("\n")
    drawn = [[int(word) for word in line.split()] for line in rows[193::3] if line]

    text = tem.formatted(tem.parse(file.read_text(), file, 189), drawn)

    def numbers(content: str) -> list[float]:
        return [float(word) for word in content.split()]

    assert numbers(text) == numbers(file.read_text())
