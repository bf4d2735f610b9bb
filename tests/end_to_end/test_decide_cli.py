"""annotator decide, as it is typed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project, Role
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

POINTS = np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]])


@pytest.fixture
def bars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two bars that ada and bob have labelled; lea is at the keyboard."""
    monkeypatch.setenv("ANNOTATOR_NAME", "lea")
    scheme = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
    with Project.create(tmp_path / "bars", scheme) as project:
        for n in range(2):
            image = project.add_image(tmp_path / f"bar{n}.png", ImageFacts(60, 40, f"{n}"))
            for k, who in enumerate(("ada", "bob")):
                shape = Shape(POINTS + np.array([(0, 0), (k, 2 * k * n), (0, 0)]))
                project.add_instance(image.id, Box(30, 20, 50, 50), shape=shape, who=who)
    return tmp_path / "bars"


def facts(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    assert run(["decide", *map(str, words), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_label_is_let_stand_listed_and_taken_back(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["decide", str(bars)]) == 0
    assert "Of 2 objects both labels count:" in capsys.readouterr().out
    assert run(["decide", str(bars), "--for", "bob", "--image", "bar1.png"]) == 0
    assert capsys.readouterr().out == "bob's label stands for 1 object.\n"
    assert run(["decide", str(bars)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("One person's label stands for 1 object.\nimage ")
    assert "Of 1 object both labels count:" in told
    by_name = {each["name"]: each for each in facts(capsys, bars)["objects"]}
    assert by_name["bar1.png"]["stands"] == "bob"
    assert by_name["bar1.png"]["people"] == ["ada", "bob"]
    assert by_name["bar0.png"]["stands"] is None
    done = facts(capsys, bars, "--both", "--object", by_name["bar1.png"]["instances"][0])
    assert done["changed"] == [by_name["bar1.png"]["instances"]]
    assert {each["stands"] for each in done["objects"]} == {None}
    assert run(["decide", str(bars), "--both", "--all"]) == 0
    assert "nothing was changed" in capsys.readouterr().out


def test_all_at_once_leaves_one_shape_an_object(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(facts(capsys, bars, "--for", "ada", "--all")["changed"]) == 2
    with Project.open(bars, read_only=True) as project:
        assert len(project.instances()) == 2


def test_three_labels_of_an_object_are_told_as_one_object(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(bars) as project:
        image = project.images()[0]
        project.add_instance(image.id, Box(30, 20, 50, 50), shape=Shape(POINTS + 1), who="cid")
    assert run(["decide", str(bars)]) == 0
    assert "Of 2 objects several labels count:" in capsys.readouterr().out
    assert run(["decide", str(bars), "--for", "cid", "--image", "bar0.png"]) == 0
    assert capsys.readouterr().out == "cid's label stands for 1 object.\n"
    assert run(["decide", str(bars)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("One person's label stands for 1 object.\n")
    assert "Of 1 object both labels count:" in told
    assert run(["decide", str(bars), "--both", "--all"]) == 0
    assert capsys.readouterr().out == "All labels of 1 object count.\n"


def test_what_cannot_be_meant_is_refused(bars: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["decide", str(bars), "--for", "ada"]) == 2
    assert run(["decide", str(bars), "--image", "bar0.png"]) == 2
    assert run(["decide", str(bars), "--for", "ada", "--both", "--all"]) == 2
    assert run(["decide", str(bars), "--for", "aba", "--all"]) == 3
    assert 'Did you mean "ada"' in capsys.readouterr().err
    with Project.open(bars) as project:
        project.set_person("max", Role.LEAD, who="max")
        project.set_person("lea", Role.REVIEWER, who="max")
    assert run(["decide", str(bars), "--for", "ada", "--all"]) == 3
    assert "decide whose label stands" in capsys.readouterr().err
    with Project.open(bars, read_only=True) as project:
        assert len(project.instances()) == 4


def test_decisions_that_all_at_once_replaces_are_told(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["decide", str(bars), "--for", "bob", "--image", "bar0.png"]) == 0
    capsys.readouterr()
    assert run(["decide", str(bars), "--for", "ada", "--all"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("ada's label stands for 2 objects. In 1 of these somebody else's had")
