"""A folder of numbered images is a video: any frame of it is the image of that place."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.session.setup.missing_files import locate, missing_files
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.exchange import export_labels
from landmark_annotator.projects.images import Frame, pixels_of, read_pixels, source_of
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.video import (
    FrameCache,
    is_video,
    numbered_files,
    numbered_images,
    video_name,
)
from landmark_annotator.projects.vocabulary import Scheme, Shape
from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError

NUMBERS = (1, 2, 10, 11)


def drawn(number: int) -> Pixels:
    return np.random.default_rng(number).integers(0, 256, (20, 30, 3), dtype=np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "walk"
    made.mkdir()
    for number in NUMBERS:
        Image.fromarray(drawn(number)).save(made / f"img_{number:04d}.png")
    (made / "notes.txt").write_text("a walk")
    Image.fromarray(drawn(0)).save(made / "cover.png")
    return made


def test_one_name_stands_for_all(folder: Path) -> None:
    video = numbered_images(folder)
    assert video == folder / "img_%04d.png"
    assert is_video(video)
    assert [file.name for file in numbered_files(video)] == [f"img_{n:04d}.png" for n in NUMBERS]


def test_people_call_it_as_they_call_the_folder(folder: Path) -> None:
    assert video_name(numbered_images(folder)) == "walk"
    assert video_name(folder / "walk.mp4") == "walk.mp4"


def test_numbers_of_any_width_are_in_their_order(tmp_path: Path) -> None:
    for number in (9, 10, 100):
        (tmp_path / f"f{number}.png").touch()
    video = numbered_images(tmp_path)
    assert (video.name, [file.name for file in numbered_files(video)]) == (
        "f%d.png",
        ["f9.png", "f10.png", "f100.png"],
    )


def test_frames_are_the_images_whichever_way_they_are_asked_for(folder: Path) -> None:
    cache = FrameCache(read_pixels)
    video = numbered_images(folder)
    for place in (3, 0, 2, 1, 2):
        assert (cache.pixels(video, place) == drawn(NUMBERS[place])).all()
    with pytest.raises(ImageError, match="has no frame 4"):
        cache.pixels(video, 4)
    cache.close()


@pytest.mark.parametrize(
    ("bits", "options"), [(12, {}), (32, {}), (8, {"compression": "jpeg", "quality": 95})]
)
def test_a_frame_is_what_its_image_is_by_itself(
    tmp_path: Path, bits: int, options: dict[str, object]
) -> None:
    """Of 12 bits in 16, and of JPEG in TIFF, it was as good as black; others were refused."""
    kind = {8: np.uint8, 12: np.uint16, 32: np.float32}[bits]
    for number in (1, 2):
        values = drawn(number)[..., 0].astype(kind) * (16 if bits > 8 else 1)
        Image.fromarray(values).save(tmp_path / f"f{number}.tif", **options)
    video = numbered_images(tmp_path)
    shown = Frame(video, 1).pixels()
    assert (shown == read_pixels(tmp_path / "f2.tif")).all()
    assert shown.max() > 200


def test_a_folder_without_numbers_is_refused(tmp_path: Path) -> None:
    Image.fromarray(drawn(0)).save(tmp_path / "cover.png")
    with pytest.raises(ImageError, match="no numbered images"):
        numbered_images(tmp_path)


def test_its_frames_are_labelled_exported_and_found_again(folder: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "p", Scheme("dots", ("one", "two"))) as project:
        added = add_frames(project, numbered_images(folder), [0, 3], who="ada").added
        assert [(pixels_of(i) == drawn(n)).all() for i, n in zip(added, (1, 11), strict=True)]
        for record in project.instances():
            shape = Shape(np.array([[1.0, 2.0], [3.0, 4.0]]))
            project.fill_instance(record.id, None, shape, source=record.source, who="ada")
        export_labels(project, tmp_path / "walk.csv", format="csv")
        assert "walk/img_0011.png" in (tmp_path / "walk.csv").read_text()

        (tmp_path / "new").mkdir()
        folder.rename(tmp_path / "new" / "stroll")
        assert len(missing_files(project)) == 1
        assert not source_of(project.images()[0]).is_there()
        assert locate(project, [tmp_path]).missing == ()
        assert (pixels_of(project.images()[1]) == drawn(11)).all()
