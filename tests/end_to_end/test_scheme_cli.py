"""annotator scheme, as it is typed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.vocabulary import Box, Region, Scheme, SchemeChange, Shape

SCHEME = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2), partners=((0, 2),))
POINTS = np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]])


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    folder = tmp_path / "bars"
    with Project.create(folder, SCHEME) as project:
        for n in range(3):
            path = tmp_path / f"bar{n}.png"
            Image.fromarray(np.full((40, 60, 3), 50 + n, dtype=np.uint8)).save(path)
            image = project.add_image(path, examine(path))
            project.add_instance(image.id, Box(30, 20, 50, 50), shape=Shape(POINTS), who="ada")
    return folder


@pytest.fixture
def longer(tmp_path: Path) -> Path:
    """The landmarks with a knot, and another name for the last one."""
    file = tmp_path / "longer.toml"
    file.write_text('name = "bar"\nlandmarks = ["tip", "knot", "middle", "start"]\n')
    return file


def facts(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    assert run([str(a) for a in (*arguments, "--json")]) == 0
    return json.loads(capsys.readouterr().out)


def test_what_is_printed_is_a_scheme_file(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scheme", str(bars)]) == 0
    file = tmp_path / "printed.toml"
    file.write_text(capsys.readouterr().out)
    assert Scheme.load(file) == SCHEME
    assert run(["new", str(tmp_path / "more"), "--scheme", str(file)]) == 0


def test_a_list_of_names_changes_the_landmarks_and_leaves_all_else(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new project takes such a list; a change of one said that it is no scheme file."""
    names = tmp_path / "names.txt"
    names.write_text("tip\nend\nstart\n")  # the old end is the tip, and there is a new end
    said = facts(capsys, "scheme", bars, "--to", names, "--rename", "end=tip", "--yes")
    assert (said["added"], said["removed"]) == (["end"], ["middle"])
    with Project.open(bars) as project:
        expected = Scheme("bar", ("tip", "end", "start"), normaliser=(2, 0), partners=((2, 0),))
        assert project.scheme == replace(expected, version=2)
        assert project.shape(1).points[[0, 2]] == pytest.approx(POINTS[[2, 0]])
    assert run(["scheme", str(bars), "--to", str(tmp_path / "none.txt")]) == 3


def test_nothing_is_changed_before_somebody_says_yes(
    bars: Path, longer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scheme", str(bars), "--to", str(longer), "--rename", "end=tip"]) == 0
    said = capsys.readouterr()
    assert "3 accepted shapes will be open again, to be completed by knot" in said.out
    assert "--yes" in said.err
    with Project.open(bars, read_only=True) as project:
        assert project.scheme == SCHEME


def test_the_change_keeps_labels_at_their_landmarks(
    bars: Path, longer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = facts(capsys, "scheme", bars, "--to", longer, "--rename", "end=tip", "--yes")
    assert (found["changed"], found["reopened"], found["renamed"]) == (True, 3, {"end": "tip"})
    assert Path(found["backup"]).is_file()
    with Project.open(bars) as project:
        assert project.scheme.version == found["version"] == 2
        shape = project.shape(1)
        assert shape.points[[0, 2, 3]].tolist() == POINTS[[2, 1, 0]].tolist()
        assert not shape.known[1]


def test_one_undo_takes_all_of_it_back(
    bars: Path, longer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_NAME", "lead")
    assert run(["scheme", str(bars), "--to", str(longer), "--yes"]) == 0
    with Project.open(bars) as project:
        project.undo("lead")
        assert project.scheme == SCHEME
        assert project.count_of(InstanceState.ACCEPTED) == 3


def test_a_landmark_that_is_not_there_cannot_be_renamed(
    bars: Path, longer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["scheme", str(bars), "--to", str(longer), "--rename", "ende=tip"]) == 3
    assert '"end"' in capsys.readouterr().err


def test_the_same_landmarks_are_no_change(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["scheme", str(bars)])
    file = tmp_path / "same.toml"
    file.write_text(capsys.readouterr().out)
    assert run(["scheme", str(bars), "--to", str(file), "--yes"]) == 3


@pytest.mark.parametrize("options", [["--yes"], ["--rename", "a=b"]])
def test_options_of_a_change_need_one(bars: Path, options: list[str]) -> None:
    assert run(["scheme", str(bars), *options]) == 2


def test_a_rename_has_two_names(bars: Path, longer: Path) -> None:
    assert run(["scheme", str(bars), "--to", str(longer), "--rename", "end"]) == 2


def test_where_nobody_can_be_asked_nothing_is_changed(
    bars: Path, longer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", None)  # as a service closes it

    assert run(["scheme", str(bars), "--to", str(longer)]) == 0

    with Project.open(bars, read_only=True) as project:
        assert project.scheme.version == 1


def test_contours_come_from_a_sliders_table_and_leave_as_one(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, written = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text("before,slide,after\n1,2,3\n")
    assert run(["scheme", str(bars), "--sliders", str(written)]) == 3
    assert "no landmark that slides" in capsys.readouterr().err
    done = facts(capsys, "scheme", bars, "--curves", table, "--yes")
    assert done["changed"]
    assert done["reopened"] == 0
    with Project.open(bars, read_only=True) as project:
        assert project.scheme.semilandmarks == {1: (0, 2)}
    assert facts(capsys, "scheme", bars, "--sliders", written)["rows"] == 1
    assert written.read_text() == table.read_text()


def test_regions_are_named_for_a_new_project_and_for_one_with_labels(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = facts(capsys, "new", tmp_path / "faces", "--scheme", "face68", "--regions", "face_parts")
    changed = facts(capsys, "scheme", bars, "--regions", "face_parts", "--yes")

    assert "hair" in made["regions"]
    assert changed["regions"] == made["regions"]
    assert changed["reopened"] == 0
    with Project.open(bars, read_only=True) as project:
        assert [region.name for region in project.scheme.regions] == made["regions"]


def test_single_regions_are_added_named_coloured_and_taken_out(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    added = ["--add-region", "paint=#d55e00", "--add-region", "rust", "--add-region", "dust"]
    facts(capsys, "scheme", bars, *added, "--yes")

    edited = ["--rename-region", "rust=paint", "--rename-region", "paint=rust"]
    edited += ["--region-overlaps", "rust=yes", "--colour-region", "paint=", "--add-region", "web"]
    done = facts(capsys, "scheme", bars, *edited, "--remove-region", "dust", "--yes")

    assert (
        done["title"]
        == "change of the scheme (1 region added, 1 region removed, 2 regions renamed)"
    )
    with Project.open(bars, read_only=True) as project:
        assert project.scheme.regions == (Region("rust"), Region("paint", "", True), Region("web"))


@pytest.mark.parametrize(
    ("option", "value", "status"),
    [
        ("--remove-region", "paint", 3),
        ("--rename-region", "rust=", 3),
        ("--rename-region", "rust", 2),
        ("--add-region", "rust", 3),
        ("--colour-region", "rust=red", 3),
        ("--region-overlaps", "rust=perhaps", 2),
    ],
)
def test_an_edit_that_makes_no_scheme_changes_nothing(
    bars: Path, option: str, value: str, status: int
) -> None:
    assert run(["scheme", str(bars), "--add-region", "rust", "--yes"]) == 0
    assert run(["scheme", str(bars), option, value, "--yes"]) == status
    with Project.open(bars, read_only=True) as project:
        assert project.scheme.regions == (Region("rust"),)


def test_objects_that_point_anywhere_are_said_with_the_command_that_sets_their_heading(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["status", str(bars)]) == 0
    assert "heading" not in capsys.readouterr().err
    with Project.open(bars) as project:
        image, offsets = project.images()[0], (POINTS - POINTS[1]) / 2
        for degrees in (70, 150, 200, 290):
            cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
            turned = Shape(POINTS[1] + offsets @ np.array([[cos, sin], [-sin, cos]]))
            project.add_instance(image.id, Box(30, 20, 50, 50), shape=turned, who="ada")
        without_sides = Scheme("bar", SCHEME.landmarks)
        project.change_scheme(SchemeChange.to(SCHEME, without_sides), who="ada")
    assert run(["status", str(bars)]) == 0
    said = capsys.readouterr().err
    assert '--heading "end" "start" --yes' in said
    found = facts(capsys, "scheme", bars, "--heading", "end", "start", "--yes")
    assert "An object will point from end to start" in " ".join(found["sentences"])
    with Project.open(bars, read_only=True) as project:
        assert project.scheme.heading == (2, 0)
    assert run(["status", str(bars)]) == 0
    assert "heading" not in capsys.readouterr().err
