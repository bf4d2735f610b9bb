"""A shared project from the command line: made with an address, joined, given by its address."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.store import Project, Role
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.scheme_text import scheme_text
from tests.postgres_server import Server


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANNOTATOR_NAME", "ada")


def test_a_shared_project_is_made_joined_and_opened_by_its_address(
    tmp_path: Path, new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    address = new_database()
    scheme = tmp_path / "bar.toml"
    scheme.write_text(scheme_text(Scheme("bar", ("start", "end"))))
    for folder in ("lab", "home_of_bob"):
        (tmp_path / folder / "photographs").mkdir(parents=True)
        Image.new("RGB", (20, 10), "red").save(tmp_path / folder / "photographs" / "a.png")
    lab, bobs = tmp_path / "lab", tmp_path / "home_of_bob"

    assert run(["new", str(lab), "--scheme", str(scheme), "--store", address]) == 0
    assert run(["import", str(lab), str(lab / "photographs")]) == 0
    with Project.open(lab) as project:
        (instance,) = project.instances()
        project.set_box(instance.id, Box(5, 5, 10, 10), who="ada")
        project.place(instance.id, 0, (1.0, 2.0), who="ada")
    assert run(["join", address, str(bobs)]) == 0
    with Project.open(bobs) as project:
        assert project.images()[0].path == bobs / "photographs" / "a.png"
    capsys.readouterr()
    assert run(["status", address, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["clicks"] == 1
    assert run(["check", str(bobs)]) == 0


def test_a_project_made_by_its_address_is_called_as_its_database(
    new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    address = new_database()
    assert run(["new", address, "--scheme", "face68", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == address.split("/")[3].split("?")[0]


def test_a_project_in_a_folder_that_was_chosen_is_called_as_the_folder(
    tmp_path: Path, new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    address, folder = new_database(), tmp_path / "lab"
    assert run(["new", str(folder), "--scheme", "face68", "--store", address, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "lab"


def test_who_imports_into_it_is_told_where_no_backup_is_made_before(
    tmp_path: Path,
    new_database: Callable[[], str],
    postgres: Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = new_database()
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    photographs = tmp_path / "photographs"
    photographs.mkdir()
    Image.new("RGB", (20, 10), "red").save(photographs / "a.png")
    assert run(["new", str(mine), "--scheme", "face68", "--store", address]) == 0
    with Project.open(mine) as project:
        project.set_person(postgres.owner, Role.LEAD, who=postgres.owner)
        project.set_person("bob", Role.LEAD, who=postgres.owner)
    capsys.readouterr()
    monkeypatch.setenv("ANNOTATOR_NAME", postgres.owner)
    assert run(["import", str(mine), str(photographs)]) == 0
    assert "No backup is made" not in capsys.readouterr().err
    write_address(theirs, address.replace(f"{postgres.owner}@", "bob@"))
    monkeypatch.setenv("ANNOTATOR_NAME", "bob")
    assert run(["import", str(theirs), str(photographs)]) == 0
    assert "No backup is made before it" in capsys.readouterr().err
    with Project.open(mine) as project:
        project.set_person("bob", Role.ANNOTATOR, who=postgres.owner)
    for command in (["import", str(theirs), str(photographs)], ["fill", str(theirs)]):
        assert run(command) == 3
        said = capsys.readouterr().err
        assert "bob is here as an annotator" in said
        assert "No backup" not in said  # nor anything else of what is not done


def test_a_lead_who_has_not_made_the_project_changes_its_landmarks_and_no_annotator_does(
    tmp_path: Path,
    new_database: Callable[[], str],
    postgres: Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = new_database()
    scheme, longer = tmp_path / "bar.toml", tmp_path / "longer.toml"
    scheme.write_text(scheme_text(Scheme("bar", ("start", "end"))))
    longer.write_text(scheme_text(Scheme("bar", ("start", "middle", "end"))))
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    assert run(["new", str(mine), "--scheme", str(scheme), "--store", address]) == 0
    with Project.open(mine) as project:
        project.set_person(postgres.owner, Role.LEAD, who=postgres.owner)
        project.set_person("bob", Role.ANNOTATOR, who=postgres.owner)
    write_address(theirs, address.replace(f"{postgres.owner}@", "bob@"))
    monkeypatch.setenv("ANNOTATOR_NAME", "bob")
    change = ["scheme", str(theirs), "--to", str(longer), "--yes"]
    capsys.readouterr()
    assert run(change) == 3
    assert "bob is here as an annotator" in capsys.readouterr().err
    with Project.open(mine) as project:
        project.set_person("bob", Role.LEAD, who=postgres.owner)
    assert run(change) == 0
    said = capsys.readouterr()
    assert "version 2 of the scheme.\n" in said.out
    assert "No backup is made before it" in said.err


@pytest.mark.parametrize("command", [["status"], ["check"], ["restore", "--in-place"], ["backup"]])
def test_of_a_folder_with_two_projects_a_command_says_so_and_does_nothing(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "lab"
    Project.create(folder, Scheme("bar", ("start", "end"))).close()
    (folder / "project.address").write_text("postgresql://lab.example.org/faces\n")
    there = sorted(folder.rglob("*"))
    name, *options = command
    assert run([name, str(folder), *options]) == 3
    assert "holds two projects" in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == there


def test_nothing_is_made_where_the_server_is_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = f"postgresql://ada@/faces?host={tmp_path}"
    assert run(["join", away, str(tmp_path / "mine")]) == 3
    assert "does not answer" in capsys.readouterr().err
    assert not (tmp_path / "mine" / "project.address").exists()


def test_a_mistyped_address_does_not_stay_with_the_folder(
    tmp_path: Path, new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, address = tmp_path / "lab", new_database()
    wrong = address.replace("?host", "_not_there?host")
    assert wrong != address
    assert run(["new", str(folder), "--scheme", "face68", "--store", wrong]) == 3
    assert "has no database" in capsys.readouterr().err
    assert not folder.exists()
    assert run(["new", str(folder), "--scheme", "face68", "--store", address]) == 0


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada@lab/faces?colour=red",
        "postgresql://ada@127.0.0.1:port/faces",
        "postgresql:///?service=nobody_has_it",
    ],
)
def test_what_is_wrong_with_an_address_is_said_of_it_and_not_of_a_server(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["join", address, str(tmp_path / "mine")]) == 3
    assert "cannot be used" in capsys.readouterr().err


def test_backups_and_roles_are_told_as_they_are(
    tmp_path: Path,
    new_database: Callable[[], str],
    postgres: Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = new_database()
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    assert run(["new", str(mine), "--scheme", "face68", "--store", address]) == 0
    for name in ("lea", "bob"):
        with Project.open(mine) as project:
            project.set_person(name, Role.LEAD, who="lea")
        if name == "lea":
            assert run(["backup", str(mine)]) == 0
    write_address(theirs, address.replace(f"{postgres.owner}@", "lea@"))
    capsys.readouterr()
    assert run(["restore", str(theirs)]) == 0
    told = capsys.readouterr()
    assert f"There are no backups in {theirs / 'backups'}." in told.out
    assert "with the login that made the project" in told.err
    assert run(["restore", str(mine), "--in-place"]) == 0
    assert "Not among its people then, and no longer: bob." in capsys.readouterr().err
