"""NWB with ndx-pose: sleap-io reads what is written, and what it writes is read."""

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sleap_io
from PIL import Image

from landmark_annotator.projects.apart import nwb_poses
from landmark_annotator.projects.exchange import scheme_of_labels, sniff
from landmark_annotator.projects.exchange.codecs import nwb
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError, MissingPackage

SCHEME = Scheme("a/b: fly", ("head", "ß/θ", "tail"), ((0, 1),))
POINTS = np.array([[0.1, 0.0], [60.5, 40.25], [np.nan, np.nan]])


def exported(tmp_path: Path, name: str, who: str, **more: Any) -> ExportedInstance:
    image = tmp_path / "photos" / name
    image.parent.mkdir(exist_ok=True)
    Image.new("RGB", (120, 100 + len(name))).save(image)
    marks = [Provenance.CLICKED, Provenance.CLICKED, Provenance.CLICKED]
    shape = Shape(POINTS, [2, 1, 0], marks)
    box = Box(30, 40, 10, 20, 0.5)
    key = f"{name} of {who}"
    return ExportedInstance(image, 120, 100 + len(name), shape, box, key, who, **more)


@pytest.fixture
def several(tmp_path: Path) -> list[ExportedInstance]:
    return [
        exported(tmp_path, "a.png", "anna"),
        exported(tmp_path, "a.png", "ben"),
        exported(tmp_path, "long.png", "anna"),
    ]


def test_all_that_it_holds_comes_back(tmp_path: Path, several: list[ExportedInstance]) -> None:
    nwb.write(tmp_path / "a.nwb", several, SCHEME)

    contents = nwb.read(tmp_path / "a.nwb", SCHEME)

    assert sniff(tmp_path / "a.nwb").name == "nwb"
    assert (contents.unreadable, contents.notes) == ([], [])
    for found, written in zip(contents.instances, several, strict=True):
        assert np.array_equal(found.shape.points, POINTS, equal_nan=True)
        assert found.shape.visibility.tolist() == [2, 1, 0]
        assert found.shape.absent.tolist() == [False, False, True]
        assert (found.image, found.box) == (written.image, written.box)
        assert (found.source, found.annotator) == (written.source, written.annotator)
    scheme = scheme_of_labels(tmp_path / "a.nwb")
    assert (scheme.landmarks, scheme.edges) == (SCHEME.landmarks, SCHEME.edges)


def test_frames_of_a_video_stay_frames(tmp_path: Path) -> None:
    video = tmp_path / "fly.mp4"
    shape = Shape(np.nan_to_num(POINTS))
    entries = [
        ExportedInstance(video, 64, 48, shape, None, f"k{n}", video=video, frame=n) for n in (3, 7)
    ]
    nwb.write(tmp_path / "a.nwb", entries, SCHEME)
    video.touch()

    found = nwb.read(tmp_path / "a.nwb", SCHEME).instances

    assert [(each.image, each.frame) for each in found] == [(video, 3), (video, 7)]


def test_the_names_of_a_list_of_images_are_read_once_and_not_for_each_of_them(
    tmp_path: Path,
) -> None:
    shape, images = Shape(np.nan_to_num(POINTS)), [tmp_path / f"{n}.png" for n in range(30)]
    nwb.write(
        tmp_path / "a.nwb",
        [ExportedInstance(image, 64, 48, shape, None, image.name) for image in images],
        SCHEME,
    )

    answer = nwb_poses.read(str(tmp_path / "a.nwb"))

    assert json.dumps({**answer, "ours": ""}).count(".png") == len(images)
    assert [each.image for each in nwb.read(tmp_path / "a.nwb", SCHEME).instances] == images


def test_sleap_io_sees_what_is_visible(tmp_path: Path, several: list[ExportedInstance]) -> None:
    nwb.write(tmp_path / "a.nwb", several, SCHEME)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        labels = sleap_io.load_nwb(str(tmp_path / "a.nwb"))

    assert labels.skeletons[0].node_names == list(SCHEME.landmarks)
    (places, *_) = [each.numpy() for frame in labels for each in frame.instances]
    assert np.array_equal(places[0], POINTS[0])
    assert np.isnan(places[1:]).all()


def test_a_file_of_sleap_io_with_nodes_in_another_order(tmp_path: Path) -> None:
    image = exported(tmp_path, "a.png", "").image
    skeleton = sleap_io.Skeleton(["tail", "head"], name="fly")
    instance = sleap_io.Instance.from_numpy(np.array([[1.5, 2], [3, 4]]), skeleton=skeleton)
    video = sleap_io.Video.from_filename([str(image)])
    frame = sleap_io.LabeledFrame(video=video, frame_idx=0, instances=[instance])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sleap_io.save_nwb(sleap_io.Labels([frame]), str(tmp_path / "a.nwb"), "annotations")

    (found,) = nwb.read(tmp_path / "a.nwb", SCHEME).instances

    assert found.shape.points[[2, 0]].tolist() == [[1.5, 2], [3, 4]]
    assert found.shape.visibility.tolist() == [2, 0, 2]
    assert found.image == image


@pytest.mark.parametrize("keep", [3000, -2000])
def test_a_file_cut_short(tmp_path: Path, several: list[ExportedInstance], keep: int) -> None:
    nwb.write(tmp_path / "a.nwb", several, SCHEME)
    (tmp_path / "a.nwb").write_bytes((tmp_path / "a.nwb").read_bytes()[:keep])

    with pytest.raises(FormatError, match="damaged"):
        nwb.read(tmp_path / "a.nwb", SCHEME)


def test_without_the_package_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ndx_pose", None)

    with pytest.raises(MissingPackage, match="pip install ndx-pose"):
        nwb.write(tmp_path / "a.nwb", [], SCHEME)
