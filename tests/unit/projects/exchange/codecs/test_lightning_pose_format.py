"""Lightning Pose: the folder that its loader takes, and one of its own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from landmark_annotator.projects.exchange import scheme_of_labels, sniff
from landmark_annotator.projects.exchange.codecs import lightning_pose
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.images import upright_size
from landmark_annotator.projects.vocabulary import Scheme, Shape

SCHEME = Scheme("mouse", ("nose", "left paw", "tail, base"))
POINTS = np.array([[1.5, 2.25], [30.0, 4.0], [np.nan, np.nan]])


def exported(tmp_path: Path) -> list[ExportedInstance]:
    """Two images of one name in two folders, and a second object in the first of them."""
    entries = []
    for folder, shift in (("one", 0), ("one", 1), ("two", 2)):
        image = tmp_path / folder / "img1.png"
        image.parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 30), (shift, 0, 0)).save(image)
        shape = Shape(POINTS + shift)
        entries.append(ExportedInstance(image, 40, 30, shape, None, f"{shift}", "anna"))
    return entries


def test_its_loader_finds_names_points_and_images(tmp_path: Path) -> None:
    written = lightning_pose.write(tmp_path / "out", exported(tmp_path), SCHEME)
    moved = (tmp_path / "out").rename(tmp_path / "elsewhere")

    # As its BaseTrackingDataset does.
    table = pd.read_csv(moved / "CollectedData.csv", header=[0, 1, 2], index_col=0)
    names = [name for _, name, coord in table.columns if coord == "x"]
    points = table.to_numpy().reshape(len(table), -1, 2)

    assert names == list(SCHEME.landmarks)
    assert {scorer for scorer, *_ in table.columns} == {"anna"}
    assert np.array_equal(points, [POINTS, POINTS + 2], equal_nan=True)
    assert [upright_size(moved / name) for name in table.index] == [(40, 30)] * 2
    assert written.instances == 2
    assert any("left out were 1 object" in note for note in written.notes)


def test_of_two_animals_one_is_written(tmp_path: Path) -> None:
    """Whichever had come first: half of the images showed the one, half of them the other."""
    order = (("red", "blue"), ("blue", "red"), ("blue",), ("blue",), ("red",))
    made, entries = exported(tmp_path)[0], []
    for number, tracks in enumerate(order):
        image = tmp_path / f"{number}.png"
        Image.new("RGB", (40, 30)).save(image)
        for track in tracks:
            shape = Shape(POINTS + (100 if track == "red" else number))
            entries.append(replace(made, image=image, shape=shape, track=track, source=track))

    written = lightning_pose.write(tmp_path / "out", entries, SCHEME)

    table = pd.read_csv(tmp_path / "out" / "CollectedData.csv", header=[0, 1, 2], index_col=0)
    found = table.to_numpy().reshape(len(table), -1, 2)[:, 0, 0]
    assert found.tolist() == [1.5, 2.5, 3.5, 4.5, 101.5]
    assert "Of several in an image, that of track blue is written." in written.notes


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    lightning_pose.write(tmp_path / "out", exported(tmp_path), SCHEME)

    found = lightning_pose.read(tmp_path / "out", SCHEME).instances

    assert sniff(tmp_path / "out").name == "lightning-pose"
    assert scheme_of_labels(tmp_path / "out").landmarks == SCHEME.landmarks
    for each, shift in zip(found, (0, 2), strict=True):
        assert np.array_equal(each.shape.points, POINTS + shift, equal_nan=True)
        assert each.image.is_file()


def test_a_folder_of_lightning_pose_itself(landmark_data: Path) -> None:
    folder = landmark_data / "video" / "mirror-mouse17"
    scheme = scheme_of_labels(folder)

    contents = lightning_pose.read(folder, scheme)

    assert sniff(folder).name == "lightning-pose"
    assert (len(scheme), len(contents.instances), contents.unreadable) == (17, 90, [])
    assert contents.instances[0].image.is_file()
