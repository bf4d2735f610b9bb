"""Instances are found by a part of what they are called."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from landmark_annotator.annotator.session.review.row_names import named
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme

facts = partial(ImageFacts, 200, 200)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "leaves", Scheme("bar", ("start", "end"))) as project:
        for path in ("north/leaf.png", "south/leaf.png", "south/Stem.png"):
            image = project.add_image(tmp_path / path, facts(path))
            project.add_instance(image.id, None, who="import")
        yield project


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("LEAF", [1, 2]),
        ("south", []),
        ("south/", [2, 3]),
        ("north/leaf", [1]),
        ("SOUTH/s", [3]),
        ("/leaf.png", [1, 2]),
    ],
)
def test_a_part_with_a_slash_is_one_of_the_path(
    project: Project, part: str, found: list[int]
) -> None:
    assert named(project, part).tolist() == found
