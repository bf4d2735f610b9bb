"""annotator locate, as it is typed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project, Role
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.vocabulary import Scheme
from tests.postgres_server import Server


def test_what_is_missing_is_told_and_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.create(tmp_path / "p", Scheme("dots", ("one", "two"))) as project:
        Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
        project.add_image(tmp_path / "a.png", examine(tmp_path / "a.png"))
    (tmp_path / "new").mkdir()
    (tmp_path / "a.png").rename(tmp_path / "new" / "b.png")
    assert run(["locate", str(tmp_path / "p")]) == ExitCode.UNUSABLE
    assert f"1 image of {tmp_path} is missing." in capsys.readouterr().out
    assert run(["locate", str(tmp_path / "p"), str(tmp_path / "new")]) == 0
    assert "1 file found again." in capsys.readouterr().out
    assert run(["locate", str(tmp_path / "p")]) == 0
    assert "All files are where they were." in capsys.readouterr().out


def test_in_a_shared_project_it_is_said_of_one_machine_alone_but_with_for_everybody(
    tmp_path: Path,
    new_database: Callable[[], str],
    postgres: Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, mine, theirs = new_database(), tmp_path / "mine", tmp_path / "theirs"
    there, here = tmp_path / "there" / "a.png", tmp_path / "here" / "b.png"
    for path in (there, here):
        path.parent.mkdir()
    assert run(["new", str(mine), "--scheme", "face68", "--store", address]) == 0
    with Project.open(mine) as project:
        Image.new("RGB", (8, 8)).save(there)
        project.add_image(there, examine(there))
        project.set_person("lea", Role.LEAD, who="lea")
        project.set_person("bob", Role.ANNOTATOR, who="lea")
    write_address(theirs, address.replace(f"{postgres.owner}@", "bob@"))
    there.rename(here)

    def place(folder: Path) -> Path:
        with Project.open(folder) as project:
            return project.images()[0].path

    monkeypatch.setenv("ANNOTATOR_NAME", "bob")
    assert run(["locate", str(theirs), str(here.parent)]) == 0
    assert "This machine looks for it there from now on" in capsys.readouterr().out
    assert (place(theirs), place(mine)) == (here, there)
    assert run(["locate", str(theirs), str(here.parent), "--for-everybody"]) == 3
    assert "bob is here as an annotator" in capsys.readouterr().err
    assert run(["locate", str(mine), str(here.parent)]) == 0
    monkeypatch.setenv("ANNOTATOR_NAME", "lea")
    assert run(["locate", str(mine), str(there.parent), "--for-everybody"]) != 0
    assert place(mine) == here, "what is not found there stays where this machine has it"
    assert run(["locate", str(mine), str(here.parent), "--for-everybody"]) == 0
    (theirs / "places.json").unlink()
    assert place(theirs) == here
