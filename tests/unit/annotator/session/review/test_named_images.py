"""Images are found by what people call them."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.review.named_images import images_named
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError

facts = partial(ImageFacts, 200, 200)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as project:
        for path in ("left/one.jpg", "left/two.jpg", "right/one.jpg"):
            project.add_image(tmp_path / path, facts(path))
        yield project


def ids(project: Project, *names: str) -> list[int]:
    return [record.id for record in images_named(project, names)]


def test_by_the_name_of_the_file(project: Project) -> None:
    assert ids(project, "two.jpg") == [2]


def test_by_as_much_of_the_path_as_it_takes(project: Project, tmp_path: Path) -> None:
    assert ids(project, "right/one.jpg", str(tmp_path / "left" / "one.jpg")) == [3, 1]


def test_named_twice_it_is_one(project: Project) -> None:
    assert ids(project, "two.jpg", "left/two.jpg") == [2]


def test_excluded_ones_are_found_too(project: Project) -> None:
    project.exclude(images=[2], why="blurred", who="ada")
    assert ids(project, "two.jpg") == [2]


def test_a_name_that_several_have_is_refused(project: Project) -> None:
    with pytest.raises(ActionableError, match=r"2 images are called one\.jpg") as raised:
        ids(project, "one.jpg")
    assert "left/one.jpg" in (raised.value.remedy or "")


def test_a_name_that_none_has_is_refused_with_the_nearest(project: Project) -> None:
    with pytest.raises(ActionableError, match=r'Did you mean "two\.jpg"'):
        ids(project, "twoo.jpg")
