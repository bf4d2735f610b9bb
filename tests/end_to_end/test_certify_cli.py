"""annotator certify, as it is typed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

POINTS = np.array([[10.0, 20.0], [50.0, 20.0]])


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    """Five accepted shapes, of which a pixel measures half a millimetre."""
    scheme = Scheme("bar", ("start", "end"), normaliser=(0, 1))
    with Project.create(tmp_path / "bars", scheme) as project:
        for n in range(5):
            path = tmp_path / f"bar{n}.png"
            Image.fromarray(np.full((40, 60, 3), 50 + n, dtype=np.uint8)).save(path)
            image = project.add_image(path, examine(path))
            box, shape = Box(30, 20, 50, 50), Shape(POINTS + n)
            project.add_instance(image.id, box, shape=shape, who="ada")
        project.set_pixel_size(0.5, who="ada")
    return tmp_path / "bars"


def certified(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> Any:
    assert run(["certify", str(folder), *options, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> str:
    assert run(["certify", str(folder), *options]) == 3
    return " ".join(capsys.readouterr().err.split())


def mend(folder: Path, instance_id: int) -> None:
    with Project.open(folder) as project:
        project.accept(instance_id, Shape(2 * POINTS), who="ada")


def test_a_limit_in_millimetres_keeps_its_batch_though_shapes_are_mended(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = certified(capsys, bars, "--visible", "2mm")["drawn"]
    mend(bars, drawn)
    found = certified(capsys, bars, "--visible", "2mm", "--right")
    assert (found["checked"], found["wrong"]) == (1, 1)
    assert certified(capsys, bars, "--visible", "2mm")["drawn"] == found["drawn"]


def test_by_what_a_batch_is_judged_is_said_where_millimetres_are_another_percent_by_now(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mend(bars, certified(capsys, bars, "--visible", "2mm")["drawn"])
    assert run(["certify", str(bars), "--visible", "2mm"]) == 0
    assert "The batch is judged by 10.00 %, as drawn" in capsys.readouterr().err


def test_another_share_draws_another_batch(bars: Path, capsys: pytest.CaptureFixture[str]) -> None:
    certified(capsys, bars, "--visible", "2mm")
    certified(capsys, bars, "--right")
    assert certified(capsys, bars, "--visible", "2mm", "--share", "30")["checked"] == 0


def test_nothing_is_right_that_nobody_has_seen(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "No batch is drawn yet" in refused(capsys, bars, "--right")
    certified(capsys, bars)
    assert "No batch is drawn for these numbers" in refused(
        capsys, bars, "--visible", "5", "--right"
    )
    assert run(["certify", str(bars), "--anew", "--right"]) == 2
    capsys.readouterr()
    assert certified(capsys, bars)["checked"] == 0


def test_a_shape_that_somebody_else_drew_is_not_right_unseen(
    bars: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = certified(capsys, bars)["drawn"]
    monkeypatch.setenv("ANNOTATOR_NAME", "somebody_else")
    assert f"--right --object {drawn}" in refused(capsys, bars, "--right")
    assert certified(capsys, bars, "--right", "--object", str(drawn))["checked"] == 1
