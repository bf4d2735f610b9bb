"""SLEAP: sleap-io opens what is written, and what it writes is read."""

import builtins
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
import sleap_io
from PIL import Image

from landmark_annotator.projects.exchange import by_name, sniff
from landmark_annotator.projects.exchange.codecs import sleap, sleap_package
from landmark_annotator.projects.exchange.codecs.common.entries import ExportedInstance
from landmark_annotator.projects.images import Frame, read_pixels
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError, MissingPackage
from tests.unit.projects.video.encoded import HEIGHT, WIDTH, encode

SCHEME = Scheme(
    "face", ("chin", "left eye", "right eye"), edges=((0, 1), (1, 2)), partners=((1, 2),)
)
POINTS = [[0.25, 0.0], [60.5, 40.25], [np.nan, np.nan]]


def exported(tmp_path: Path, number: int = 0) -> ExportedInstance:
    image = tmp_path / "photos" / f"{number}.png"
    if not image.exists():
        image.parent.mkdir(exist_ok=True)
        Image.new("RGB", (120, 100 + number), (number, 0, 0)).save(image)
    marks = [Provenance.CLICKED, Provenance.INFERRED, None]
    shape = Shape(np.array(POINTS), np.array([2, 1, 0], dtype=np.int8), marks)
    box = Box(30, 40, 10, 20, 0.5)
    return ExportedInstance(image, 120, 100 + number, shape, box, f"key#{number}")


def test_sleap_io_opens_the_skeleton_with_edges_and_symmetries(tmp_path: Path) -> None:
    sleap.write(tmp_path / "a.slp", [exported(tmp_path)], SCHEME)

    (skeleton,) = sleap_io.load_slp(str(tmp_path / "a.slp")).skeletons

    assert skeleton.node_names == list(SCHEME.landmarks)
    assert skeleton.edge_inds == [(0, 1), (1, 2)]
    assert skeleton.symmetry_inds == [(1, 2)]


def test_sleap_io_opens_points_unchanged_and_the_pixels_of_every_image(tmp_path: Path) -> None:
    several = [exported(tmp_path, n) for n in (0, 1)]
    sleap.write(tmp_path / "a.slp", several, SCHEME)

    labels = sleap_io.load_slp(str(tmp_path / "a.slp"))

    assert len(labels) == 2
    for number, frame in enumerate(labels):
        assert frame.image.shape[:2] == (100 + number, 120)
        (instance,) = frame.instances
        assert np.array_equal(instance.points["xy"], POINTS, equal_nan=True)
        assert instance.points["visible"].tolist() == [True, False, False]
        assert instance.points["complete"].tolist() == [True, False, False]


def test_images_that_moved_with_the_file_are_found(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    sleap.write(tmp_path / "one" / "a.slp", [exported(tmp_path / "one")], SCHEME)
    moved = (tmp_path / "one").rename(tmp_path / "two")

    (instance,) = sleap.read(moved / "a.slp", SCHEME).instances

    assert instance.image == moved / "photos" / "0.png"
    assert instance.source == "key#0"


def labels_of(tmp_path: Path, *instances: Any) -> Path:
    video = sleap_io.Video.from_filename([str(exported(tmp_path).image)])
    frame = sleap_io.LabeledFrame(video=video, frame_idx=0, instances=list(instances))
    file = tmp_path / "theirs.slp"
    sleap_io.Labels([frame]).save(str(file), embed=False, verbose=False)
    return file


def test_a_file_of_sleap_io_in_another_order_of_nodes(tmp_path: Path) -> None:
    skeleton = sleap_io.Skeleton(["right eye", "chin"])
    instance = sleap_io.Instance.from_numpy(np.array([[1.5, 2], [3, 4]]), skeleton=skeleton)
    file = labels_of(tmp_path, instance)

    assert sniff(file).name == "sleap"
    (found,) = sleap.read(file, SCHEME).instances

    assert found.shape.points[[2, 0]].tolist() == [[1.5, 2], [3, 4]]
    assert found.shape.visibility.tolist() == [2, 0, 2]
    assert found.confidence is None


def test_predictions_beside_labels_are_passed_over_and_said(tmp_path: Path) -> None:
    skeleton = sleap_io.Skeleton(list(SCHEME.landmarks))
    points = np.ones((3, 2))
    hand = sleap_io.Instance.from_numpy(points, skeleton=skeleton)
    predicted = sleap_io.PredictedInstance.from_numpy(points + 5, skeleton=skeleton)

    contents = sleap.read(labels_of(tmp_path, hand, predicted), SCHEME)

    assert [i.shape.points[0, 0] for i in contents.instances] == [1]
    assert "1 predicted instance was passed over" in contents.notes[0]


def test_predictions_alone_come_with_their_scores(tmp_path: Path) -> None:
    skeleton = sleap_io.Skeleton(list(SCHEME.landmarks))
    predicted = sleap_io.PredictedInstance.from_numpy(
        np.ones((3, 2)), skeleton=skeleton, point_scores=np.array([0.5, 0.25, 2]), score=0.5
    )

    (instance,) = sleap.read(labels_of(tmp_path, predicted), SCHEME).instances

    assert instance.confidence == (0.5, 0.25, 1.0)


def test_another_skeleton_is_refused_with_the_closest_name(tmp_path: Path) -> None:
    skeleton = sleap_io.Skeleton(["chin", "left eyes"])
    instance = sleap_io.Instance.from_numpy(np.ones((2, 2)), skeleton=skeleton)

    with pytest.raises(FormatError, match='Did you mean "left eye"'):
        sleap.read(labels_of(tmp_path, instance), SCHEME)


def test_a_file_cut_short(tmp_path: Path) -> None:
    sleap.write(tmp_path / "a.slp", [exported(tmp_path)], SCHEME)
    (tmp_path / "a.slp").write_bytes((tmp_path / "a.slp").read_bytes()[:3000])

    with pytest.raises(FormatError, match="damaged"):
        sleap.read(tmp_path / "a.slp", SCHEME)


def test_without_sleap_io_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleap.write(tmp_path / "a.slp", [exported(tmp_path)], SCHEME)
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "sleap_io":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)

    assert sniff(tmp_path / "a.slp").name == "sleap"
    for call in (
        lambda: sleap.read(tmp_path / "a.slp", SCHEME),
        lambda: by_name("sleap").writer().write(tmp_path / "b.slp", [], SCHEME),  # type: ignore[misc]
    ):
        with pytest.raises(MissingPackage, match="pip install sleap-io"):
            call()


def package(tmp_path: Path) -> Path:
    """Of two photographs of different kinds, moved away from them."""
    several = [exported(tmp_path, 0), exported(tmp_path, 1)]
    Image.new("RGB", (120, 100)).save(tmp_path / "photos" / "0.jpg")
    several.append(replace(several[0], image=tmp_path / "photos" / "0.jpg", source="jpeg"))
    sleap_package.write(tmp_path / "a.pkg.slp", several, SCHEME)
    (tmp_path / "elsewhere").mkdir()
    return (tmp_path / "a.pkg.slp").rename(tmp_path / "elsewhere" / "a.pkg.slp")


def test_sleap_io_sees_the_images_in_a_package_without_any_beside_it(tmp_path: Path) -> None:
    file = package(tmp_path)
    (tmp_path / "photos").rename(tmp_path / "gone")

    labels = sleap_io.load_slp(str(file))

    assert sniff(file).name == "sleap-package"
    assert sorted(frame.image.shape for frame in labels) == [
        (100, 120, 3),
        (100, 120, 3),
        (101, 120, 3),
    ]
    seen = {tuple(frame.image[0, 0].tolist()) for frame in labels}
    assert seen == {(0, 0, 0), (1, 0, 0)}
    for frame in labels:
        assert np.array_equal(frame.instances[0].points["xy"], POINTS, equal_nan=True)


def test_images_in_a_package_are_those_that_went_in(tmp_path: Path) -> None:
    file = package(tmp_path)
    photographs = (tmp_path / "photos").rename(tmp_path / "gone")

    contents = sleap.read(file, SCHEME)

    assert contents.unreadable == []
    found = {each.source: each.image for each in contents.instances}
    assert {image.parent for image in found.values()} == {file.with_name("a-images")}
    for key, name in (("key#0", "0.png"), ("key#1", "1.png"), ("jpeg", "0.jpg")):
        assert found[key].read_bytes() == (photographs / name).read_bytes()


def test_frames_of_a_video_in_a_package_are_those_of_the_video_where_it_is(tmp_path: Path) -> None:
    """sleap-io takes a video without a known size for nothing, and the package was its own video:
    nothing of it came in."""
    clip = encode(tmp_path / "clip.mp4", 8)
    one = replace(
        exported(tmp_path), image=clip, video=clip, width=WIDTH, height=HEIGHT, track="red"
    )
    several = [replace(one, frame=frame, source=f"key#{frame}") for frame in (2, 5)]
    file = tmp_path / "a.pkg.slp"
    sleap_package.write(file, several, SCHEME)

    found = sleap.read(file, SCHEME).instances
    assert [(each.image, each.frame, each.track) for each in found] == [
        (clip, 2, "red"),
        (clip, 5, "red"),
    ]

    pixels = Frame(clip, 5).pixels()
    clip.unlink()
    gone = sleap.read(file, SCHEME)
    assert gone.unreadable == []
    names = [each.image.relative_to(tmp_path).as_posix() for each in gone.instances]
    assert names == [f"a-images/clip/img000000{frame}.png" for frame in (2, 5)]
    assert np.array_equal(read_pixels(gone.instances[1].image), pixels)


def test_a_package_of_sleap_io_that_has_lost_its_images(tmp_path: Path) -> None:
    skeleton = sleap_io.Skeleton(list(SCHEME.landmarks))
    instance = sleap_io.Instance.from_numpy(np.ones((3, 2)), skeleton=skeleton)
    video = sleap_io.Video.from_filename([str(exported(tmp_path).image)])
    frame = sleap_io.LabeledFrame(video=video, frame_idx=0, instances=[instance])
    file = tmp_path / "theirs.pkg.slp"
    sleap_io.Labels([frame]).save(str(file), embed=True, verbose=False)
    (tmp_path / "photos").rename(tmp_path / "gone")

    (found,) = sleap.read(file, SCHEME).instances

    assert read_pixels(found.image).shape == (100, 120, 3)


def test_a_photograph_on_its_side_stands_upright_in_a_package(tmp_path: Path) -> None:
    one = exported(tmp_path)
    image = tmp_path / "photos" / "turned.jpg"
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (100, 120)).save(image, exif=exif)
    file = tmp_path / "a.pkg.slp"
    sleap_package.write(file, [replace(one, image=image)], SCHEME)

    (frame,) = sleap_io.load_slp(str(file))

    assert frame.image.shape == (100, 120, 3)


def test_a_package_cut_short(tmp_path: Path) -> None:
    file = package(tmp_path)
    file.write_bytes(file.read_bytes()[:-4000])

    with pytest.raises(FormatError, match="damaged"):
        sleap.read(file, SCHEME)


def test_a_file_of_a_newer_sleap_is_not_called_damaged(tmp_path: Path) -> None:
    sleap.write(tmp_path / "a.slp", [exported(tmp_path)], SCHEME)
    with h5py.File(tmp_path / "a.slp", "a") as file:
        file["metadata"].attrs["format_id"] = 99.0

    with pytest.raises(FormatError, match=r"newer SLEAP.*pip install --upgrade sleap-io"):
        sleap.read(tmp_path / "a.slp", SCHEME)


@pytest.mark.skipif(os.name == "nt", reason="no name has a backslash there")
def test_a_name_that_sleap_would_take_for_another_is_refused(tmp_path: Path) -> None:
    one = replace(exported(tmp_path), image=tmp_path / "photos\\a.png")
    Image.new("RGB", (40, 30)).save(one.image)

    for writer in (sleap, sleap_package):
        with pytest.raises(FormatError, match="backslash"):
            writer.write(tmp_path / "a.slp", [one], SCHEME)
