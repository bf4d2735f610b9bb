"""YOLO pose: its folders, its shares of the image's size, and what is refused."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from landmark_annotator.projects.exchange import sniff
from landmark_annotator.projects.exchange.codecs import yolo
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.exchange.codecs.common.taken_names import (
    refuse_collapsed,
    told_apart,
)
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError

SCHEME = Scheme("face", ("chin", "left eye", "right eye"), partners=((1, 2),))
LINE = "0 0.5 0.5 0.5 0.2 0.0125 0.05 2 0.5 0.5 1 0 0 0\n"
YAML = "train: images/train\nval: images/val\nkpt_shape: [3, 3]\nnames: {0: face}\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Images of 40 x 30 in images/train and images/val, their labels in labels/..."""
    for number, split in enumerate(("train", "val")):
        for kind in ("images", "labels"):
            (tmp_path / "data" / kind / split).mkdir(parents=True)
        image = Image.new("RGB", (40, 30), (number, 0, 0))
        image.save(tmp_path / "data" / "images" / split / f"{number}.png")
        (tmp_path / "data" / "labels" / split / f"{number}.txt").write_text(LINE)
    (tmp_path / "data" / "data.yaml").write_text(YAML)
    return tmp_path / "data"


def read_line(data: Path, line: str) -> Contents:
    """Of a file with the line in front of a good one."""
    (data / "labels" / "train" / "0.txt").write_text(f"{line}\n{LINE}")
    return yolo.read(data / "labels" / "train", SCHEME)


def exported(tmp_path: Path, shape: Shape, box: Box | None = None) -> ExportedInstance:
    (tmp_path / "photos").mkdir(exist_ok=True)
    Image.new("RGB", (40, 30)).save(tmp_path / "photos" / "a.png")
    return ExportedInstance(tmp_path / "photos" / "a.png", 40, 30, shape, box, "k")


def test_shares_count_from_the_corner_of_the_first_pixel(data: Path) -> None:
    instance = yolo.read(data, SCHEME).instances[0]

    # 0.0125 of 40 is the centre of the first column, 0.05 of 30 the second row's upper edge.
    assert instance.shape.points[0].tolist() == [0.0, 1.0]
    assert instance.shape.points[1].tolist() == [19.5, 14.5]
    assert instance.shape.visibility.tolist() == [2, 1, 0]
    assert not instance.shape.known[2]
    assert instance.box == Box(19.5, 14.5, 20, 6)


@pytest.mark.parametrize("source", [".", "data.yaml", "labels", "images"])
def test_all_ways_to_name_a_data_set(data: Path, source: str) -> None:
    contents = yolo.read(data / source, SCHEME)

    assert [i.image.name for i in contents.instances] == ["0.png", "1.png"]
    assert contents.unreadable == []
    assert sniff(data / source).name == "yolo" or source == "images"


def test_one_label_file(data: Path) -> None:
    (instance,) = yolo.read(data / "labels" / "val" / "1.txt", SCHEME).instances

    assert instance.image == data / "images" / "val" / "1.png"


def test_labels_beside_their_images(tmp_path: Path) -> None:
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    (tmp_path / "a.txt").write_text(LINE)
    (tmp_path / "README.txt").write_text("Made by hand.\n")

    contents = yolo.read(tmp_path, SCHEME)

    assert [i.image.name for i in contents.instances] == ["a.png"]
    assert contents.unreadable == []


def test_images_of_a_folder_elsewhere(data: Path, tmp_path: Path) -> None:
    (data / "images").rename(tmp_path / "photos")

    contents = yolo.read(data / "labels", SCHEME, images=tmp_path / "photos")

    assert [i.image.name for i in contents.instances] == ["0.png", "1.png"]


def test_images_elsewhere_are_found_by_their_folders_before_their_names(
    data: Path, tmp_path: Path
) -> None:
    """All three were taken for 0.png itself."""
    photos, labels = tmp_path / "photos", data / "labels"
    (data / "images" / "train" / "0.png").rename(data / "images" / "0.png")
    for name in ("a", "b"):
        (data / "images" / name).mkdir()
        (labels / name).mkdir()
        Image.new("RGB", (40, 30)).save(data / "images" / name / "0.png")
        (labels / name / "0.txt").write_text(LINE)
    (labels / "train" / "0.txt").rename(labels / "0.txt")
    (data / "images").rename(photos)

    for source in (data, labels):
        contents = yolo.read(source, SCHEME, images=photos)

        found = [i.image.relative_to(photos).as_posix() for i in contents.instances]
        assert sorted(found) == ["0.png", "a/0.png", "b/0.png", "val/1.png"]


@pytest.mark.parametrize("path", ["{}", "../data"])
def test_so_are_those_of_a_data_set_that_lies_elsewhere(
    data: Path, tmp_path: Path, path: str
) -> None:
    (data / "labels" / "val" / "1.txt").rename(data / "labels" / "val" / "0.txt")
    (data / "images" / "val" / "1.png").rename(data / "images" / "val" / "0.png")
    shutil.copyfile(data / "images" / "val" / "0.png", data / "images" / "0.png")
    photos, said = tmp_path / "photos", tmp_path / "said"
    shutil.copytree(data / "images", photos)
    said.mkdir()
    (said / "data.yaml").write_text(f"path: {path.format(data)}\n{YAML}")

    contents = yolo.read(said / "data.yaml", SCHEME, images=photos)

    found = [i.image.relative_to(photos).as_posix() for i in contents.instances]
    assert sorted(found) == ["train/0.png", "val/0.png"]


def test_labels_of_two_images_are_not_laid_on_one(data: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (data / "images" / "train" / "0.png").rename(tmp_path / "photos" / "0.png")
    (data / "labels" / "val" / "1.txt").rename(data / "labels" / "val" / "0.txt")

    with told_apart():
        yolo.read(data, SCHEME, images=tmp_path / "photos")
        with pytest.raises(FormatError, match="two images of another computer"):
            refuse_collapsed()


def test_images_without_labels_are_yet_to_be_labelled(data: Path) -> None:
    (data / "labels" / "train" / "0.txt").unlink()
    (data / "labels" / "val" / "1.txt").write_text("")

    contents = yolo.read(data, SCHEME)

    assert [bool(i.shape.known.any()) for i in contents.instances] == [False, False]


def test_labels_without_an_image_are_reported(data: Path) -> None:
    (data / "images" / "train" / "0.png").unlink()

    contents = yolo.read(data, SCHEME)

    assert [i.image.name for i in contents.instances] == ["1.png"]
    assert "no image of the name 0" in contents.unreadable[0].reason


def test_a_mirrored_shape_is_what_flip_idx_makes_of_the_labels(tmp_path: Path) -> None:
    shape = Shape(np.array([[3.0, 4.0], [10.25, 6.0], [30.0, 7.5]]))
    mirrored = shape.mirrored(SCHEME.mirror, (40 - 1) / 2)

    def keypoints(of: Shape, where: str) -> np.ndarray:
        yolo.write(tmp_path / where, [exported(tmp_path, of, Box(20, 15, 9, 9))], SCHEME)
        words = (tmp_path / where / "labels" / "a.txt").read_text().split()
        return np.array([float(word) for word in words[5:]]).reshape(3, 3)

    plain, turned = keypoints(shape, "one"), keypoints(mirrored, "two")
    content = yaml.safe_load((tmp_path / "one" / "data.yaml").read_text())

    flipped = plain[content["flip_idx"]]
    flipped[:, 0] = 1 - flipped[:, 0]
    assert np.allclose(flipped, turned, atol=1e-12)


def test_the_documented_files(tmp_path: Path) -> None:
    points = np.array([[0.0, 1.0], [19.5, 14.5], [np.nan, np.nan]])
    shape = Shape(points, np.array([2, 1, 0], dtype=np.int8))

    yolo.write(tmp_path / "o", [exported(tmp_path, shape, Box(19.5, 14.5, 20, 6))], SCHEME)

    assert (tmp_path / "o" / "labels" / "a.txt").read_text() == LINE
    assert (tmp_path / "o" / "images" / "a.png").is_file()
    content = yaml.safe_load((tmp_path / "o" / "data.yaml").read_text())
    assert content["kpt_shape"] == [3, 3]
    assert content["flip_idx"] == [0, 2, 1]
    assert content["kpt_names"] == {0: list(SCHEME.landmarks)}


def test_images_that_are_in_the_folder_stay_where_they_are(data: Path) -> None:
    image = data / "images" / "train" / "0.png"
    instance = ExportedInstance(image, 40, 30, Shape(np.ones((3, 2))), None, "k")
    (data / "labels" / "train" / "0.txt").unlink()

    yolo.write(data, [instance], SCHEME)

    assert (data / "labels" / "train" / "0.txt").is_file()
    assert sorted(f.name for f in (data / "images").rglob("*.png")) == ["0.png", "1.png"]


def test_images_that_differ_in_their_suffix_have_labels_of_their_own(tmp_path: Path) -> None:
    instances = []
    for number, suffix in enumerate(("jpg", "png")):
        image = tmp_path / f"a.{suffix}"
        Image.new("RGB", (40, 30)).save(image)
        shape = Shape(np.full((3, 2), number + 1.0))
        instances.append(ExportedInstance(image, 40, 30, shape, None, "k"))

    yolo.write(tmp_path / "o", instances, SCHEME)
    back = yolo.read(tmp_path / "o", SCHEME)

    found = {i.image.suffix: i.shape.points[0, 0] for i in back.instances}
    assert found == {".jpg": 1.0, ".png": 2.0}


def test_what_is_lost_is_said(tmp_path: Path) -> None:
    shape = Shape(np.array([[-3.0, 4.0], [10.25, 6.0], [30.0, 7.5]]))

    written = yolo.write(tmp_path / "o", [exported(tmp_path, shape, Box(2, 15, 9, 9, 1))], SCHEME)

    words = (tmp_path / "o" / "labels" / "a.txt").read_text().split()
    assert words[5:8] == ["0", "0", "0"]
    for said in ("1 landmark outside its", "1 box was cut", "1 turned box was"):
        assert any(said in note for note in written.notes)


def test_keypoints_of_other_names_in_data_yaml_are_matched(data: Path) -> None:
    (data / "data.yaml").write_text(YAML + "kpt_names: {0: [right eye, left eye, chin]}\n")

    instance = yolo.read(data, SCHEME).instances[0]

    assert instance.shape.points[2].tolist() == [0.0, 1.0]


def test_a_keypoint_that_the_scheme_has_not_is_refused_with_the_closest(data: Path) -> None:
    (data / "data.yaml").write_text(YAML + "kpt_names: {0: [chin, left eyes, right eye]}\n")

    with pytest.raises(FormatError, match='Did you mean "left eye"'):
        yolo.read(data, SCHEME)


def test_other_classes_are_passed_over_where_one_is_the_schemes(data: Path) -> None:
    (data / "data.yaml").write_text(YAML.replace("{0: face}", "[car, face]"))
    (data / "labels" / "train" / "0.txt").write_text(LINE + "1" + LINE[1:])

    contents = yolo.read(data, SCHEME)

    assert [i.source for i in contents.instances if i.shape.known.any()] == ["0.txt#1"]


def test_two_numbers_a_keypoint(data: Path) -> None:
    (data / "data.yaml").unlink()
    contents = read_line(data, "0 0.5 0.5 0.5 0.2 0.0125 0.05 0.5 0.5 0 0")

    shape = contents.instances[0].shape
    assert shape.points[0].tolist() == [0.0, 1.0]
    assert shape.visibility.tolist() == [2, 2, 0]


def test_how_sure_a_prediction_is_stands_in_place_of_its_visibility(data: Path) -> None:
    line = "0 0.5 0.5 0.5 0.2 0.0125 0.05 0.75 0.5 0.5 0.5 0 0 0.125"

    instance = read_line(data, line).instances[0]

    assert instance.confidence == (0.75, 0.5, 0.0)
    assert instance.shape.visibility.tolist() == [2, 2, 0]


def test_how_sure_it_is_of_the_object_may_end_the_line(data: Path) -> None:
    """As Ultralytics' save_conf has it: all of these were refused as cut short."""
    contents = read_line(data, "0 .5 .5 .5 .5 .1 .1 .75 .2 .2 .5 0 0 0 .875")

    assert contents.unreadable == []
    assert contents.instances[0].confidence == (0.75, 0.5, 0.0)


def test_a_box_without_keypoints_is_to_be_labelled(data: Path) -> None:
    instance = read_line(data, "0 0.5 0.5 0.5 0.2").instances[0]

    assert instance.box == Box(19.5, 14.5, 20, 6)
    assert not instance.shape.known.any()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (LINE.replace(" 0 0 0", " 0 0"), "13 numbers; 3 keypoints take 14"),
        (LINE[:20], "numbers; 3 keypoints take"),
        (LINE.replace(" 2 ", " 3 "), "visibility 3 is not 0, 1 or 2"),
        (LINE.replace(" 2 ", " -1 "), "visibility -1"),
        (LINE.replace("0.0125", "12.5"), "12.5 is not between 0 and 1"),
        (LINE.replace("0.0125", "0,0125"), '"0,0125" is not a number'),
        (LINE.replace("0.0125", "nan"), '"nan" is not a number'),
    ],
)
def test_a_bad_line_is_reported_and_the_rest_is_read(data: Path, line: str, reason: str) -> None:
    contents = read_line(data, line.strip())

    assert len(contents.instances) == 1
    assert contents.unreadable[0].reason.startswith("Line 1:")
    assert reason in contents.unreadable[0].reason


@pytest.mark.parametrize(
    "text", ["kpt_shape: [", "kpt_shape: many", "kpt_shape: [3, 4]", "kpt_shape: [4, 3]"]
)
def test_a_data_yaml_that_does_not_fit(data: Path, text: str) -> None:
    (data / "data.yaml").write_text(text)

    with pytest.raises(FormatError) as caught:
        yolo.read(data, SCHEME)

    assert "data" in str(caught.value)


def test_yaml_makes_no_objects(data: Path) -> None:
    (data / "data.yaml").write_text("kpt_shape: !!python/object/apply:os.getcwd []\n")

    with pytest.raises(FormatError, match="not YAML"):
        yolo.read(data, SCHEME)
