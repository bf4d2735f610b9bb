"""Finding from the command line: a trained finder, and images without objects."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import ActionKind, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SCHEME = Scheme("bar", ("left", "right"))


Annotator = Callable[..., dict[str, Any]]


@pytest.fixture
def annotator(capfd: pytest.CaptureFixture[str]) -> Annotator:
    """Calls the program in this process; what it prints."""

    def call(*arguments: object) -> dict[str, Any]:
        capfd.readouterr()
        code = run([*map(str, arguments), "--json"])
        said, error = capfd.readouterr()
        assert code == 0, error
        return dict(json.loads(said))

    return call


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    """A dozen and one images of a bright bar on noise, all but the last one labelled."""
    folder = tmp_path / "bars"
    with Project.create(folder, SCHEME) as project:
        for seed in range(13):
            random = np.random.default_rng(seed)
            pixels = random.integers(0, 90, (96, 96, 3)).astype(np.uint8)
            x, y = (int(v) for v in random.integers(24, 72, 2))
            pixels[y - 10 : y + 10, x - 20 : x + 20] = 230
            path = tmp_path / f"{seed}.png"
            Image.fromarray(pixels).save(path)
            image = project.add_image(path, examine(path))
            if seed < 12:
                shape = Shape(np.array([[x - 19.5, y], [x + 19.5, y]], float))
                project.add_instance(image.id, Box(x, y, 40, 20), shape=shape, who="import")
    return folder


@pytest.mark.usefixtures("short_epochs", "narrow_networks")
def test_a_project_trains_its_finder_and_finds_what_nobody_has_boxed(
    annotator: Annotator, bars: Path
) -> None:
    trained = annotator(
        "train", bars, "--backend", "finder", "--set", "trunk=none", "--set", "size=96",
        "--epochs", 8, "--set", "learning_rate=0.005",
    )  # fmt: skip
    assert trained["objects"] == 12
    done = annotator("propose", bars)
    assert done["finding"]["images"] == 1
    with Project.open(bars, read_only=True) as project:
        found = [e for e in project.journal() if e.kind is ActionKind.FIND]
        assert len(found) == done["finding"]["objects"] == 1
        assert done["proposed"] == len(found)


def test_nothing_is_looked_for_where_nobody_wants_it(annotator: Annotator, bars: Path) -> None:
    assert annotator("propose", bars, "--no-find")["finding"] is None
