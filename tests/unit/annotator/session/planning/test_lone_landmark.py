"""A scheme of one landmark: there is nothing to choose among."""

from pathlib import Path

import pytest

from landmark_annotator.annotator.session.planning.offer import offer
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import SILENT, Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError


def test_one_landmark_leaves_nothing_to_choose(tmp_path: Path) -> None:
    """The budget asked for 5 labelled shapes where there were 60."""
    with Project.create(tmp_path / "dots", Scheme("dot", ("centre",))) as project:
        for i in range(8):
            image = project.add_image(tmp_path / f"{i}.png", ImageFacts(400, 400, str(i)))
            shape = Shape([[10.0 + i, 20.0]])
            project.add_instance(image.id, Box(10, 20, 30, 30), shape=shape, who="ann")
        with pytest.raises(ActionableError, match="one landmark alone"):
            offer(project, progress=SILENT)
