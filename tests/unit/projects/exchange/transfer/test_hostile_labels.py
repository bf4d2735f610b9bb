"""Label files that somebody has made to harm, or that a fault has: the sound rest comes in, what
does not is named, and nothing hangs."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import ImportReport, by_name, import_labels
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.exchange.codecs.common.files import named_path
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

PAIR = Scheme("pair", ("one", "two"))
SOUND = "a.png,1.5,2.5,3.5,4.5\n"
HEAD = "image,one.x,one.y,two.x,two.y\n"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    for number, name in enumerate("abc"):
        Image.new("RGB", (50, 60), (number, 0, 0)).save(tmp_path / f"{name}.png")
    with Project.create(tmp_path / "pairs", PAIR) as made:
        yield made


def imported(project: Project, name: str, content: Any, **more: Any) -> ImportReport:
    file = project.folder.parent / name
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return import_labels(project, file, who="anna", **more)


def written(
    format: str, target: Path, names: list[str], scheme: Scheme = PAIR, at: float = 3
) -> Any:
    card = by_name(format)
    assert card.writer is not None
    shape = Shape(np.array([[1.5, 2.5], [at, at]])[: len(scheme)])
    folder = target.parent
    entries = [
        ExportedInstance(folder / name, 50, 60, shape, Box(20, 20, 9, 9), f"k{n}")
        for n, name in enumerate(names)
    ]
    return card.writer().write(target, entries, scheme)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("b.png,1,2,3,1e308\n", "1e+308"),
        ("b.png,1,2,3,1e12\n", "1e+12"),
        ("b\udcff.png,1,2,3,4\n", "not Unicode"),
        (f"b.png,1,2,3,{'1' * 100_000}x\n", "not a finite number"),
    ],
)
def test_one_bad_row_is_named_and_the_rest_comes_in(project: Project, row: str, says: str) -> None:
    folder = project.folder.parent
    try:
        (folder / "b\udcff.png").write_bytes((folder / "b.png").read_bytes())
    except OSError:
        pytest.skip("this file system has no such names")
    file = folder / "labels.json"
    if "\udcff" in row:  # JSON can name what no text file can
        written("coco", file, ["a.png", "b.png"])
        file.write_text(file.read_text().replace("b.png", "b\\udcff.png"))
        report = import_labels(project, file, who="anna")
    else:
        report = imported(project, "labels.csv", HEAD + row + SOUND)

    assert (report.added, project.instance_count()) == (1, 1)
    assert [says in entry.reason for entry in report.unreadable] == [True]


def test_landmarks_far_outside_their_image_are_told(project: Project) -> None:
    report = imported(project, "labels.csv", HEAD + SOUND + "b.png,1,2,3,4000\n")

    assert report.added == 2
    assert any("far outside" in note and "b.png" in note for note in report.notes)


def test_shares_of_the_size_that_are_taken_for_pixels_are_told(project: Project) -> None:
    report = imported(project, "labels.csv", HEAD + SOUND + "b.png,0.1,0.2,0.3,0.4\n")

    assert report.added == 2
    assert [note for note in report.notes if "shares of its size" in note] == [
        "1 shape is within the first pixel of the image: coordinates are pixels, and these look "
        "like shares of its size."
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.csv", HEAD + SOUND + "b.png,0,0,30,40\n"),
        ("labels.csv", HEAD + SOUND + "b.png,30,40,-1,-1\n"),
        ("b.pts", "version: 1\nn_points: 2\n{\n30 40\n-1 -1\n}\n"),
        ("labels.tps", "LM=2\n0 0\n30 40\nIMAGE=b.png\n"),
    ],
)
def test_what_programs_write_for_a_landmark_that_is_not_there_is_told(
    project: Project, name: str, content: str
) -> None:
    notes = imported(project, name, content).notes

    (told,) = [note for note in notes if "that is not there" in note]
    assert told.startswith("1 shape has landmarks at 0 0 or -1 -1 of the file")
    assert "b.png" in told


def test_a_landmark_on_the_border_of_the_image_is_none_of_these(project: Project) -> None:
    report = imported(project, "labels.csv", HEAD + "b.png,0,30,49,0\n")

    assert not [note for note in report.notes if "that is not there" in note]


def test_boxes_that_hold_few_of_their_landmarks_are_told(project: Project) -> None:
    """They came in without a word, and every model learned of landmarks beside their boxes."""
    folder = project.folder.parent
    shape = Shape(np.array([[20.0, 20.0], [23.0, 23.0]]))
    boxes = Box(20, 20, 9, 9), Box(40, 50, 9, 9), Box(20, 20, 6.5, 6.5, 0.8)
    entries = [
        ExportedInstance(folder / f"{name}.png", 50, 60, shape, box, name)
        for name, box in zip("abc", boxes, strict=True)
    ]
    card = by_name("coco")
    assert card.writer is not None
    card.writer().write(folder / "labels.json", entries, PAIR)
    report = import_labels(project, folder / "labels.json", who="anna")

    assert report.added == 3
    [told] = [note for note in report.notes if "outside of the box" in note]
    assert told.startswith("1 shape has more landmarks outside of the box")
    assert "b.png" in told


def test_an_image_that_is_not_there_can_be_put_there(project: Project) -> None:
    """It was told to look for the file by a command that looks for images of the project."""
    report = imported(project, "labels.csv", HEAD + SOUND + "gone.png,1,2,3,4\n")

    (left_out,) = report.unreadable
    assert left_out.reason.startswith("There is no image ")
    assert left_out.reason.endswith(
        ". Put the file there, or choose the folder of the images, if it is another."
    )


def test_an_annotation_of_a_category_that_is_not_there_is_named(project: Project) -> None:
    folder = project.folder.parent
    written("coco", folder / "labels.json", ["a.png", "b.png"])
    text = (folder / "labels.json").read_text()
    (folder / "labels.json").write_text(text.replace('"category_id":1', '"category_id":55', 1))

    report = import_labels(project, folder / "labels.json", who="anna")

    assert report.added == 1
    assert ["category_id 55" in each.reason for each in report.unreadable] == [True]


def test_a_pipe_with_the_name_of_an_image_is_named(project: Project, tmp_path: Path) -> None:
    photographs = tmp_path / "photographs"
    photographs.mkdir()
    os.mkfifo(photographs / "pipe.jpg")
    (photographs / "device.png").symlink_to("/dev/zero")
    os.mkfifo(photographs / "labels.json")
    Image.new("RGB", (50, 60)).save(photographs / "whole.png")

    report = import_labels(project, photographs, who="anna")

    assert report.added == 1
    reasons = {entry.path.name: entry.reason for entry in report.unreadable}
    assert set(reasons) == {"pipe.jpg", "device.png"}
    assert all("pipe or a device" in reason for reason in reasons.values())


def test_a_data_yaml_does_not_send_the_import_through_the_disk(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "data.yaml").write_text("train: /\nkpt_shape: [2, 3]\n")

    with pytest.raises(FormatError, match="train: /"):
        import_labels(project, tmp_path / "data.yaml", who="anna")


ALIASES = [f"{c}: &{c} [*{b}, *{b}]\n" for b, c in pairwise("abcdefgh")]


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x, x]\n" + "".join(ALIASES),
        "names: [!!int '', !!float x, =]\n",
        "? {a: b}\n: c\n",
        "names: {0: !!timestamp 2001-99-99}\n",
    ],
)  # fmt: skip
def test_odd_yaml_is_refused(project: Project, tmp_path: Path, bomb: str) -> None:
    (tmp_path / "data.yaml").write_text(f"kpt_shape: [2, 3]\n{bomb}")

    with pytest.raises(FormatError):
        import_labels(project, tmp_path / "data.yaml", who="anna")


def test_a_data_yaml_with_names_that_no_folder_can_have(project: Project, tmp_path: Path) -> None:
    words = f"path: {'a' * 5000}\ntrain: {'b' * 5000}\nval: 7\nkpt_shape: [2, 3]\n"
    (tmp_path / "data.yaml").write_text(words)

    assert import_labels(project, tmp_path / "data.yaml", who="anna").added == 3


def coco(**odd: Any) -> dict[str, Any]:
    keypoints = [1.5, 2.5, 2, 3.5, 4.5, 2]
    category = {"id": 1, "name": "p", "keypoints": ["one", "two"]}
    annotation = {"id": 1, "image_id": 1, "category_id": 1, "keypoints": keypoints}
    image = {"id": 1, "file_name": "a.png"}
    return {
        "images": [image, {**image, "id": 2, "file_name": "b.png", **odd.get("image", {})}],
        "annotations": [
            annotation,
            {**annotation, "id": 2, "image_id": 2, **odd.get("annotation", {})},
        ],
        "categories": [category, {**category, "id": 2, **odd.get("category", {})}],
    }


@pytest.mark.parametrize(
    "odd",
    [
        {"image": {"id": [2]}},
        {"image": {"id": {"two": 2}}},
        {"image": {"file_name": 7}},
        {"image": {"file_name": "\0"}},
        {"image": {"file_name": "\ud800.png"}},
        {"annotation": {"image_id": [2]}},
        {"annotation": {"category_id": {}}},
        {"annotation": {"keypoints": [[1], 2, 3]}},
        {"annotation": {"keypoints": {"x": 1}}},
        {"annotation": {"keypoints": [float("inf")] * 6}},
        {"annotation": {"bbox": ["1", None, 2, 3]}},
        {"annotation": {"bbox": 7}},
        {"annotation": {"source": "\ud800"}},
    ],
)
def test_odd_values_in_coco_are_named_and_the_rest_comes_in(
    project: Project, odd: dict[str, Any]
) -> None:
    report = imported(project, "labels.json", coco(**odd))

    assert project.instance_count() >= 1
    assert report.unreadable


@pytest.mark.parametrize("odd", [{"id": [1]}, {"id": {}}, {"keypoints": [["one"], "two"]}])
def test_an_odd_category_of_coco_is_passed_over(project: Project, odd: dict[str, Any]) -> None:
    assert imported(project, "labels.json", coco(category=odd)).added == 2


@pytest.mark.parametrize("format", ["datumaro", "label-studio", "labelme"])
def test_every_value_of_a_file_may_be_odd(project: Project, tmp_path: Path, format: str) -> None:
    """Each value in turn is replaced by each of some odd ones; whatever comes of it is no crash."""
    written(format, tmp_path / "out.json", ["a.png"])
    file = next(
        file
        for file in [
            tmp_path / "out.json" / "annotations" / "default.json",
            tmp_path / "out.json" / "a.json",
            tmp_path / "out.json",
        ]
        if file.is_file()
    )
    content = json.loads(file.read_text())
    odd = [None, [], {}, [[]], "", "\ud800", "http://[x", True, 10**400, -1, 1e308, float("nan")]

    def places(value: Any) -> Iterator[tuple[Any, Any]]:
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            if isinstance(value[key], dict | list):
                yield from places(value[key])

    tried = 0
    for holder, key in list(places(content)):
        kept = holder[key]
        for value in odd:
            holder[key] = value
            file.write_text(json.dumps(content))
            with suppress(FormatError):
                by_name(format).reader().read(file, PAIR)
            tried += 1
        holder[key] = kept
    assert tried > 200


@pytest.mark.parametrize(
    ("format", "name"), [("deeplabcut", "CollectedData.csv"), ("csv", "l.csv")]
)
def test_a_table_cut_within_its_last_number_is_told(
    project: Project, tmp_path: Path, format: str, name: str
) -> None:
    written(format, tmp_path / name, ["a.png"], at=33.5)
    text = (tmp_path / name).read_text().rstrip("\n")
    text = text[: text.rindex("33.5") + 3]
    whole = text if format == "deeplabcut" else f"{HEAD}a.png,1,2,3,33."

    report = imported(project, name, whole)

    assert any("cut short" in note for note in report.notes)


def test_a_tem_cut_within_its_last_number_is_refused(project: Project, tmp_path: Path) -> None:
    written("tem", tmp_path / "out", ["a.png"], at=33.5)
    text = (tmp_path / "out" / "a.tem").read_text()

    report = imported(project, "a.tem", text[: text.rindex("33.5") + 3])

    assert any("cut short" in entry.reason for entry in report.unreadable)


def test_a_landmark_without_a_name_comes_back_in_csv(tmp_path: Path) -> None:
    nameless = Scheme("nameless", ("", "two"))
    written("csv", tmp_path / "out.csv", ["a.png"], nameless)

    found = by_name("csv").reader().read(tmp_path / "out.csv", nameless)

    assert found.instances[0].shape.points.tolist() == [[1.5, 2.5], [3.0, 3.0]]


def test_a_landmark_where_tps_says_missing_is_told(tmp_path: Path) -> None:
    card = by_name("tps")
    assert card.writer is not None
    shape = Shape(np.array([[-1.0, 60.0], [3.0, 4.0]]))
    entry = ExportedInstance(tmp_path / "a.png", 50, 60, shape, None, "k")

    done = card.writer().write(tmp_path / "out.tps", [entry], PAIR)

    assert any(note.startswith("1 landmark is at -1 -1") for note in done.notes)


@pytest.mark.parametrize(
    "name", ["two\nlines.png", "two\u2028lines.png", "end.png ", "\x1cend.png"]
)
@pytest.mark.parametrize("format", ["tps", "wflw"])
def test_names_that_break_a_format_of_lines_are_refused(
    tmp_path: Path, format: str, name: str
) -> None:
    with pytest.raises(FormatError, match="line break"):
        written(format, tmp_path / "out", [name])

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["bell\x07", "two\nlines", "\ufffe"])
def test_names_that_break_the_configuration_of_label_studio_are_refused(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(FormatError):
        written("label-studio", tmp_path / "out.json", ["a.png"], Scheme("odd", (name, "two")))

    assert list(tmp_path.iterdir()) == []


def test_what_is_no_unicode_is_refused_by_every_writer(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="not Unicode"):
        written("csv", tmp_path / "out.csv", ["\udcff.png"])


def test_names_of_200_000_characters_are_no_files(tmp_path: Path) -> None:
    assert not os.path.exists(named_path("a" * 200_000, tmp_path))  # noqa: PTH110


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "'=", "''@"])
def test_no_text_of_a_table_is_a_formula(tmp_path: Path, start: str) -> None:
    scheme = Scheme("odd", (f"{start}one", "two"))
    Image.new("RGB", (50, 60)).save(tmp_path / f"{start}a.png")
    shape = Shape(np.array([[-1.5, 2.5], [3.0, 4.0]]))
    entry = ExportedInstance(tmp_path / f"{start}a.png", 50, 60, shape, None, f"{start}k", "=b")
    for format in ("csv", "deeplabcut"):
        card = by_name(format)
        assert card.writer is not None
        card.writer().write(tmp_path / "out.csv", [entry], scheme)
        cells = (tmp_path / "out.csv").read_text().splitlines()[-1].split(",")
        words = [cell for cell in cells if cell and not cell.lstrip("-")[0].isdigit()]
        assert not any(word.lstrip("'").startswith(("=", "+", "-", "@")) for word in words[:1])

        found = card.reader().read(tmp_path / "out.csv", scheme).instances[0]

        assert found.image == entry.image
        assert found.shape.points.tolist() == [[-1.5, 2.5], [3.0, 4.0]]
        if format == "csv":
            assert not any(word.startswith(("=", "+", "-", "@")) for word in words)
            assert (found.source, found.annotator) == (entry.source, entry.annotator)
