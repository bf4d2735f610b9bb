"""Hugging Face's data sets: what `datasets` asks of them, and what its versions have written."""

import io
import json
import sys
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import import_labels, scheme_of_labels, sniff
from landmark_annotator.projects.exchange.codecs import huggingface, image_metadata
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError, MissingPackage

SCHEME = Scheme("pair", ("one", "two"), ((0, 1),))


def exported(folder: Path) -> ExportedInstance:
    image = folder / "a.png"
    Image.new("RGB", (40, 30)).save(image)
    return ExportedInstance(image, 40, 30, Shape([[1.5, 2.0], [3, 4]]), Box(9, 9, 4, 4), "k")


def picture(shade: int = 0) -> bytes:
    encoded = io.BytesIO()
    Image.new("L", (40, 30), shade).save(encoded, "PNG")
    return encoded.getvalue()


def theirs(file: Path, **columns: list[object]) -> Path:
    pyarrow.parquet.write_table(pyarrow.table(columns), file)
    return file


def test_the_schema_says_to_datasets_which_column_is_an_image(tmp_path: Path) -> None:
    huggingface.write(tmp_path / "test", [exported(tmp_path)], SCHEME)

    (file,) = (tmp_path / "test" / "data").iterdir()
    assert file.name == "test-00000.parquet"
    schema = pyarrow.parquet.read_schema(file)
    features = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    assert features["image"] == {"_type": "Image"}
    assert schema.field("image").type == pyarrow.struct(
        {"bytes": pyarrow.binary(), "path": pyarrow.string()}
    )
    card = (tmp_path / "test" / "README.md").read_text()
    assert 'split: test\n    path: "data/test-*"' in card
    assert "| 1 | two |" in card


def test_a_project_can_begin_with_its_landmarks(tmp_path: Path) -> None:
    huggingface.write(tmp_path / "out", [exported(tmp_path)], SCHEME)

    scheme = scheme_of_labels(tmp_path / "out")

    assert (scheme.name, scheme.landmarks, scheme.edges) == ("pair", ("one", "two"), ((0, 1),))


def test_files_of_others_with_an_object_of_lists_or_one_object(tmp_path: Path) -> None:
    points = [[1.0, 2.0], [3.0, 4.0]]
    lists = {"keypoints": [points, points], "bbox": [[0.0, 0.0, 4.0, 4.0]] * 2}
    file = theirs(
        tmp_path / "lists.parquet",
        image=[{"bytes": picture(), "path": None}, {"bytes": picture(1), "path": "b.png"}],
        objects=[lists, {"keypoints": [], "bbox": []}],
        score=[float("nan"), 1.0],
    )
    single = theirs(tmp_path / "one.parquet", image=[picture(2)], keypoints=[points])

    assert sniff(file).name == "huggingface"
    several = huggingface.read(file, SCHEME)
    (alone,) = huggingface.read(single, SCHEME).instances

    assert several.unreadable == []
    assert [each.shape.known.all() for each in several.instances] == [True, True, False]
    assert several.instances[0].box == Box(1.5, 1.5, 4, 4)
    assert several.instances[2].image.name == "b.png"
    assert np.array_equal(alone.shape.points, points)
    assert alone.image.read_bytes() == picture(2)


def test_images_are_kept_only_by_an_import_that_is_meant(tmp_path: Path) -> None:
    huggingface.write(tmp_path / "out", [exported(tmp_path)], SCHEME)
    with Project.create(tmp_path / "project", SCHEME) as project:
        looked = import_labels(project, tmp_path / "out", who="anna", dry_run=True)
        assert not (tmp_path / "out-images").exists()
        done = import_labels(project, tmp_path / "out", who="anna")
        again = import_labels(project, tmp_path / "out", who="anna")

        assert (looked.added, done.added, again.unchanged) == (1, 1, 1)
        (image,) = project.images()
        assert image.path == tmp_path / "out-images" / "a.png"


@pytest.mark.parametrize("keep", [4, 300, -40])
def test_a_file_cut_short_is_refused_by_name(tmp_path: Path, keep: int) -> None:
    huggingface.write(tmp_path / "out", [exported(tmp_path)], SCHEME)
    file = tmp_path / "out" / "data" / "train-00000.parquet"
    file.write_bytes(file.read_bytes()[:keep])

    with pytest.raises(FormatError, match=r"train-00000\.parquet is damaged"):
        huggingface.read(tmp_path / "out", SCHEME)


def test_a_table_without_images_is_refused(tmp_path: Path) -> None:
    file = theirs(tmp_path / "a.parquet", text=["a"])

    with pytest.raises(FormatError, match="no column of images"):
        huggingface.read(file, SCHEME)


def test_names_that_lead_elsewhere_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    rows = [{"bytes": picture(), "path": "../evil.png"}, {"bytes": picture(), "path": "a.png"}]
    file = theirs(tmp_path / "in" / "a.parquet", image=rows)

    contents = huggingface.read(file, SCHEME)

    assert [each.image.name for each in contents.instances] == ["a.png"]
    assert "no name of an image" in contents.unreadable[0].reason
    assert not (tmp_path / "evil.png").exists()


def test_without_pyarrow_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huggingface.write(tmp_path / "out", [exported(tmp_path)], SCHEME)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    assert sniff(tmp_path / "out").name == "huggingface"
    with pytest.raises(MissingPackage, match="pip install pyarrow"):
        huggingface.read(tmp_path / "out", SCHEME)
    with pytest.raises(MissingPackage, match="pip install pyarrow"):
        huggingface.write(tmp_path / "again", [], SCHEME)


def test_lines_of_an_image_folder_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    image_metadata.write(folder, [exported(folder)], SCHEME)
    file = folder / "metadata.jsonl"
    good = file.read_text()
    file.write_text(f'{good}{{"file_name": 3}}\n[1]\n{{\n' + good.replace("3.0", "NaN"))

    contents = image_metadata.read(folder, SCHEME)

    assert sniff(folder).name == "imagefolder"
    assert [each.shape.points.tolist() for each in contents.instances] == [[[1.5, 2], [3, 4]]]
    assert [bad.reason.split(":")[0] for bad in contents.unreadable] == [
        "Line 2",
        "Line 3",
        "Line 4",
        "a.png#0",
    ]
