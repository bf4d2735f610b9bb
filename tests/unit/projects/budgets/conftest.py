"""A project of triangles whose journal tests can write into."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import triangles

from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Shape


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Ten instances, none of them labelled."""
    with Project.create(tmp_path / "triangles", triangles.SCHEME) as opened:
        for i in range(10):
            image = opened.add_image(tmp_path / f"{i}.png", triangles.Facts(str(i)))
            opened.add_instance(image.id, Box(35, 30, 60, 60), who="importer")
        yield opened


@pytest.fixture
def label(project: Project) -> triangles.Label:
    """Labels the instance of this place in the project: clicks that take so long, and accepts."""

    def finish(place: int, *durations: float, who: str = "ada", accept: float | None = 1.0) -> None:
        instance = project.instances()[place].id
        for landmark, seconds in enumerate(durations):
            project.place(
                instance, landmark % 3, triangles.CORNERS[landmark % 3], who=who, duration=seconds
            )
        if accept is not None:
            project.accept(instance, Shape(triangles.CORNERS), who=who, duration=accept)

    return finish
