"""Frames of numbered images have the same name wherever a person reads it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import landmark_annotator as la
from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.models.related_instances import instance_key
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.video import numbered_images
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SCHEME = Scheme("bar", ("start", "middle", "end"))
COUNT = 12
POINTS = np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]])
NAMES = {f"walk frame {n}" for n in range(COUNT)}


@pytest.fixture
def walk(tmp_path: Path) -> Path:
    """All frames labelled by two people, one of whom is off once."""
    folder, random = tmp_path / "walk", np.random.default_rng(0)
    folder.mkdir()
    for n in range(COUNT):
        pixels = np.full((40, 60, 3), 20 * n, dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"img{n:04d}.png")
    with Project.create(tmp_path / "project", SCHEME) as project:
        add_frames(project, numbered_images(folder), range(COUNT), who="ada")
        for image in project.images():
            for who in ("ada", "ben"):
                points = POINTS + random.normal(0, 0.3, POINTS.shape)
                points[1] += 15.0 * (image.frame == 7 and who == "ben")
                project.add_instance(image.id, Box(30, 20, 50, 50), shape=Shape(points), who=who)
    return tmp_path / "project"


def facts(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    capsys.readouterr()
    assert run([str(a) for a in (*arguments, "--json")]) == 0
    return json.loads(capsys.readouterr().out)


def test_commands_call_them_as_their_folder(walk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outliers = facts(capsys, "agreement", walk)["outliers"]
    assert outliers[0]["name"] == "walk frame 7"
    worst = facts(capsys, "review", walk)["worst"]
    assert {one["name"] for one in worst} <= NAMES
    certified = ("certify", walk, "--visible", 7, "--share", 20, "--confidence", 90)
    drawn = facts(capsys, *certified)["image"]
    assert drawn in NAMES
    assert run([str(word) for word in certified]) == 0
    assert f"in {drawn}. Look at it" in capsys.readouterr().out


def test_groups_name_their_frames(walk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["groups", str(walk)]) == 0
    assert "2: walk frame 4, walk frame 5\n" in capsys.readouterr().out


def test_scripts_call_them_as_their_folder(walk: Path) -> None:
    with Project.open(walk) as project:
        assert {one.name for one in la.instances(project)} == NAMES


def test_frames_have_a_size_of_their_own_each(
    walk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = ("--image", "walk frame 1", "--image", "walk frame 2")
    known = facts(capsys, "scale", walk, 0.4, *chosen)["images"]
    assert known == {"walk frame 1": 0.4, "walk frame 2": 0.4}


def test_what_splits_are_drawn_by_has_not_changed(walk: Path) -> None:
    with Project.open(walk) as project:
        image = project.images()[3]
        assert instance_key(image, 0).startswith("img%04d.png frame 3#0 ")
