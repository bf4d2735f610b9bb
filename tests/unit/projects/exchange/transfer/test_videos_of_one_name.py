"""Videos that are called alike, in and out."""

import json
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.projects.exchange import export_labels, import_labels
from landmark_annotator.projects.images.source import frame_facts, video_sha256
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import FormatError
from tests.unit.projects.video.encoded import drawn, encode

SCHEME = Scheme("dots", ("one", "two"))


def label(project: Project, video: Path, y: float) -> None:
    """Its frame 1."""
    record = project.add_video(video, video_sha256(video), 25.0)
    [image] = project.add_frames(record.id, {1: frame_facts(video, 1)})
    shape = Shape(np.array([[10.0, y], [30.0, 40.0]]))
    project.add_instance(image.id, Box(20.0, 20.0, 30.0, 30.0), shape=shape, who="ada")


def test_frames_of_each_have_a_folder_of_their_own(tmp_path: Path) -> None:
    """The third was called as the first, whose pictures it had: one is clip-3, and the number of
    another clip is 3."""
    with Project.create(tmp_path / "project", SCHEME) as project:
        for frames, name in enumerate(("a/clip-3", "a/clip", "b/clip"), 3):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            video = encode(tmp_path / f"{name}.mp4", frames)
            label(project, video, y=frames)

        export_labels(project, tmp_path / "labels.json", format="coco", frames=True)

    images = json.loads((tmp_path / "labels.json").read_text())["images"]
    assert len({image["file_name"] for image in images}) == 3
    assert all((tmp_path / image["file_name"]).is_file() for image in images)


def test_names_that_differ_in_how_an_umlaut_is_written_are_told_apart(tmp_path: Path) -> None:
    """Of both a Mac has one folder, where the frames of one replaced the other's."""
    with Project.create(tmp_path / "project", SCHEME) as project:
        for frames, form in enumerate(("NFC", "NFD"), 3):
            name = tmp_path / form / unicodedata.normalize(form, "é.mp4")
            name.parent.mkdir()
            label(project, encode(name, frames), y=frames)

        export_labels(project, tmp_path / "labels.json", format="coco", frames=True)

    images = json.loads((tmp_path / "labels.json").read_text())["images"]
    assert len({unicodedata.normalize("NFC", image["file_name"]) for image in images}) == 2


@pytest.mark.parametrize("format", ["webdataset", "huggingface"])
def test_frames_of_two_kinds_of_file_are_not_taken_for_each_other(
    tmp_path: Path, format: str
) -> None:
    """Both were img0000001.png of the folder clip: of one archive two samples had one key."""
    with Project.create(tmp_path / "project", SCHEME) as project:
        for y, name in enumerate(("clip.mp4", "clip.mkv"), 3):
            drawings = [drawn(y), drawn(y + 1)]  # of the same frames the images would be the same
            label(project, encode(tmp_path / name, drawings=drawings), y=y)

        export_labels(project, tmp_path / "out", format=format)

    with Project.create(tmp_path / "other", SCHEME) as other:
        import_labels(other, tmp_path / "out", who="ben")
        names = {image.id: image.path.parent.name for image in other.images()}
        found = {names[one.image_id]: shape.points[0, 1] for one, shape in other.shapes()}

    assert found == {"clip": 3, "clip.mkv": 4}


def test_two_of_another_computer_are_not_taken_for_the_only_one_here(tmp_path: Path) -> None:
    """Beside the labels that was refused; in the folder videos the labels of both lay on one."""
    (tmp_path / "videos").mkdir()
    encode(tmp_path / "videos" / "clip.mp4", 3)
    table = tmp_path / "labels.csv"
    rows = [f"D:\\{folder}\\clip.mp4,{n},5,5,20,30" for n, folder in enumerate("ab")]
    table.write_text("\n".join(["image,frame,one.x,one.y,two.x,two.y", *rows, ""]))
    with Project.create(tmp_path / "project", SCHEME) as project:
        with pytest.raises(FormatError, match="are two images of another computer"):
            import_labels(project, table, who="ada")

        assert project.images() == []
