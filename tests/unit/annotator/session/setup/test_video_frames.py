"""Frames of a video into a project, and out of it with their labels."""

import json
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.labelling.clip import begin_frame
from landmark_annotator.annotator.session.setup.video_frames import (
    add_frames,
    most_different,
    spread_evenly,
    videos_at,
)
from landmark_annotator.projects.exchange import export_set
from landmark_annotator.projects.images import pixels_of, source_of
from landmark_annotator.projects.images.source import frame_facts, frames_of
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.video import numbered_images
from landmark_annotator.projects.vocabulary import Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError, FormatError, ImageError
from landmark_annotator.projects.vocabulary.wording import counted
from tests.unit.projects.video.encoded import HEIGHT, WIDTH, encode

POINTS = np.array([[10.0, 20.0], [30.0, 40.0]])


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project", Scheme("dots", ("one", "two"))) as project:
        yield project


def label(project: Project) -> None:
    for record in list(project.instances()):
        project.fill_instance(record.id, None, Shape(POINTS), source=record.source, who="ada")


def test_each_frame_waits_for_labels(project: Project, tmp_path: Path) -> None:
    done = add_frames(project, encode(tmp_path / "clip.mp4"), [30, 5, 30], who="ada")
    assert [(i.frame, i.width, i.height) for i in done.added] == [
        (5, WIDTH, HEIGHT),
        (30, WIDTH, HEIGHT),
    ]
    assert len(project.waiting(limit=9)) == 2


def test_doing_it_again_changes_nothing(project: Project, tmp_path: Path) -> None:
    video = encode(tmp_path / "clip.mp4")
    add_frames(project, video, [1, 2], who="ada")
    done = add_frames(project, video, [1, 2], who="ada")
    assert (done.added, done.known, project.instance_count()) == ((), 2, 2)


def test_a_frame_that_undo_took_back_comes_in_again(project: Project, tmp_path: Path) -> None:
    """It was said to be there, and the frames that were followed had a gap where it was."""
    add_frames(project, encode(tmp_path / "clip.mp4"), [1, 3], who="ada")
    [video], [like, other] = project.videos(), project.images()
    begin_frame(project, video, 2, like, "ada")
    project.undo(who="ada")
    project.exclude(images=[other.id], why="blurred", who="ada")

    done = add_frames(project, video.path, range(4), who="ada")

    assert [image.frame for image in done.added] == [0, 2]
    assert (done.known, done.note) == (2, "1 frame stays excluded.")
    assert [image.frame for image in project.images()] == [0, 1, 2]
    assert len(project.waiting(limit=9)) == 3


class _StoppedAfter:
    def __init__(self, steps: int) -> None:
        self.left, self.stages = steps, list[tuple[str, int | None]]()

    def start(self, stage: str, total: int | None) -> None:
        self.stages.append((stage, total))

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.left -= steps

    def cancelled(self) -> bool:
        return self.left <= 0


def test_stopped_it_keeps_the_frames_that_were_read(project: Project, tmp_path: Path) -> None:
    """A window that was closed meanwhile stayed until the last one of a long video was read."""
    stopped = _StoppedAfter(3)
    video = encode(tmp_path / "clip.mp4", 12)
    done = add_frames(project, video, range(12), who="ada", damaged_too=False, progress=stopped)
    assert [image.frame for image in done.added] == [0, 1, 2]
    assert stopped.stages == [("Reading frames", 12)]
    assert "damaged" not in done.note


def test_where_one_is_missing_none_comes_in(project: Project, tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="has no frame 99"):
        add_frames(project, encode(tmp_path / "clip.mp4"), [1, 99], who="ada")
    assert project.images() == []
    assert project.videos() == []


def damaged(path: Path) -> Path:
    """A video with some frames in its middle that cannot be decoded: of one the length is wrong."""
    video = encode(path, options={"g": "10", "bf": "0"})
    with av.open(str(video)) as container:
        packets = [bytes(packet) for packet in container.demux(video=0)]
    content = video.read_bytes()
    wrong = content.replace(packets[25], b"\xff" * 4 + packets[25][4:])
    assert wrong != content
    video.write_bytes(wrong)
    return video


def test_of_frames_that_the_program_chose_the_damaged_ones_are_left_out(
    project: Project, tmp_path: Path
) -> None:
    video = damaged(tmp_path / "clip.mkv")
    total = frames_of(video).count

    done = add_frames(project, video, range(total), who="ada", damaged_too=False)

    lost = total - len(done.added)
    assert 0 < lost < 20
    assert done.note == f"{counted(lost, 'damaged frame')} left out."
    added = {image.frame for image in done.added}
    assert set(most_different(video, total)) == added
    with pytest.raises(ImageError):
        add_frames(project, video, range(total), who="ada")


def test_for_a_damaged_frame_that_was_counted_on_the_nearest_one_comes_in(
    project: Project, tmp_path: Path
) -> None:
    video = damaged(tmp_path / "clip.mkv")
    total = frames_of(video).count
    whole = set(most_different(video, total))
    lost = min(set(range(total)) - whole)
    wanted = [2, lost, total - 2]

    done = add_frames(project, video, wanted, who="ada", damaged_too=False, or_nearest=True)

    (instead,) = {image.frame for image in done.added} - set(wanted)
    assert len(done.added) == 3
    assert abs(instead - lost) == min(abs(number - lost) for number in whole)
    assert done.note == "The nearest one came in for 1 damaged frame."
    again = add_frames(project, video, wanted, who="ada", damaged_too=False, or_nearest=True)
    assert (again.added, again.known) == ((), 3)


def test_a_photograph_holds_no_frames(project: Project, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    with pytest.raises(ActionableError, match="holds one image"):
        add_frames(project, tmp_path / "a.png", [0], who="ada")


def test_the_one_frame_of_a_video_comes_in(project: Project, tmp_path: Path) -> None:
    """Nothing else takes it: the import of photographs says that it is a video."""
    video = encode(tmp_path / "clip.mp4", frames=1)
    assert [image.frame for image in add_frames(project, video, [0], who="ada").added] == [0]


def test_pages_of_a_tiff_come_in_one_by_one(project: Project, tmp_path: Path) -> None:
    pages = [Image.new("L", (30, 20), shade) for shade in (10, 90, 200)]
    pages[0].save(tmp_path / "stack.tif", save_all=True, append_images=pages[1:])
    added = add_frames(project, tmp_path / "stack.tif", [0, 2], who="ada").added
    assert [int(pixels_of(image)[0, 0, 0]) for image in added] == [10, 200]
    assert [source_of(image).name for image in added] == ["stack.tif page 0", "stack.tif page 2"]


def test_pages_measure_what_their_file_says(project: Project, tmp_path: Path) -> None:
    pages = [Image.new("L", (30, 20), shade) for shade in (10, 90)]
    said = "ImageJ=1.54f\nimages=2\nunit=mm\n"
    tags = {270: said, 282: 2.0, 283: 2.0, 296: 1}
    pages[0].save(tmp_path / "stack.tif", save_all=True, append_images=pages[1:], tiffinfo=tags)
    added = add_frames(project, tmp_path / "stack.tif", [0, 1], who="ada").added
    assert [project.pixel_size(image.id) for image in added] == [0.5, 0.5]


def test_numbered_images_measure_what_their_files_say(project: Project, tmp_path: Path) -> None:
    (tmp_path / "day").mkdir()
    for number in range(3):
        file = tmp_path / "day" / f"img_{number:04d}.tif"
        tags = {270: "ImageJ=1.54f\nunit=mm\n", 282: 2.0, 283: 2.0, 296: 1}
        Image.new("L", (30, 20), number).save(file, tiffinfo=tags)
    video = numbered_images(tmp_path / "day")
    added = add_frames(project, video, [0, 2], who="ada").added
    assert [project.pixel_size(image.id) for image in added] == [0.5, 0.5]
    assert frame_facts(video, 1).mm_per_pixel == 0.5


def test_notes_beside_videos_hide_none_of_them(tmp_path: Path) -> None:
    """A file of another kind made the whole folder one without videos."""
    folder = tmp_path / "day"
    folder.mkdir()
    videos = [folder / "a.mp4", folder / "b.mp4"]
    for path in (*videos, folder / "notes.txt", folder / "Thumbs.db"):
        path.write_text("some notes")
    assert videos_at(folder) == videos
    Image.new("L", (8, 8)).save(folder / "photograph.png")
    assert videos_at(folder) == [], "which comes in as an image"


def test_frames_are_spread_evenly() -> None:
    assert spread_evenly(4, 100) == [12, 37, 62, 87]
    assert spread_evenly(9, 3) == [0, 1, 2]


def test_those_that_differ_most_are_of_every_scene(tmp_path: Path) -> None:
    """Three scenes, the shortest of which even spreading would miss."""
    scenes = [np.full((HEIGHT, WIDTH, 3), shade, np.uint8) for shade in (20, 120, 240)]
    video = encode(tmp_path / "clip.mp4", drawings=[scenes[0]] * 40 + [scenes[1]] * 3 + [scenes[2]])
    chosen = most_different(video, 3)
    assert sorted((n >= 40) + (n >= 43) for n in chosen) == [0, 1, 2]


def test_an_export_of_frames_has_to_be_asked_for(project: Project, tmp_path: Path) -> None:
    add_frames(project, encode(tmp_path / "clip.mp4"), [5], who="ada")
    label(project)
    with pytest.raises(FormatError, match=r"clip\.mp4 is a video") as error:
        export_set(project, tmp_path / "out.json", format="coco")
    assert "--frames" in error.value.remedy
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize(("format", "target"), [("coco", "out.json"), ("yolo", "out")])
def test_labelled_frames_go_out_as_the_pixels_that_were_labelled(
    project: Project, tmp_path: Path, format: str, target: str
) -> None:
    add_frames(project, encode(tmp_path / "clip.mp4"), [5, 9], who="ada")
    label(project)
    report = export_set(project, tmp_path / target, format=format, frames=True)
    assert report.images_missing == 0, "they come into their places with the export"
    written = sorted(tmp_path.rglob("img*.png"))
    assert [file.name for file in written] == ["img0000005.png", "img0000009.png"]
    for file, image in zip(written, project.images(), strict=True):
        assert np.array_equal(np.asarray(Image.open(file)), pixels_of(image))


def test_the_label_file_names_the_frames_files(project: Project, tmp_path: Path) -> None:
    add_frames(project, encode(tmp_path / "clip.mp4"), [5], who="ada")
    label(project)
    export_set(project, tmp_path / "out.json", format="coco", frames=True)
    [image] = json.loads((tmp_path / "out.json").read_text())["images"]
    assert (tmp_path / image["file_name"]).is_file()
