"""What a pixel measures is kept in the project, of all images and of single ones."""

from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import PixelSizes, Project
from landmark_annotator.projects.vocabulary.errors import ProjectError


def test_nobody_has_said_at_first(project: Project) -> None:
    assert project.pixel_sizes() == PixelSizes()
    assert project.pixel_sizes().of(1) is None


def test_an_image_of_its_own_size_goes_before_the_usual_one(project: Project) -> None:
    project.set_pixel_size(0.4, who="lea")
    project.set_pixel_size(0.1, images=[3, 4], who="lea")
    with Project.open(project.folder) as again:
        sizes = again.pixel_sizes()
        assert [again.pixel_size(i) for i in (2, 3, 4)] == [0.4, 0.1, 0.1]
    assert [sizes.of(i) for i in (2, 3, 4)] == [0.4, 0.1, 0.1]


def test_the_last_word_holds_and_can_be_taken_back(project: Project) -> None:
    project.set_pixel_size(0.4, who="lea")
    project.set_pixel_size(0.1, images=[3], who="lea")
    project.set_pixel_size(0.5, who="ben")
    assert project.set_pixel_size(None, images=[3], who="ben").of(3) == 0.5
    assert project.pixel_size(3) == 0.5
    assert project.set_pixel_size(None, who="ben").of(3) is None
    assert project.pixel_size(3) is None


@pytest.mark.parametrize("size", [0.0, -0.4, float("nan"), float("inf")])
def test_what_no_pixel_measures_is_refused(project: Project, size: float) -> None:
    with pytest.raises(ProjectError, match="cannot measure"):
        project.set_pixel_size(size, who="lea")
    assert project.pixel_sizes() == PixelSizes()


def test_what_was_said_of_a_removed_image_is_forgotten(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (4, 3)).save(path)
    removed = project.add_image(path, examine(path)).id
    project.set_pixel_size(0.1, images=[removed], who="lea")
    project.remove_image(removed)
    assert project.pixel_sizes() == PixelSizes()
