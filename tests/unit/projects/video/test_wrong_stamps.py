"""Files that say of other pictures when they are shown, or show less than they hold."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import av
import numpy as np
import pytest

from landmark_annotator.projects.video import VideoReader, read_index
from landmark_annotator.projects.vocabulary.arrays import Pixels

Video = Callable[..., Path]

X264 = {"bf": "3", "g": "12", "x264-params": "scenecut=0:b-adapt=0"}


def from_the_start(path: Path) -> list[Pixels]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def copied(path: Path, target: Path, *, wrong: bool = False, after: float = 0.0) -> Path:
    """The same pictures, not encoded anew: wrong: each stamped as shown when it is decoded; after:
    those that are decoded so many seconds later, of which an edit list shows only what can be."""
    with av.open(str(path)) as container, av.open(str(target), "w") as copy:
        source = container.streams.video[0]
        stream = copy.add_stream_from_template(source)
        container.seek(int(after / source.time_base), stream=source)
        first = None
        for packet in container.demux(source):
            if packet.dts is None:
                continue
            if wrong:
                first = packet.dts if first is None else first
                packet.pts = packet.dts = packet.dts - first
            if after:
                moved = int(after / packet.time_base)
                packet.pts, packet.dts = packet.pts - moved, packet.dts - moved
            packet.stream = stream
            copy.mux(packet)
    return target


def stamped_wrongly(video: Video, kind: str) -> Path:
    if kind == "H.264 with B-frames in AVI":
        return video("clip.avi", options=X264)
    whole = video("whole.mp4", options=X264)
    return copied(whole, whole.with_name("clip.mp4"), wrong=True)


@pytest.mark.parametrize("kind", ["H.264 with B-frames in AVI", "MP4 shown as it is decoded"])
def test_stamps_of_other_pictures_make_no_damaged_frames(video: Video, kind: str) -> None:
    """Every other frame of such a file was called damaged, though each of them is whole."""
    path = stamped_wrongly(video, kind)
    wanted = from_the_start(path)
    with closing(VideoReader(path)) as reader:
        assert len(reader.index) == len(wanted) == 60
        assert reader.index.ends_early == ""
        assert reader.index.rate == pytest.approx(25, rel=0.02)
        for number in [59, 0, *np.random.default_rng(1).permutation(60).tolist(), 13, 12, 11]:
            assert np.array_equal(reader.pixels(number), wanted[number]), number


@pytest.mark.parametrize("kind", ["H.264 with B-frames in AVI", "MP4 shown as it is decoded"])
def test_the_way_to_a_frame_begins_at_its_key_frame_all_the_same(video: Video, kind: str) -> None:
    path = stamped_wrongly(video, kind)
    with closing(VideoReader(path)) as reader:
        assert sorted(reader.index.key_frames) == [0, 12, 24, 36, 48]
        passed: list[int] = []
        reader.pixels(40, lambda number, _: passed.append(number), last=40)
        assert passed == [36, 37, 38, 39]


def test_a_video_that_was_cut_without_being_encoded_anew_keeps_its_first_frames(
    video: Video,
) -> None:
    """It begins in the middle of a group. What is shown before its next key frame was left out, and
    each number was another frame's than in every other program."""
    whole = video("whole.mp4", options=X264)
    path = copied(whole, whole.with_name("clip.mp4"), after=1.12)
    wanted = from_the_start(path)
    assert len(wanted) == 60 - 28
    index = read_index(path)
    assert len(index) == len(wanted)
    with closing(VideoReader(path, index)) as reader:
        for number in [len(wanted) - 1, 0, 1, 7, 8, 9, 2]:
            assert np.array_equal(reader.pixels(number), wanted[number]), number


@pytest.mark.parametrize(
    ("name", "codec", "options", "pixel_format"),
    [
        ("clip.mkv", "libx264", X264, "yuv420p"),
        ("clip.mkv", "ffv1", {"g": "10"}, "yuv420p"),
        ("clip.mkv", "mjpeg", {}, "yuvj420p"),
        ("clip.flv", "libx264", X264, "yuv420p"),
    ],
)
def test_frames_that_share_a_time_are_frames_each(
    video: Video, name: str, codec: str, options: dict[str, str], pixel_format: str
) -> None:
    """Matroska and FLV count in milliseconds: at 2,000 frames a second every other frame was lost,
    and which of two was shown went by what was shown before."""
    path = video(name, codec=codec, options=options, pixel_format=pixel_format, rate=2000)
    wanted = from_the_start(path)
    with closing(VideoReader(path)) as reader:
        assert len(reader.index) == len(wanted) == 60
        assert reader.index.seconds == pytest.approx(np.arange(60) / 2000, abs=2e-3)
        assert (np.diff(reader.index.seconds) > 0).all()
        for number in [59, 0, *np.random.default_rng(1).permutation(60).tolist(), 13, 12, 11]:
            assert np.array_equal(reader.pixels(number), wanted[number]), number


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts"])
def test_h264_that_is_refreshed_strip_by_strip_is_decoded_from_its_start(
    video: Video, name: str
) -> None:
    """What such a file calls key frames are pictures from which on a decoder catches up: they were
    called damaged, as those after them were, or shown half decoded."""
    path = video(name, options={"x264-params": "intra-refresh=1:keyint=12:bframes=0"})
    wanted = from_the_start(path)
    with closing(VideoReader(path)) as reader:
        assert len(reader.index) == len(wanted) == 60
        assert reader.index.rate == pytest.approx(25)
        for number in [59, 0, *np.random.default_rng(1).permutation(60).tolist(), 13, 12, 11]:
            assert np.array_equal(reader.pixels(number), wanted[number]), number


def test_such_a_recording_that_begins_amid_has_the_frames_that_a_decoder_gives(
    video: Video, tmp_path: Path
) -> None:
    whole = video("whole.ts", options={"x264-params": "intra-refresh=1:keyint=12:bframes=0"})
    path = copied(whole, tmp_path / "clip.mkv", after=1.0)
    wanted = from_the_start(path)
    with closing(VideoReader(path)) as reader:
        assert len(reader.index) == len(wanted) < 36
        assert all(np.array_equal(reader.pixels(n), wanted[n]) for n in range(len(wanted)))


def test_one_of_frames_that_share_a_time_says_that_it_was_cut_off(video: Video) -> None:
    path = video("clip.mkv", options=X264, rate=2000)
    path.write_bytes(path.read_bytes()[:-4000])
    assert "the file was cut off" in read_index(path).ends_early
