"""A video with its landmarks drawn."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.exchange import labelled_clip
from landmark_annotator.annotator.session.exchange.labelled_clip import (
    DrawnObject,
    drawn,
    drawn_objects,
    write_clip,
)
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.video import read_index, video_at
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Box,
    Provenance,
    Scheme,
    Shape,
    Visibility,
)
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ActionableError

SCHEME = Scheme("pair", ("one", "two"), ((0, 1),), colours=((0, "#ff0000"),))
WIDTH, HEIGHT, FRAMES = 96, 64, 6
STAMPS = (0, 40, 80, 200, 240, 280)
"""In thousandths of a second: one frame is longer than the others."""


def video(path: Path, *, sound: bool = False) -> Path:
    from fractions import Fraction

    with av.open(str(path), "w") as container:
        heard = container.add_stream("aac", rate=8000) if sound else None
        stream = container.add_stream("libx264", rate=25, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for stamp in STAMPS:
            frame = av.VideoFrame.from_ndarray(np.full((HEIGHT, WIDTH, 3), 90, np.uint8), "rgb24")
            frame.pts, frame.time_base = stamp, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if heard is not None:
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.int16), "s16", "mono")
            silence.sample_rate = 8000
            container.mux([*heard.encode(silence), *heard.encode()])
    return path


def decoded(path: Path) -> list[Pixels]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.fixture
def filmed(tmp_path: Path) -> Iterator[Project]:
    """In the third frame an accepted pair, in the fifth one that somebody began."""
    with Project.create(tmp_path / "filmed", SCHEME) as project:
        path = video(tmp_path / "pairs.mp4")
        added = add_frames(project, path, range(FRAMES), who="ann").added
        points = np.array([[20.0, 30.0], [70.0, 30.0]])
        marks = [Provenance.CLICKED] * 2
        box = Box(45, 30, 60, 30)
        first = project.add_instance(
            added[2].id, box, shape=Shape(points, [2, 2], marks), who="ann"
        )
        project.accept(first.id, Shape(points, [2, 2], marks), who="ann")
        begun = Shape([[20.0, 30.0], [np.nan, np.nan]], [2, 0], [Provenance.CLICKED, None])
        project.add_instance(added[4].id, box, shape=begun, who="ann")
        yield project


def test_landmarks_are_drawn_in_their_frames_and_nowhere_else(
    filmed: Project, tmp_path: Path
) -> None:
    (record,) = filmed.videos()
    objects = drawn_objects(filmed, record, accepted=False)
    report = write_clip(record.path, tmp_path / "out.mp4", objects, SCHEME, SILENT)

    pictures = decoded(tmp_path / "out.mp4")
    changed = [bool((np.abs(p.astype(int) - 90) > 40).any()) for p in pictures]
    assert (report.frames, report.labelled, report.lost) == (6, 2, 0)
    assert changed == [False, False, True, False, True, False]
    red, green, _ = pictures[2][30, 20].astype(int).tolist()
    assert red > 150 > green


def test_it_goes_at_the_videos_own_pace(filmed: Project, tmp_path: Path) -> None:
    (record,) = filmed.videos()

    write_clip(record.path, tmp_path / "out.mp4", {}, SCHEME, SILENT, first=1, last=4)

    seconds = read_index(tmp_path / "out.mp4").seconds
    assert np.allclose(seconds, [0.0, 0.04, 0.16, 0.2], atol=1e-3)


def test_numbered_images_go_by_one_after_the_other(tmp_path: Path) -> None:
    """Nobody knows when they were taken, so all were shown at once."""
    for number in range(4):
        shade = np.full((HEIGHT, WIDTH, 3), 60 * number, np.uint8)
        Image.fromarray(shade).save(tmp_path / f"shade_{number}.png")

    write_clip(video_at(tmp_path), tmp_path / "out.mp4", {}, SCHEME, SILENT)

    assert np.allclose(read_index(tmp_path / "out.mp4").seconds, np.arange(4) / 25, atol=1e-3)


@pytest.mark.parametrize(("name", "said"), [("out.avi", "Call it out.mp4"), ("no/a.mp4", "folder")])
def test_what_cannot_be_written_is_said_before_anything_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    path = video(tmp_path / "plain.mp4")
    monkeypatch.setattr(labelled_clip.frames, "pixels", None)
    with pytest.raises(ActionableError) as error:
        write_clip(path, tmp_path / name, {}, SCHEME, SILENT)
    assert said in error.value.remedy
    assert [each.name for each in tmp_path.iterdir()] == ["plain.mp4"]


def test_only_what_is_accepted_where_that_is_asked(filmed: Project) -> None:
    (record,) = filmed.videos()

    assert sorted(drawn_objects(filmed, record, accepted=False)) == [2, 4]
    assert sorted(drawn_objects(filmed, record, accepted=True)) == [2]


def test_a_hidden_landmark_is_a_ring() -> None:
    plain = np.zeros((400, 400, 3), np.uint8)
    shape = Shape(np.array([[100.0, 100.0], [300.0, 100.0]]), [1, 2])
    scheme = Scheme("pair", ("one", "two"))

    picture = drawn(plain, [DrawnObject(shape, None, True)], scheme)

    assert not picture[100, 100].any()
    assert picture[100, 300].any()
    assert picture[96:105, 96:105].any()
    assert not plain.any()


def test_a_landmark_at_the_end_of_the_world_does_no_harm() -> None:
    plain = np.zeros((30, 31, 3), np.uint8)
    shape = Shape(np.array([[1e9, -1e9], [5.0, 5.0]]))

    picture = drawn(plain, [DrawnObject(shape, None, True)], SCHEME)

    assert picture[5, 5].any()


def test_an_odd_size_is_made_even(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = video(tmp_path / "plain.mp4")
    odd = np.full((31, 33, 3), 90, np.uint8)
    monkeypatch.setattr(labelled_clip.frames, "pixels", lambda *_: odd)

    write_clip(path, tmp_path / "out.mp4", {}, SCHEME, SILENT)

    assert decoded(tmp_path / "out.mp4")[0].shape == (32, 34, 3)


def test_a_range_without_frames_is_refused_and_leaves_what_was_there(tmp_path: Path) -> None:
    path = video(tmp_path / "plain.mp4")
    (tmp_path / "out.mp4").write_text("somebody's own")

    with pytest.raises(ActionableError, match="no frames from 7 on"):
        write_clip(path, tmp_path / "out.mp4", {}, SCHEME, SILENT, first=7)

    assert (tmp_path / "out.mp4").read_text() == "somebody's own"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.mp4", "plain.mp4"]


def test_the_command_writes_it_and_goes_over_nothing(
    filmed: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "labelled.mp4"
    asked = ["clip", str(filmed.folder), "pairs.mp4", str(out), "--last", "3"]

    assert run(asked) == 0
    assert "Wrote 4 frames" in capsys.readouterr().out
    assert len(decoded(out)) == 4
    assert run(asked) == 3
    assert run([*asked[:3], str(tmp_path / "pairs.mp4"), "--overwrite"]) == 3
    assert len(decoded(tmp_path / "pairs.mp4")) == FRAMES


@pytest.mark.parametrize("sound", [False, True])
def test_that_the_sound_is_left_out_is_said(
    filmed: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str], sound: bool
) -> None:
    add_frames(filmed, video(tmp_path / "heard.mp4", sound=True), (0,), who="ann")
    name = "heard.mp4" if sound else "pairs.mp4"
    assert run(["clip", str(filmed.folder), name, str(tmp_path / "out.mp4")]) == 0
    assert ("The sound of the video is not in it." in capsys.readouterr().err) is sound


def test_what_is_not_in_the_image_is_not_drawn_in_the_frames_beside_either(
    filmed: Project,
) -> None:
    """By what is proposed there it would be."""
    (record,) = filmed.videos()
    labelled, *_ = (r for r in filmed.instances() if r.state is InstanceState.ACCEPTED)
    filmed.set_visibility(labelled.id, 1, Visibility.NOT_LABELLED, who="ann")
    image = next(i for i in filmed.images() if i.frame == 3)
    beside = filmed.add_instance(image.id, Box(45, 30, 60, 30), who="ann")
    filmed.add_track(record.id, "pair", instances=[labelled.id, beside.id], who="ann")
    points = np.array([[20.0, 30.0], [70.0, 30.0]])
    unsure = np.tile(np.eye(2), (2, 1, 1))
    filmed.store_proposal(beside.id, points, unsure, predicted_error=1.0, model="m", own=True)
    (drawn_beside,) = drawn_objects(filmed, record, accepted=False)[3]
    assert drawn_beside.shape.known.tolist() == [True, False]
    filmed.set_visibility(beside.id, 1, Visibility.VISIBLE, who="ann")
    (drawn_beside,) = drawn_objects(filmed, record, accepted=False)[3]
    assert drawn_beside.shape.known.tolist() == [True, True]
