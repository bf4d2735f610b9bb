"""A photograph is opened, whatever it is stored as."""

import pickle
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.images import (
    Frame,
    Still,
    examine,
    pixels_of,
    read_pixels,
    sha256_of,
    source_of,
)
from landmark_annotator.projects.images.source import FramesOf, quick_frame, recorded_source
from landmark_annotator.projects.video import VideoReader
from landmark_annotator.projects.vocabulary.errors import ImageError
from tests.unit.projects.video.encoded import HEIGHT, WIDTH, encode


@dataclass(frozen=True)
class Record:
    path: Path
    frame: int | None = None
    sha256: str = ""


@pytest.fixture
def record(tmp_path: Path) -> Record:
    Image.new("RGB", (4, 3), (10, 20, 30)).save(tmp_path / "a.png")
    return Record(tmp_path / "a.png", sha256=sha256_of(tmp_path / "a.png"))


def test_an_image_of_a_project_is_a_still(record: Record) -> None:
    assert source_of(record) == Still(record.path)


def test_a_still_holds_what_its_file_does(record: Record) -> None:
    still = Still(record.path)
    assert (still.pixels() == read_pixels(record.path)).all()
    assert (still.facts(), still.sha256()) == (examine(record.path), sha256_of(record.path))


def test_people_know_a_still_by_its_file(record: Record) -> None:
    assert (Still(record.path).name, Still(record.path).file) == ("a.png", record.path)


def test_a_worker_process_can_open_it(record: Record) -> None:
    sent = pickle.loads(pickle.dumps(source_of(record)))  # noqa: S301 - our own bytes
    assert sent.pixels().shape == (3, 4, 3)


def test_the_pixels_of_a_record(record: Record) -> None:
    assert pixels_of(record)[0, 0].tolist() == [10, 20, 30]


def test_whether_it_is_there(record: Record) -> None:
    assert source_of(record).is_there()
    record.path.unlink()
    assert not source_of(record).is_there()


def test_a_missing_one_is_an_image_error(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="There is no image"):
        pixels_of(Record(tmp_path / "gone.png"))


def test_a_frame_is_that_of_its_video(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mp4", frames=12)
    source = recorded_source(path, 7)
    with closing(VideoReader(path)) as reader:
        assert (source.pixels() == reader.pixels(7)).all()
    assert (source.name, source.file) == ("clip.mp4 frame 7", None)
    assert (source.facts().width, source.facts().height) == (WIDTH, HEIGHT)


def test_each_frame_has_a_hash_of_its_own(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mp4", frames=3)
    hashes = {Frame(path, number).sha256() for number in (0, 1, 1)}
    assert len(hashes) == 2
    path.rename(tmp_path / "moved.mp4")
    assert Frame(tmp_path / "moved.mp4", 0).sha256() in hashes


def test_a_worker_process_can_open_a_frame(tmp_path: Path) -> None:
    frame = Frame(encode(tmp_path / "clip.mp4", frames=3), 2)
    sent = pickle.loads(pickle.dumps(frame))  # noqa: S301 - our own bytes
    assert (sent.pixels() == frame.pixels()).all()


def test_another_picture_under_its_name_is_refused(record: Record) -> None:
    Image.new("RGB", (4, 3), (30, 20, 10)).save(record.path)
    with pytest.raises(ImageError, match="not the one that was added") as error:
        pixels_of(record)
    assert "Put the original file back" in error.value.remedy


def test_another_video_under_the_same_name_is_refused(tmp_path: Path) -> None:
    path = encode(tmp_path / "clip.mp4", frames=6)
    labelled = Frame(path, 2).sha256()
    assert recorded_source(path, 2, labelled).pixels().shape == (HEIGHT, WIDTH, 3)
    encode(path, frames=9)
    with pytest.raises(ImageError, match="not the one that was added"):
        recorded_source(path, 2, labelled).pixels()


def test_while_a_hand_travels_the_key_frame_stands_for_what_is_decoded_late(
    tmp_path: Path,
) -> None:
    path = encode(tmp_path / "long.mp4", 30, options={"g": "20", "sc_threshold": "0"})
    assert [quick_frame(path, number) for number in (0, 3, 19, 20, 29)] == [0, 3, 0, 20, 20]
    Frame(path, 19).pixels()
    assert quick_frame(path, 19) == 19, "it is decoded by now"


def test_what_is_shown_later_is_told_by_when_each_frame_is_shown() -> None:
    """By an average rate a video of a telephone passed at another pace than it has."""
    seconds = np.concatenate([np.arange(40) / 25, 1.6 + np.arange(10) / 5])
    held = FramesOf(50, 13.0, seconds=seconds)
    assert [held.later(0, after, 25.0) for after in (0, 1.0, 1.6, 2.0, 9.0)] == [0, 25, 40, 42, 49]
    assert [held.later(45, back, 25.0) for back in (-1.0, -9.0)] == [40, 0]
    assert FramesOf(50).later(3, 1.0, 25.0) == 28
