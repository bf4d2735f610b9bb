"""annotator exclude, as it is typed, and what other commands say after it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project, Role
from landmark_annotator.projects.store.same_objects import LABEL_STANDS
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape

SCHEME = Scheme("bar", ("start", "middle", "end"), normaliser=(0, 2))
POINTS = np.array([[10.0, 20.0], [30.0, 20.0], [50.0, 20.0]])
BOX = Box(30, 20, 50, 50)


@pytest.fixture
def bars(tmp_path: Path) -> Path:
    """Four labelled images, with two objects in the last."""
    folder = tmp_path / "bars"
    with Project.create(folder, SCHEME) as project:
        for n in range(4):
            path = tmp_path / f"bar{n}.png"
            Image.fromarray(np.full((40, 60, 3), 50 + n, dtype=np.uint8)).save(path)
            image = project.add_image(path, examine(path))
            for by in range(2 if n == 3 else 1):
                project.add_instance(image.id, BOX, shape=Shape(POINTS + by), who="ada")
    return folder


def facts(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    assert run([str(a) for a in (*arguments, "--json")]) == 0
    return json.loads(capsys.readouterr().out)


def exclude(bars: Path, *names: str) -> int:
    images = [part for name in names for part in ("--image", name)]
    return run(["exclude", str(bars), *images, "--reason", "no bar"])


def test_excluded_images_leave_the_status(bars: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exclude(bars, "bar1.png", "bar3.png") == 0
    assert capsys.readouterr().out == "Excluded 2 images.\n"
    found = facts(capsys, "status", bars)
    assert (found["images"], found["instances"]["accepted"]) == (2, 2)
    assert found["excluded"] == [{"why": "no bar", "images": 2, "instances": 3}]


def test_the_status_says_how_many_and_why(bars: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exclude(bars, "bar3.png")
    capsys.readouterr()
    run(["status", str(bars)])
    assert "1 image, 2 shapes: no bar" in capsys.readouterr().out


def test_they_leave_the_export_whose_data_sheet_says_so(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exclude(bars, "bar0.png")
    assert run(["export", str(bars), str(tmp_path / "out.csv"), "--format", "csv"]) == 0
    assert "bar0.png" not in (tmp_path / "out.csv").read_text()
    sheet = json.loads((tmp_path / "out.datasheet.json").read_text())
    assert sheet["excluded"] == [{"why": "no bar", "images": 1, "instances": 1}]


def test_a_list_of_names_is_read_from_a_file(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "names.txt").write_text("bar0.png\n\n  bar2.png\n")
    found = facts(
        capsys, "exclude", bars, "--list", tmp_path / "names.txt", "--reason", "not a bar"
    )
    assert [Path(path).name for path in found["excluded"]] == ["bar0.png", "bar2.png"]


def test_again_it_changes_nothing(bars: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exclude(bars, "bar0.png")
    capsys.readouterr()
    assert exclude(bars, "bar0.png") == 0
    assert capsys.readouterr().out == "Excluded 0 images. 1 was excluded before.\n"


def test_restored_they_count_again_with_all_their_objects(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exclude(bars, "bar3.png")
    with Project.open(bars) as project:
        project.exclude(instances=[5], why="hidden", who="ada")
    capsys.readouterr()
    found = facts(capsys, "exclude", bars, "--image", "bar3.png", "--restore")
    assert [Path(path).name for path in found["restored"]] == ["bar3.png"]
    assert found["left_out"] == []


def test_a_label_that_gives_way_to_another_one_goes_on_doing_so(
    bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(bars) as project:
        image = project.images()[0]
        first = project.instances_of(image.id)[0]
        other = project.add_instance(image.id, first.box, shape=Shape(POINTS), who="bob")
        project.let_stand([(first.id, other.id)], why=f"ada{LABEL_STANDS}", who="lea")
    exclude(bars, image.path.name)
    capsys.readouterr()
    found = facts(capsys, "exclude", bars, "--image", image.path.name, "--restore")
    assert [one["why"] for one in found["left_out"]] == [f"ada{LABEL_STANDS}"]


def test_it_is_one_step_for_undo(bars: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_NAME", "ada")
    exclude(bars, "bar0.png", "bar1.png", "bar3.png")
    with Project.open(bars) as project:
        project.undo("ada")
        assert len(project.images()) == 4


def test_one_unknown_name_stops_all(bars: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exclude(bars, "bar0.png", "bar9.png") == 3
    assert "no image bar9.png" in capsys.readouterr().err
    assert facts(capsys, "status", bars)["images"] == 4


def test_without_a_reason_it_is_refused(bars: Path) -> None:
    assert run(["exclude", str(bars), "--image", "bar0.png"]) == 2


def test_without_an_image_it_is_refused(bars: Path) -> None:
    assert run(["exclude", str(bars), "--reason", "no bar"]) == 2


def test_an_import_does_not_bring_them_back_and_says_so(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["export", str(bars), str(tmp_path / "out.csv"), "--format", "csv"])
    exclude(bars, "bar0.png")
    with Project.open(bars) as project:
        project.exclude(instances=[5], why="hidden", who="ada")
    capsys.readouterr()
    assert run(["import", str(bars), str(tmp_path / "out.csv"), "--json"]) == 0
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert (found["added"], found["unchanged"], found["excluded"]) == (0, 3, 2)
    assert "2 of the entries belong to images or objects that are excluded" in told.err
    with Project.open(bars) as project:
        assert project.instance_count() == 3


def test_labels_that_differ_do_not_bring_them_back_either(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exclude(bars, "bar0.png")
    table = tmp_path / "new.csv"
    run(["export", str(bars), str(table), "--format", "csv"])
    table.write_text(table.read_text().replace("bar1.png", "bar0.png"))
    capsys.readouterr()
    assert facts(capsys, "import", bars, table)["excluded"] == 1
    assert facts(capsys, "status", bars)["images"] == 3


def test_who_is_no_member_is_refused_before_a_backup_is_made(
    bars: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(bars) as project:
        project.set_person("lea", Role.LEAD, who="lea")
    monkeypatch.setenv("ANNOTATOR_NAME", "nobody")
    assert exclude(bars, "bar1.png") == 3
    assert not list((bars / "backups").glob("*"))
