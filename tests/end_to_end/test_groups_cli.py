"""annotator groups, as it is typed, and what splits make of it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.session.models.related_instances import related
from landmark_annotator.annotator.session.models.training import labelled_instances
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SCHEME = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
POINTS = np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]])
BOX = Box(30, 20, 50, 50)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Three views of each of five people, with two objects in the first image."""
    folder = tmp_path / "people"
    with Project.create(folder, SCHEME) as project:
        for n in range(15):
            path = tmp_path / f"person{n // 3}_{n % 3}.png"
            Image.fromarray(np.full((40, 60, 3), 50 + n, dtype=np.uint8)).save(path)
            image = project.add_image(path, examine(path))
            for by in range(2 if n == 0 else 1):
                project.add_instance(image.id, BOX, shape=Shape(POINTS + by), who="ada")
    return folder


def facts(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    capsys.readouterr()
    assert run([str(a) for a in (*arguments, "--json")]) == 0
    return json.loads(capsys.readouterr().out)


def split_keys(folder: Path) -> list[str]:
    with Project.open(folder, read_only=True) as project:
        return [each.split_key for each in related(project, labelled_instances(project)).instances]


def test_groups_are_shown_with_their_evidence(
    people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = facts(capsys, "groups", people)
    assert (found["rule"], found["groups"], found["sizes"]) == ("evidence", 5, [3] * 5)
    assert found["findings"][0]["why"] == "file name up to the last number"


def test_what_is_said_holds_for_trainings(people: Path) -> None:
    assert len(set(split_keys(people))) == 5
    assert run(["groups", str(people), "--none"]) == 0
    keys = split_keys(people)
    assert len(set(keys)) == 15
    # Several objects of one photograph are related whatever is said.
    assert keys[0] == keys[1]


def test_a_lone_instance_is_split_by_its_own_key(people: Path) -> None:
    run(["groups", str(people), "--none"])
    with Project.open(people, read_only=True) as project:
        found = related(project, labelled_instances(project)).instances
    assert all(each.split_key == each.key for each in found[2:])


def test_groups_by_hand(people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "groups.csv"
    table.write_text("person0_0.png,twins\nperson1_2.png,twins\n")
    found = facts(capsys, "groups", people, "--by-hand", table)
    assert found["sizes"][:2] == [2, 1]
    table.write_text("person0_0.png\n")
    assert run(["groups", str(people), "--by-hand", str(table)]) == 3
    assert facts(capsys, "groups", people)["rule"] == "names"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "person0_0.png,one\nperson0_0.png,two\n",
            "says two of person0_0.png, and an earlier one one",
        ),
        ("x" * 140_000 + ",one\n", "cannot be read as text"),
    ],
)
def test_a_table_of_groups_that_says_two_things_or_none_is_refused(
    people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: str, said: str
) -> None:
    table = tmp_path / "groups.csv"
    table.write_text(rows)
    assert run(["groups", str(people), "--by-hand", str(table)]) == 3
    assert said in " ".join(capsys.readouterr().err.split())
    assert facts(capsys, "groups", people)["rule"] != "names"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_groups_by_hand_as_other_spreadsheets_write_them(
    people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], delimiter: str
) -> None:
    table = tmp_path / "groups.csv"
    table.write_text(f"person0_0.png{delimiter}twins, both\nperson1_2.png{delimiter}twins, both\n")
    assert facts(capsys, "groups", people, "--by-hand", table)["sizes"][:2] == [2, 1]


def test_an_export_keeps_groups_together(people: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    arguments = ["export", people, out, "--format", "csv", "--split", "80/20"]
    assert run([str(a) for a in arguments]) == 0
    sides = [
        {line.split("person")[1][0] for line in file.read_text().splitlines() if "person" in line}
        for file in sorted(tmp_path.glob("out-t*.csv"))
    ]
    assert len(sides) == 2
    assert sides[0].isdisjoint(sides[1])
    assert sides[0] | sides[1] == set("01234")


def test_only_one_way_can_be_said(people: Path) -> None:
    assert run(["groups", str(people), "--none", "--folders"]) == 2


def test_an_import_says_how_its_images_are_related(
    people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    Project.create(other, SCHEME).close()
    photographs = sorted(tmp_path.glob("person*.png"))
    first = tmp_path / "photographs"
    first.mkdir()
    for photograph in photographs:
        photograph.rename(first / photograph.name)

    found = facts(capsys, "import", other, first)
    again = facts(capsys, "import", other, first)

    assert found["related"].startswith("15 images are in 5 groups of up to 3, by file name")
    assert again["related"] is None
