"""annotator scale, as it is typed, and where its millimetres come out."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape

SCHEME = Scheme("bar", ("start", "end"))
BOX = Box(30, 20, 50, 50)
PLACED = [np.array([[10.0, 20.0], [30.0 + n, 20.0]]) for n in range(2)]


@pytest.fixture
def skulls(tmp_path: Path) -> Path:
    folder = tmp_path / "skulls"
    with Project.create(folder, SCHEME) as project:
        for n in range(2):
            path = tmp_path / f"{n}.png"
            Image.fromarray(np.full((40, 60, 3), 50 + n, dtype=np.uint8)).save(path)
            image = project.add_image(path, examine(path))
            project.add_instance(image.id, BOX, shape=Shape(PLACED[n]), who="ada")
    return folder


def facts(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    capsys.readouterr()
    assert run([str(a) for a in (*arguments, "--json")]) == 0
    return json.loads(capsys.readouterr().out)


def test_millimetres_are_said_of_all_or_of_some_and_written_into_tps(
    skulls: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert facts(capsys, "scale", skulls) == {"mm_per_pixel": None, "images": {}}
    facts(capsys, "scale", skulls, 0.4)
    found = facts(capsys, "scale", skulls, 0.1, "--image", "1.png")
    assert found == {"mm_per_pixel": 0.4, "images": {"1.png": 0.1}}
    facts(capsys, "export", skulls, tmp_path / "out.tps", "--format", "tps")
    scales = [row for row in (tmp_path / "out.tps").read_text().split("\n") if "SCALE" in row]
    assert scales == ["SCALE=0.4", "SCALE=0.1"]
    assert facts(capsys, "scale", skulls, "--unknown")["mm_per_pixel"] is None


def test_a_new_project_may_say_it_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts(capsys, "new", tmp_path / "p", "--scheme", "fly32", "--mm-per-pixel", 0.02)
    assert facts(capsys, "scale", tmp_path / "p")["mm_per_pixel"] == 0.02


@pytest.mark.parametrize("size", ["-1", "nan", "inf"])
def test_no_project_is_left_by_a_size_that_no_pixel_has(tmp_path: Path, size: str) -> None:
    new = ["new", str(tmp_path / "p"), "--scheme", "fly32", "--mm-per-pixel"]
    assert run([*new, size]) == 3
    assert run([*new, "0.02"]) == 0


def test_a_size_that_no_pixel_has_is_refused(
    skulls: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scale", str(skulls), "0"]) == 3
    assert facts(capsys, "scale", skulls)["mm_per_pixel"] is None


def test_every_command_that_says_an_error_says_it_in_millimetres_too(
    skulls: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    card = {
        "instances": {"training": 2, "held_out": 1, "unreadable": []},
        "figures": {"held_out_error": 4.0},
        "minutes": 0.1,
        "related": "",
    }
    place = "landmark_annotator.annotator.session.models.training.train_project"
    monkeypatch.setattr(place, lambda *_: card)
    simulate = ("simulate", skulls, "--clicks", 1)
    for words in (("status", skulls), ("train", skulls), simulate):
        assert facts(capsys, *words).get("millimetres") is None
    facts(capsys, "scale", skulls, 0.4)
    mean = 0.4 * float(np.mean([SCHEME.normaliser_length(points, BOX) for points in PLACED]))
    assert facts(capsys, "status", skulls)["millimetres"]["normaliser"] == pytest.approx(
        mean, abs=1e-3
    )
    error = facts(capsys, "train", skulls)["millimetres"]["held_out_error"]
    assert error == pytest.approx(0.04 * mean, abs=1e-3)
    done = facts(capsys, *simulate)
    turned = [value * mean / 100 for value in done["nme"]]
    assert done["millimetres"]["nme"] == pytest.approx(turned, abs=1e-3)
    for words in (("status", skulls), ("train", skulls), simulate):
        assert run([str(word) for word in words]) == 0
        assert f"{mean:.1f} mm, the mean of 2 accepted shapes" in capsys.readouterr().out


def test_how_far_two_people_are_apart_is_said_in_millimetres_too(
    skulls: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(skulls) as project:
        first, _ = project.instances()
        shape = Shape(PLACED[0] + np.array([3.0, 4.0]))
        project.add_instance(first.image_id, BOX, shape=shape, who="ben")
    assert facts(capsys, "agreement", skulls)["agreements"][0]["nme"]["mm"] is None
    facts(capsys, "scale", skulls, 0.4)
    assert facts(capsys, "agreement", skulls)["agreements"][0]["nme"]["mm"] == 2.0
    assert run(["agreement", str(skulls)]) == 0
    assert ", 2.00 mm (median" in capsys.readouterr().out


def test_through_a_microscope_two_people_are_no_nought_apart(
    skulls: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(skulls) as project:
        shape = Shape(PLACED[0] + np.array([0.0, 4.0]))
        project.add_instance(1, BOX, shape=shape, who="bob")
    facts(capsys, "scale", skulls, 0.0002, "--image", "0.png")
    assert run(["agreement", str(skulls)]) == 0
    said = capsys.readouterr().out
    assert ", 0.00080 mm (median" in said
    assert facts(capsys, "agreement", skulls)["agreements"][0]["nme"]["mm"] == 0.0008
    assert run(["status", str(skulls)]) == 0
    told = capsys.readouterr().out
    assert "1 % of 0.014 mm, the mean of" in told
    assert "is 0.00014 mm" in told


def test_where_no_pixel_is_known_of_a_landmark_there_is_a_dash(
    skulls: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(skulls) as project:
        for image, lacks in ((1, 1), (2, 0)):
            points = PLACED[image - 1] + np.array([0.0, 4.0])
            points[lacks] = np.nan
            made = project.add_instance(image, BOX, who="bob")
            project.accept(made.id, Shape(points, provenance=[Provenance.CLICKED] * 2), who="bob")
    facts(capsys, "scale", skulls, 0.4, "--image", "0.png")
    assert run(["agreement", str(skulls)]) == 0
    said = capsys.readouterr().out
    assert "nan" not in said
    assert [line.split()[5] for line in said.splitlines() if line.startswith("end")] == ["-"]
