"""Random access gives the very pixels that reading from the start gives."""

from collections.abc import Callable, Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from landmark_annotator.projects.images.source import frames_of
from landmark_annotator.projects.video import VideoReader, is_video, read_index
from landmark_annotator.projects.video.encoder_note import encoder_note
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError

Video = Callable[..., Path]

X264 = {"bf": "3", "g": "12", "x264-params": "scenecut=0:b-adapt=0"}
LONG = {"bf": "3", "g": "19", "x264-params": "scenecut=0:b-adapt=0"}
KINDS = {
    "H.264 with B-frames": {"options": X264},
    "H.264 with open groups": {
        "options": {**X264, "x264-params": "open-gop=1:scenecut=0:b-adapt=0:keyint=12"}
    },
    "H.264 with B-frames that refer to B-frames, in long groups": {
        "options": {**LONG, "bf": "5", "b-pyramid": "normal"}
    },
    "H.264 of half pictures": {"options": {**LONG, "flags": "+ildct+ilme"}},
    "H.264 in Matroska": {"name": "clip.mkv", "options": X264},
    "H.264 in a transport stream": {"name": "clip.ts", "options": X264},
    "HEVC with open groups": {
        "codec": "libx265",
        "options": {"x265-params": "open-gop=1:keyint=12:bframes=3:log-level=none"},
    },
    "VP9": {
        "name": "clip.webm",
        "codec": "libvpx-vp9",
        "options": {"g": "12", "auto-alt-ref": "1", "lag-in-frames": "12", "cpu-used": "8"},
    },
    "MJPEG": {"name": "clip.avi", "codec": "mjpeg", "pixel_format": "yuvj420p"},
    "MPEG-4 with B-frames in AVI": {
        "name": "clip.avi",
        "codec": "mpeg4",
        "options": {"bf": "2", "g": "12"},
    },
    "MPEG-2 in a program stream": {
        "name": "clip.mpg",
        "codec": "mpeg2video",
        "options": {"bf": "2", "g": "12"},
    },
}
NOT_ALONE = {"MJPEG", "MPEG-2 in a program stream"}
"""All are key frames; and what a seek leads to is not told with its own time."""


def from_the_start(path: Path) -> list[Pixels]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in NOT_ALONE])
def test_a_key_frame_is_decoded_alone(
    video: Video, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And none of the group before it, which may take most of a second."""
    with closing(VideoReader(video(**KINDS[kind]))) as reader:
        keys = sorted(reader.index.key_frames)
        assert len(keys) > 2
        begun: list[int] = []
        seek = VideoReader._seek

        def spied(self: VideoReader, to: int, key: int) -> Iterator[Any] | None:
            packets = seek(self, to, key)
            if packets is None:
                return None
            first, *rest = packets
            begun.append(int(np.searchsorted(self.index.stamps, first.pts)))
            return iter([first, *rest])

        monkeypatch.setattr(VideoReader, "_seek", spied)
        for key in (keys[2], keys[1]):
            reader.pixels(key)
        assert begun == [keys[2], keys[1]]


@pytest.mark.parametrize("kind", KINDS)
def test_any_order_gives_the_same_pixels(video: Video, kind: str) -> None:
    path = video(**KINDS[kind])
    wanted = from_the_start(path)
    with closing(VideoReader(path)) as reader:
        assert len(reader.index) == len(wanted) == 60
        order = np.random.default_rng(1).permutation(60).tolist()
        for number in [59, 0, *order[:25], 30, 31, 32, 29]:
            assert np.array_equal(reader.pixels(number), wanted[number]), number


def test_pictures_that_nobody_wants_and_none_refers_to_are_left_out_on_the_way(
    video: Video, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three B-frames two: the way to a frame far behind its key frame takes half the time."""
    path = video(options=LONG)
    decoded: list[int] = []
    coming = VideoReader._decoded

    def spied(self: VideoReader, packets: Iterator[Any], key: int) -> Iterator[tuple[int, Any]]:
        for number, frame in coming(self, packets, key):
            decoded.append(number)
            yield number, frame

    monkeypatch.setattr(VideoReader, "_decoded", spied)
    with closing(VideoReader(path)) as reader:
        whole = from_the_start(path)
        assert np.array_equal(reader.pixels(17), whole[17])
        assert len(decoded) <= 13
        passed: list[int] = []
        found = reader.pixels(36, lambda number, _: passed.append(number), last=8)
        assert np.array_equal(found, whole[36])
        assert passed == list(range(28, 36)), "what is wanted on the way is all there"


def test_frames_are_known_by_when_they_are_shown(video: Video) -> None:
    """Not by a constant rate: cameras of telephones have none."""
    stamps = np.cumsum(np.random.default_rng(3).integers(11, 90, 40))
    index = read_index(video("clip.mkv", frames=40, stamps=stamps.tolist(), options=X264))
    assert index.seconds == pytest.approx((stamps - stamps[0]) / 1000, abs=1e-3)


def test_a_steady_video_has_its_rate(video: Video) -> None:
    assert read_index(video()).rate == pytest.approx(25)


def test_a_file_that_was_cut_off_opens_as_far_as_it_goes(video: Video) -> None:
    whole = video(options={**X264, "movflags": "faststart"})
    with av.open(str(whole)) as container:  # the table of contents in front
        moved = whole.with_name("front.mp4")
        with av.open(str(moved), "w", options={"movflags": "faststart"}) as target:
            stream = target.add_stream_from_template(container.streams.video[0])
            for packet in container.demux(video=0):
                if packet.dts is not None:
                    packet.stream = stream
                    target.mux(packet)
    content = moved.read_bytes()
    cut = whole.with_name("cut.mp4")
    cut.write_bytes(content[: len(content) * 2 // 3])
    index = read_index(cut)
    assert 20 < len(index) < 60
    assert index.ends_early == f"It ends after {len(index)} of 60 frames: the file was cut off."
    with closing(VideoReader(cut)) as reader:
        wanted = from_the_start(whole)
        # The last ones, too, which wait in the decoder when it meets the end.
        assert all(np.array_equal(reader.pixels(n), wanted[n]) for n in range(len(index)))
        with pytest.raises(ImageError, match=r"has no frame 59.*the file was cut off"):
            reader.pixels(59)


def test_frames_that_a_camera_dropped_are_no_end(video: Video) -> None:
    """An AVI counts them, and holds nothing in their place."""
    stamps = [40 * n for n in range(30) if n % 7]
    whole = video(
        "clip.avi", frames=len(stamps), codec="mjpeg", stamps=stamps, pixel_format="yuvj420p"
    )
    with av.open(str(whole)) as container:
        assert container.streams.video[0].frames > len(stamps)
    assert read_index(whole).ends_early == ""


@pytest.mark.parametrize(
    ("aspect", "told"),
    [
        (Fraction(2), "2 times as wide as high. It is shown as it is stored, narrower than"),
        (Fraction(3, 4), "1.33 times as high as wide. It is shown as it is stored, lower than"),
        (Fraction(1), ""),
        (None, ""),
    ],
)
def test_pixels_that_are_no_squares_are_told(
    video: Video, aspect: Fraction | None, told: str
) -> None:
    """The picture looked squeezed, and nobody said why, or what labels are in."""
    note = frames_of(video(frames=4, aspect=aspect)).note
    assert (told in note) if told else note == ""


def test_without_its_table_of_contents_it_says_so(video: Video) -> None:
    path = video()
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(ImageError, match="cannot be read as a video") as error:
        read_index(path)
    assert "cut off before its end" in error.value.remedy


def test_a_damaged_stretch_costs_no_other_frame(video: Video) -> None:
    path = video("clip.mkv", options=X264)
    wanted, content = from_the_start(path), bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 40] = bytes(40)
    path.write_bytes(bytes(content))
    with closing(VideoReader(path)) as reader:
        assert np.array_equal(reader.pixels(2), wanted[2])


def test_no_video_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_text("nothing of the kind")
    with pytest.raises(ImageError, match="cannot be read as a video") as error:
        read_index(path)
    assert "Errno" not in str(error.value)
    assert str(error.value).count(str(path)) == 1


def test_an_empty_one_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").touch()
    with pytest.raises(ImageError, match=r"clip\.mp4 is empty \(0 bytes\)"):
        VideoReader(tmp_path / "clip.mp4")


def test_a_missing_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="There is no video"):
        read_index(tmp_path / "gone.mp4")


@pytest.mark.parametrize(("name", "is_one"), [("a.MP4", True), ("a.avi", True), ("a.jpg", False)])
def test_videos_are_told_by_their_names(name: str, is_one: bool) -> None:
    assert is_video(Path(name)) is is_one


@pytest.mark.parametrize("name", ["clip.mkv", "clip.webm"])
def test_a_matroska_file_that_was_cut_off_says_so(video: Video, name: str) -> None:
    """It names no number of frames; its segment names its length."""
    codec = "libx264" if name.endswith("mkv") else "libvpx-vp9"
    path = video(name, codec=codec)
    assert read_index(path).ends_early == ""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 6 // 10])
    index = read_index(path)
    assert 0 < len(index) < 60
    assert index.ends_early == f"It ends after {len(index)} frames: the file was cut off."


@pytest.mark.parametrize("number", [200, 420, 185, 20])
def test_of_an_encoder_with_a_fault_all_frames_are_whole(landmark_data: Path, number: int) -> None:
    """By x264 of 2015 in 4:4:4: whatever was sought in it came green and grey."""
    film = landmark_data / "video/openfield4/videos/m3v1mp4.mp4"
    with closing(VideoReader(film)) as reader:
        for each in (420, number):
            sought = reader.pixels(each)
    with av.open(str(film)) as container:
        frames = container.decode(video=0)
        told = next(frame for n, frame in enumerate(frames) if n == number)
    assert np.array_equal(sought, told.to_ndarray(format="rgb24"))


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts", "clip.mov"])
def test_the_note_of_an_encoder_is_one_unit(video: Video, name: str) -> None:
    with av.open(str(video(name=name, frames=12))) as container:
        note = encoder_note(container)
    assert b"x264 - core" in note
    assert len(note) < 1500


def test_of_other_encoders_there_is_no_note(video: Video) -> None:
    with av.open(str(video(codec="libx265", frames=4))) as container:
        assert encoder_note(container) == b""
