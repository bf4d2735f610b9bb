"""Files that were moved or renamed are found again by their content, all at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.annotator.session.setup.missing_files import (
    locate,
    missing_files,
    told,
    unasked_sources,
    unasked_told,
)
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.images import ImageFacts, examine, pixels_of
from landmark_annotator.projects.remote import place_of, settings
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError
from tests.unit.projects.video.encoded import encode


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """With two frames of a video and two photographs, all in one folder."""
    there = tmp_path / "there"
    there.mkdir()
    with Project.create(tmp_path / "project", Scheme("dots", ("one", "two"))) as project:
        add_frames(project, encode(there / "clip.mp4", 8), [1, 5], who="ada")
        for number in range(2):
            path = there / f"{number}.png"
            Image.new("RGB", (30, 20), (number, 9, 9)).save(path)
            project.add_image(path, examine(path))
        yield project


def test_nothing_is_missing_where_all_is_there(project: Project) -> None:
    assert missing_files(project) == []


def test_it_is_told_once_for_a_folder(project: Project, tmp_path: Path) -> None:
    (tmp_path / "there").rename(tmp_path / "gone")
    assert told(missing_files(project)) == (
        f"1 video and 2 images of {tmp_path / 'there'} are missing."
    )


def test_a_folder_that_moved_is_found_whole(project: Project, tmp_path: Path) -> None:
    (tmp_path / "new" / "deep").mkdir(parents=True)
    (tmp_path / "there").rename(tmp_path / "new" / "deep" / "there")
    done = locate(project, [tmp_path / "new"])
    assert (len(done.found), done.missing) == (3, ())
    assert missing_files(project) == []
    assert all(pixels_of(image).size for image in project.images())


def test_renamed_files_are_found_and_others_are_not_taken_for_them(
    project: Project, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    (there / "clip.mp4").rename(there / "session 4.mp4")
    (there / "0.png").unlink()
    Image.new("RGB", (30, 20), (200, 9, 9)).save(there / "0.png")
    (there / "1.png").unlink()
    done = locate(project, [tmp_path])
    assert [path.name for _, path in done.found] == ["session 4.mp4"]
    assert [file.path.name for file in done.missing] == ["1.png"]


def test_what_is_no_folder_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="is no folder"):
        locate(project, [tmp_path / "nowhere"])


def test_sources_that_nobody_has_confirmed_are_told(
    project: Project, tmp_path: Path, sources: Path
) -> None:
    place = place_of("https://images.example.org/one.png")
    project.add_image(place, ImageFacts(10, 10, "0" * 64))
    done = locate(project, [tmp_path])
    assert (done.found, done.missing) == ((), ())
    assert "1 image of https://images.example.org is there was not" in unasked_told(done.unasked)
    settings.allow(["https://images.example.org"])
    assert not unasked_sources(project)
