"""annotator people, as it is typed, and what other commands refuse after it."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import ActionKind, Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

facts = partial(ImageFacts, 60, 40)


@pytest.fixture
def bars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANNOTATOR_NAME", "ada")
    Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))).close()
    return tmp_path / "bars"


def listed(bars: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    capsys.readouterr()
    assert run(["people", str(bars), "--json"]) == 0
    return [(one["name"], one["role"]) for one in json.loads(capsys.readouterr().out)["people"]]


def test_people_are_added_given_roles_and_removed(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["people", str(bars)]) == 0
    assert "everybody's" in capsys.readouterr().out
    assert run(["people", str(bars), "--add", "ada"]) == 3
    assert "Name a lead first" in capsys.readouterr().err
    assert run(["people", str(bars), "--add", "ada", "--role", "lead"]) == 0
    assert run(["people", str(bars), "--add", "bob"]) == 0
    assert listed(bars, capsys) == [("ada", "lead"), ("bob", "annotator")]
    assert run(["people", str(bars), "--add", "bob", "--role", "reviewer"]) == 0
    assert listed(bars, capsys) == [("ada", "lead"), ("bob", "reviewer")]
    assert run(["people", str(bars), "--remove", "bob"]) == 0
    assert listed(bars, capsys) == [("ada", "lead")]


def test_a_lead_imports_the_labels_of_annotators_and_nobody_else_does(
    bars: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["people", str(bars), "--add", "ada", "--role", "lead"])
    run(["people", str(bars), "--add", "bob"])
    Image.new("RGB", (60, 40)).save(bars.parent / "a.png")
    table = bars.parent / "labels.csv"
    rows = [f"a.png,{who},{x},2,3,4" for who, x in (("ada", 1), ("bob", 2), ("eve", 3))]
    table.write_text("\n".join(["image,annotator,start_x,start_y,end_x,end_y", *rows, ""]))
    monkeypatch.setenv("ANNOTATOR_NAME", "bob")
    capsys.readouterr()
    assert run(["import", str(bars), str(table), "--annotator", "ada"]) == 3
    assert "bob is here as an annotator and cannot import" in capsys.readouterr().err
    monkeypatch.setenv("ANNOTATOR_NAME", "ada")
    for name in ("bob", "eve"):
        assert run(["import", str(bars), str(table), "--annotator", name]) == 0
    with Project.open(bars) as project:
        assert [(e.kind, e.who) for e in project.journal()] == [
            (ActionKind.FILE, "ada"),
            (ActionKind.IMPORT, "bob"),
            (ActionKind.FILE, "ada"),
            (ActionKind.IMPORT, "eve"),
        ]


def test_a_command_refuses_what_the_role_is_not_enough_for(
    bars: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["people", str(bars), "--add", "ada", "--role", "lead"])
    run(["people", str(bars), "--add", "bob"])
    monkeypatch.setenv("ANNOTATOR_NAME", "bob")
    capsys.readouterr()
    assert run(["plan", str(bars), "--clicks", "40"]) == 3
    said = capsys.readouterr().err
    assert "bob is here as an annotator and cannot plan" in said
    assert "Ask a lead" in said
    monkeypatch.setenv("ANNOTATOR_NAME", "ada")
    assert run(["plan", str(bars), "--clicks", "40"]) == 0


def test_how_images_are_handed_out_is_said_and_shown(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["people", str(bars), "--add", "ada", "--role", "lead"])
    with Project.open(bars) as project:
        image = project.add_image(bars / "bar.png", facts("bar"))
        box = Box(30, 20, 50, 50)
        instance = project.add_instance(image.id, box, who="ada")
        project.accept(instance.id, Shape(np.ones((2, 2))), who="ada")
    capsys.readouterr()
    assert run(["assign", str(bars), "--minutes", "5", "--twice", "100", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["minutes"], found["twice"], found["added"]) == (5, 100, 1)
    assert [one["who"] for one in found["in_hands"]] == ["ada"]
    assert run(["assign", str(bars)]) == 0
    said = capsys.readouterr().out
    assert "for 5 minutes" in said
    assert "1 object waits for the other one of two people" in said
    assert run(["assign", str(bars), "--twice", "101"]) == 3
