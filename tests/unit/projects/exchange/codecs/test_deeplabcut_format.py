"""DeepLabCut's tables as CSV and HDF5: pandas reads them, and what is read and refused."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from landmark_annotator.projects.exchange import sniff
from landmark_annotator.projects.exchange.codecs import deeplabcut, deeplabcut_h5
from landmark_annotator.projects.exchange.codecs.common.entries import Contents, ExportedInstance
from landmark_annotator.projects.vocabulary import Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError, MissingPackage

SCHEME = Scheme("mouse", ("nose", "täil"))
FILE = """scorer,anna,anna,anna,anna
bodyparts,nose,nose,täil,täil
coords,x,y,x,y
a.png,1.5,2.0,,
b.png,3.0,4.0,5.25,6.0
"""
MULTI = """scorer,anna,anna,anna,anna,anna,anna,anna,anna,anna,anna
individuals,m1,m1,m1,m1,m2,m2,m2,m2,single,single
bodyparts,nose,nose,täil,täil,nose,nose,täil,täil,corner,corner
coords,x,y,x,y,x,y,x,y,x,y
a.png,1,2,3,4,,,,,9,9
b.png,1,2,3,4,5,6,7,8,9,9
c.png,,,,,,,,,9,9
"""
NAMES = ["scorer", "bodyparts", "coords"]


def read(tmp_path: Path, text: str, annotator: str | None = None) -> Contents:
    (tmp_path / "labels.csv").write_text(text, encoding="utf-8")
    return deeplabcut.read(tmp_path / "labels.csv", SCHEME, annotator=annotator)


def exported(tmp_path: Path, image: str, first: float) -> ExportedInstance:
    shape = Shape(np.array([[first, 2.5], [np.nan, np.nan]]))
    return ExportedInstance(tmp_path / image, 9, 9, shape, None, f"{image} {first}")


def frame(tmp_path: Path, index: object) -> pd.DataFrame:
    columns = pd.MultiIndex.from_product([["anna"], SCHEME.landmarks, ["x", "y"]], names=NAMES)
    values = [[1.5, 2.0, np.nan, np.nan], [3.0, 4.0, 5.25, 6.0]]
    return pd.DataFrame(values, columns=columns, index=index)


def test_a_row_is_an_image_and_empty_cells_are_unknown(tmp_path: Path) -> None:
    first, second = read(tmp_path, FILE).instances

    assert first.shape.points[0].tolist() == [1.5, 2.0]
    assert first.shape.known.tolist() == [True, False]
    assert second.shape.points.tolist() == [[3.0, 4.0], [5.25, 6.0]]
    assert second.image == tmp_path / "b.png"


def test_individuals_are_instances(tmp_path: Path) -> None:
    contents = read(tmp_path, MULTI)

    found = [(i.image.name, i.source.split("#")[1]) for i in contents.instances]
    assert found == [("a.png", "m1"), ("b.png", "m1"), ("b.png", "m2"), ("c.png", "0")]
    assert not contents.instances[3].shape.known.any()
    assert "corner" in contents.notes[0]


def test_the_names_of_images_may_take_three_columns(tmp_path: Path) -> None:
    text = FILE.replace("a.png", "labeled-data,v,a.png").replace("b.png", "labeled-data,v,b.png")
    for word in ("scorer", "bodyparts", "coords"):
        text = text.replace(word, f"{word},,")

    instances = read(tmp_path, text).instances

    assert instances[0].image == tmp_path / "labeled-data" / "v" / "a.png"
    assert instances[1].shape.points.tolist() == [[3.0, 4.0], [5.25, 6.0]]


def test_images_are_named_from_the_folder_of_the_project(tmp_path: Path) -> None:
    folder = tmp_path / "labeled-data" / "v"
    folder.mkdir(parents=True)
    Image.new("RGB", (9, 9)).save(folder / "a.png")
    file = folder / "CollectedData_anna.csv"

    deeplabcut.write(file, [exported(folder, "a.png", 1.0)], SCHEME)

    assert file.read_text().splitlines()[3] == "labeled-data/v/a.png,1.0,2.5,,"
    assert deeplabcut.read(file, SCHEME).instances[0].image == folder / "a.png"


def test_how_sure_a_prediction_is(tmp_path: Path) -> None:
    text = "scorer,net,net,net\nbodyparts,nose,nose,nose\ncoords,x,y,likelihood\na.png,1,2,0.75\n"

    (instance,) = read(tmp_path, text).instances

    assert instance.confidence == (0.75, 0.0)


def test_one_of_several_scorers(tmp_path: Path) -> None:
    text = FILE.replace("anna,anna\n", "bert,bert\n")

    instances = read(tmp_path, text, annotator="bert").instances

    assert [i.shape.known.tolist() for i in instances] == [[False, False], [False, True]]
    with pytest.raises(FormatError, match="one of anna, bert"):
        read(tmp_path, text)
    with pytest.raises(FormatError, match='Did you mean "bert"'):
        read(tmp_path, text, annotator="bart")


@pytest.mark.parametrize("kind", ["csv", "h5"])
def test_pandas_reads_what_is_written(tmp_path: Path, kind: str) -> None:
    instances = [exported(tmp_path, "a.png", 1.5), exported(tmp_path, "é.png", 0.1 + 0.2)]
    target = tmp_path / f"labels.{kind}"
    module = deeplabcut if kind == "csv" else deeplabcut_h5

    module.write(target, instances, SCHEME)

    if kind == "csv":
        table = pd.read_csv(target, header=[0, 1, 2], index_col=0)
    else:
        table = pd.read_hdf(target, key="df_with_missing")
    assert list(table.columns.names) == NAMES
    assert list(table.columns.get_level_values("bodyparts")) == ["nose", "nose", "täil", "täil"]
    assert list(table.index) == ["a.png", "é.png"]
    assert table.to_numpy()[:, :2].tolist() == [[1.5, 2.5], [0.1 + 0.2, 2.5]]
    assert np.isnan(table.to_numpy()[:, 2:]).all()


@pytest.mark.parametrize("kind", ["csv", "h5"])
def test_several_animals_of_an_image_are_individuals(tmp_path: Path, kind: str) -> None:
    instances = [exported(tmp_path, image, x) for image, x in (("a.png", 1), ("a.png", 2))]
    instances.append(exported(tmp_path, "b.png", 3.0))
    target = tmp_path / f"labels.{kind}"
    module = deeplabcut if kind == "csv" else deeplabcut_h5

    module.write(target, instances, SCHEME)

    if kind == "csv":
        table = pd.read_csv(target, header=[0, 1, 2, 3], index_col=0)
    else:
        table = pd.read_hdf(target)
    assert table.columns.names[1] == "individuals"
    assert table.xs("individual2", level="individuals", axis=1).iloc[0, 0] == 2
    back = module.read(target, SCHEME)
    assert [i.shape.points[0, 0] for i in back.instances] == [1, 2, 3]


@pytest.mark.parametrize(
    "index",
    [
        ["a.png", "b.png"],
        pd.MultiIndex.from_tuples([("labeled-data", "v", "a.png"), ("labeled-data", "v", "b.png")]),
    ],
)
def test_what_pandas_writes_is_read(tmp_path: Path, index: object) -> None:
    frame(tmp_path, index).to_hdf(tmp_path / "labels.h5", key="df_with_missing", mode="w")

    contents = deeplabcut_h5.read(tmp_path / "labels.h5", SCHEME)

    assert [i.image.name for i in contents.instances] == ["a.png", "b.png"]
    assert contents.instances[1].shape.points.tolist() == [[3.0, 4.0], [5.25, 6.0]]
    assert contents.instances[0].shape.known.tolist() == [True, False]
    assert sniff(tmp_path / "labels.h5").name == "deeplabcut-h5"


def test_columns_in_a_pickle_are_refused(tmp_path: Path) -> None:
    table = frame(tmp_path, ["a.png", "b.png"])
    table.to_hdf(tmp_path / "labels.h5", key="df_with_missing", mode="w", format="table")

    with pytest.raises(FormatError, match="pickle") as caught:
        deeplabcut_h5.read(tmp_path / "labels.h5", SCHEME)

    assert "csv" in caught.value.remedy


@pytest.mark.parametrize("size", [0, 100, 3000])
def test_a_damaged_hdf5_file(tmp_path: Path, size: int) -> None:
    frame(tmp_path, ["a.png", "b.png"]).to_hdf(tmp_path / "labels.h5", key="df")
    (tmp_path / "labels.h5").write_bytes((tmp_path / "labels.h5").read_bytes()[:size])

    with pytest.raises(FormatError):
        deeplabcut_h5.read(tmp_path / "labels.h5", SCHEME)


def test_without_h5py_the_command_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "h5py", None)

    with pytest.raises(MissingPackage) as caught:
        deeplabcut_h5.write(tmp_path / "a.h5", [], SCHEME)

    assert "pip install h5py" in caught.value.remedy


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("a.png,1.5,2.0,,", "a.png,1.5,2.0", "Line 4: 3 cells, the header has 5"),
        ("1.5,2.0,,", '"1,5",2.0,,', 'Line 4: "1,5" is not a finite number'),
        ("1.5,2.0,,", "inf,2.0,,", "Line 4:"),
        ("1.5,2.0,,", "1.5,,,", '"nose" has half a position'),
    ],
)
def test_a_bad_row_is_reported_and_the_rest_is_read(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    contents = read(tmp_path, FILE.replace(old, new))

    assert [i.image.name for i in contents.instances] == ["b.png"]
    assert reason in contents.unreadable[0].reason


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (FILE.replace("nose,nose", "nase,nase"), 'Did you mean "nose"'),
        (FILE.replace("coords,x,y,x,y\n", ""), "not a table of DeepLabCut"),
        (FILE.replace("bodyparts,nose,nose", "bodyparts,nose"), "cut short"),
        (FILE.replace("coords,x,y", "coords,x,z"), 'no y for "nose"'),
        (FILE[:30], "not a table"),
        ("", "not a table"),
    ],
)
def test_a_table_that_does_not_fit(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        read(tmp_path, text)


def test_what_is_lost_is_said(tmp_path: Path) -> None:
    shape = Shape(np.ones((2, 2)), np.array([1, 0], dtype=np.int8))
    instance = ExportedInstance(tmp_path / "a.png", 9, 9, shape, None, "k")

    notes = deeplabcut.write(tmp_path / "o.csv", [instance], SCHEME).notes

    assert any("1 occluded" in note for note in notes)
    assert any("1 landmark with a position but no visibility" in note for note in notes)


def test_the_table_of_a_lightning_pose_data_set_names_images_from_its_own_folder(
    tmp_path: Path,
) -> None:
    (tmp_path / "CollectedData.csv").write_text(
        "scorer,s,s,s,s\nbodyparts,nose,nose,täil,täil\ncoords,x,y,x,y\n"
        "labeled-data/one/img1.png,1,2,3,4\n"
    )

    (found,) = deeplabcut.read(tmp_path / "CollectedData.csv", SCHEME).instances

    assert sniff(tmp_path / "CollectedData.csv").name == "deeplabcut"
    assert found.image == tmp_path / "labeled-data" / "one" / "img1.png"
    assert found.shape.points.tolist() == [[1, 2], [3, 4]]


def test_a_table_of_a_video_of_another_name_says_what_helps(tmp_path: Path) -> None:
    """Naming the folder that the video is in does not: it was said, and said again."""
    videos, rows = tmp_path / "videos of may", "scorer,s,s,s,s\nbodyparts,nose,nose,täil,täil\n"
    videos.mkdir()
    (videos / "walk.mp4").write_bytes(b"")
    table = tmp_path / "tracked.csv"
    table.write_text(f"{rows}coords,x,y,x,y\n0,1,2,3,4\n1,1,2,3,4\n", encoding="utf-8")

    with pytest.raises(FormatError, match="none beside it has a name"):
        deeplabcut.read(table, SCHEME)
    with pytest.raises(FormatError, match=r"none in .*videos of may has a name") as told:
        deeplabcut.read(table, SCHEME, images=videos)
    assert "file of the video itself" in told.value.remedy
    assert "folder" not in told.value.remedy
    found = deeplabcut.read(table, SCHEME, images=videos / "walk.mp4").instances
    assert [(each.image.name, each.frame) for each in found] == [("walk.mp4", 0), ("walk.mp4", 1)]


def test_objects_of_no_track_have_no_tracks_name(tmp_path: Path) -> None:
    """Two individuals of one name were one when the table was read."""
    first = replace(exported(tmp_path, "a.png", 1.0), track="individual1")
    deeplabcut.write(tmp_path / "out.csv", [first, exported(tmp_path, "a.png", 7.0)], SCHEME)

    contents = deeplabcut.read(tmp_path / "out.csv", SCHEME)

    assert [one.shape.points[0, 0] for one in contents.instances] == [1.0, 7.0]
