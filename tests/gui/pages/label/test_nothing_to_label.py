"""A project without objects says why there is nothing to label, and what brings some."""

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from tests.gui.conftest import KITE


@pytest.fixture
def hands(tmp_path, open_window, request):
    """On a project whose images, if it has some, came by `Project.add_image` alone."""
    with Project.create(tmp_path / "kites", KITE) as project:
        for number in range(request.param):
            path = tmp_path / f"{number}.png"
            Image.fromarray(np.full((20, 30), 40 * number, np.uint8)).save(path)
            project.add_image(path, examine(path))
    with Project.open(tmp_path / "kites") as opened:
        yield open_window(opened)


@pytest.mark.parametrize(
    ("hands", "said"),
    [(0, "holds no images yet"), (2, "No image of this project has an object to label yet")],
    indirect=["hands"],
)
def test_whether_there_are_images_is_said_as_it_is(hands, said) -> None:
    """Of a project with images it was said that it holds none."""
    assert said in hands.window.pages.page("label").canvas.failure.text()
