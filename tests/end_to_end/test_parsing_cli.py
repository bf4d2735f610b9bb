"""Masks from the command line: a network learns those of a project, and proposes them for the
rest."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import (
    Box,
    Mask,
    MaskProvenance,
    Region,
    RegionMask,
    Scheme,
    Shape,
)

BAR = Scheme("bar", ("left", "right"), regions=(Region("bar"), Region("label")))

pytestmark = pytest.mark.usefixtures("short_epochs")

PARSING = (
    "train", "--backend", "parsing", "--epochs", 1, "--json", "--set", "trunk=none", "--set",
    "size=64", "--set", "features=8", "--set", "learning_rate=0.02",
)  # fmt: skip


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    """Thirteen images of a bright bar; in the last one nobody has drawn it."""
    folder = tmp_path / "bars"
    with Project.create(folder, BAR) as project:
        for seed in range(13):
            random = np.random.default_rng(seed)
            pixels = random.integers(0, 90, (96, 96, 3)).astype(np.uint8)
            x, y = (int(v) for v in random.integers(34, 62, 2))
            pixels[y - 10 : y + 10, x - 20 : x + 20] = 230
            path = tmp_path / f"{seed}.png"
            Image.fromarray(pixels).save(path)
            image = project.add_image(path, examine(path))
            shape = Shape(np.array([[x - 19.5, y], [x + 19.5, y]], float))
            added = project.add_instance(image.id, Box(x, y, 40, 20), shape=shape, who="import")
            if seed < 12:
                inside = Mask.of(np.ones((20, 40), bool), x - 20, y - 10)
                drawn = {"bar": RegionMask(inside, MaskProvenance.DRAWN)}
                project.set_masks(added.id, drawn, title="drawn", who="ada")
    return folder


def called(capfd: pytest.CaptureFixture[str], *arguments: object) -> str:
    capfd.readouterr()
    code = run(list(map(str, arguments)))
    said, error = capfd.readouterr()
    assert code == 0, error
    return said


def test_masks_are_learned_and_proposed_where_they_are_missing(
    bars: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    said = called(capfd, "propose", bars, "--no-find")
    assert "no parsing network is trained yet" in said
    trained = called(capfd, *PARSING, bars)
    assert json.loads(trained)["regions"] == ["bar"]
    proposed = called(capfd, "propose", bars, "--no-find", "--json")
    assert json.loads(proposed)["masks"]["count"] == 1
    with Project.open(bars, read_only=True) as project:
        last = list(project.instances())[-1]
        proposal = project.mask_proposal(last.id)
        assert proposal is not None
        assert proposal.model.startswith("parsing ")
        assert set(proposal.masks) == {"bar"}


def test_one_region_is_learned_in_two_stages(bars: Path, capfd: pytest.CaptureFixture[str]) -> None:
    trained = called(
        capfd, "train", bars, "--backend", "hair", "--epochs", 1, "--json", "--set", "region=bar",
        "--set", "size=64", "--set", "features=8",
    )  # fmt: skip
    assert json.loads(trained)["regions"] == ["bar"]
    said, model = proposed_by(bars, capfd)
    assert "hair network, trained here, proposes masks of 1 region." in said
    assert model.startswith("hair ")
    called(capfd, *PARSING, bars)
    said, model = proposed_by(bars, capfd)
    assert "hair network, trained here, has its own word about one of them." in said
    assert model.startswith("parsing ")
    assert ", hair " in model


def proposed_by(bars: Path, capfd: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """What is said of it, and the model of the last instance's masks."""
    proposed = json.loads(called(capfd, "propose", bars, "--no-find", "--json"))["masks"]
    assert proposed["count"] == 1
    with Project.open(bars, read_only=True) as project:
        proposal = project.mask_proposal(list(project.instances())[-1].id)
        assert proposal is not None
        assert set(proposal.masks) == {"bar"}
        return proposed["reason"], proposal.model


def test_without_regions_there_is_nothing_to_learn(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Project.create(tmp_path / "plain", Scheme("bar", ("left", "right"))).close()
    assert run(["train", str(tmp_path / "plain"), "--backend", "parsing"]) != 0
    assert "names no regions" in capfd.readouterr().err
