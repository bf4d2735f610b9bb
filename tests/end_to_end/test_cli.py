"""The command line from the outside: what it prints where, its exit status, what it leaves."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.store import ActionKind, Project
from landmark_annotator.projects.store.opening import DATABASE_NAME
from tests.end_to_end.conftest import Annotator
from tests.few_faces import few_faces

PROGRAM = [sys.executable, "-c", "from landmark_annotator.annotator.cli.main import main; main()"]


@pytest.fixture
def helen(landmark_data: Path, tmp_path: Path) -> Path:
    """Five real photographs with their points, in a folder that a test may damage."""
    return few_faces(landmark_data, "helen-test", 5, tmp_path / "helen")


@pytest.fixture
def faces(annotator: Annotator, tmp_path: Path) -> Path:
    """An empty project of the 68-point face."""
    assert annotator("new", tmp_path / "faces", "--scheme", "face68").code == 0
    return tmp_path / "faces"


def test_from_nothing_to_an_export(annotator: Annotator, helen: Path, tmp_path: Path) -> None:
    faces, target = tmp_path / "faces", tmp_path / "faces.csv"
    assert annotator("new", faces, "--scheme", "face68").code == 0
    imported = annotator("import", faces, helen, "--json")
    assert imported.code == 0
    assert (imported.facts["added"], imported.facts["images_added"]) == (5, 5)
    status = annotator("status", faces, "--json")
    assert status.facts["instances"] == {"untouched": 0, "started": 0, "accepted": 5}
    assert annotator("export", faces, target, "--format", "csv").code == 0
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 5
    written = sorted(helen.glob("*.pts"))[0].read_text().split("{")[1].split()
    assert float(rows[0]["right jaw 1.x"]) == pytest.approx(float(written[0]) - 1)


def test_importing_again_changes_nothing(annotator: Annotator, faces: Path, helen: Path) -> None:
    annotator("import", faces, helen)
    again = annotator("import", faces, helen, "--json")
    assert again.code == 0
    assert (again.facts["added"], again.facts["unchanged"]) == (0, 5)
    assert annotator("status", faces, "--json").facts["images"] == 5


def test_unreadable_files_are_named_and_the_rest_is_imported(
    annotator: Annotator, faces: Path, helen: Path
) -> None:
    (helen / sorted(helen.glob("*.jpg"))[2].name).write_bytes(b"no image")
    result = annotator("import", faces, helen, "--json")
    assert result.code == 0
    assert result.facts["added"] == 4
    [unreadable] = result.facts["unreadable"]
    assert Path(unreadable["path"]).name == sorted(helen.glob("*.jpg"))[2].name
    assert unreadable["reason"] in result.err


def test_strict_import_tells_that_something_was_left_out(
    annotator: Annotator, faces: Path, helen: Path
) -> None:
    sorted(helen.glob("*.jpg"))[0].write_bytes(b"no image")
    assert annotator("import", faces, helen, "--strict").code == 4


def test_a_dry_run_tells_what_an_import_would_do(
    annotator: Annotator, faces: Path, helen: Path
) -> None:
    sorted(helen.glob("*.jpg"))[0].write_bytes(b"no image")
    foreseen = annotator("import", faces, helen, "--dry-run", "--json").facts
    assert annotator("status", faces, "--json").facts["images"] == 0
    done = annotator("import", faces, helen, "--json").facts
    assert (foreseen.pop("dry_run"), done.pop("dry_run")) == (True, False)
    # Which images are related is seen once they are there.
    assert foreseen.pop("related") is None
    assert "No related images" in done.pop("related")
    assert foreseen == done
    assert done["added"] == 4


def test_labels_that_come_later_fill_the_images_that_wait(
    annotator: Annotator, faces: Path, helen: Path
) -> None:
    annotator("import", faces, helen, "--format", "images")
    assert "Would label 5 images that wait" in annotator("import", faces, helen, "--dry-run").out
    assert "Labelled 5 images that waited" in annotator("import", faces, helen).out
    status = annotator("status", faces, "--json")
    assert status.facts["instances"] == {"untouched": 0, "started": 0, "accepted": 5}


def test_strict_export_tells_that_shapes_are_not_accepted(
    annotator: Annotator, faces: Path, helen: Path, tmp_path: Path
) -> None:
    sorted(helen.glob("*.pts"))[0].unlink()
    annotator("import", faces, helen, "--format", "images")
    target = tmp_path / "out.csv"
    assert annotator("export", faces, target, "--format", "csv").code == 0
    assert annotator("export", faces, target, "--format", "csv", "--strict").code == 4


def test_an_export_without_its_format_is_wrong_usage(annotator: Annotator, faces: Path) -> None:
    assert annotator("export", faces, "out.csv").code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("status", "{folder}"), "is not a project"),
        (("status", "{folder}/none"), "none"),
        (("check", "{folder}"), "is not a project"),
        (("import", "{faces}", "{folder}/none"), "There is no file or folder"),
        (("import", "{faces}", "{folder}", "--format", "ptss"), 'Did you mean "pts"?'),
        (("export", "{faces}", "{folder}/x", "--format", "cocoo"), 'Did you mean "coco"?'),
        (("export", "{faces}", "{folder}/no/x.csv", "--format", "csv"), "cannot be written"),
        (("new", "{folder}/p", "--scheme", "face86"), 'Did you mean "face68"?'),
        (("new", "{folder}/p", "--scheme", "none.toml"), "none.toml cannot be read"),
        (("new", "{faces}", "--scheme", "face68"), "already"),
        (
            ("new", "{folder}/p", "{folder}/none", "--scheme", "face68"),
            "There is no file or folder",
        ),
        (
            ("import", "{faces}", "{folder}/none", "--format", "images"),
            "There is no file or folder",
        ),
        (("train", "{faces}"), "at least 12"),
        (("train", "{faces}", "--backend", "exemplars"), 'Did you mean "exemplar"?'),
        (("train", "{faces}", "--backend", "nope"), "weak, finder, parsing, hair."),
        (("train", "{faces}", "--backend", "findr"), 'Did you mean "finder"?'),
        (("train", "--list-settings", "--backend", "parse"), 'Did you mean "parsing"?'),
        (("simulate", "{faces}"), "not enough accepted shapes"),
        (("simulate", "{faces}", "--rule", "mixtur"), 'Did you mean "mixture"?'),
        (("evaluate", "acuracy"), 'Did you mean "accuracy"?'),
        (("evaluate", "accuracy", "--project", "{faces}"), "has no trained"),
        (("evaluate", "accuracy", "--compare", "{folder}/none.json"), "none.json"),
    ],
)
def test_input_that_cannot_be_used(
    annotator: Annotator, faces: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    result = annotator(*(a.format(folder=folder, faces=faces) for a in arguments))
    assert result.code == 3
    assert said in result.err
    assert result.out == ""
    assert "Traceback" not in result.err


def test_where_there_are_no_photographs_no_project_is_made(
    annotator: Annotator, tmp_path: Path
) -> None:
    annotator("new", tmp_path / "p", tmp_path / "none", "--scheme", "face68")
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("statsu",), "Did you mean 'status'?"),
        (("status", "p", "--jsno"), "--json"),
        (("status",), "Missing argument"),
        (("new", "p"), "Missing option"),
    ],
)
def test_wrong_usage(annotator: Annotator, arguments: tuple[str, ...], said: str) -> None:
    result = annotator(*arguments)
    assert result.code == 2
    assert said in result.err


def test_a_bug_is_told_shortly_and_logged(
    annotator: Annotator, faces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(Project, "spend", fail)
    result = annotator("status", faces)
    assert result.code == 1
    assert "ZeroDivisionError: a bug" in result.err
    assert "Traceback" not in result.err
    log = Path(result.err.split(" at the end of ")[1].strip())
    assert "Traceback" in log.read_text()


def test_what_a_format_holds(annotator: Annotator) -> None:
    assert "tpsDig" in annotator("formats").out
    assert "y points up" in annotator("formats", "tps").out
    every = annotator("formats", "--json").facts["formats"]
    assert every["csv"]["carries"]["several"] == "yes"
    assert not every["images"]["written"]


def test_a_project_is_imported_shown_and_exported_without_torch(
    faces: Path, helen: Path, tmp_path: Path
) -> None:
    script = (
        "import sys; from landmark_annotator.annotator.cli.main import run; "
        f"codes = [run(['import', {str(faces)!r}, {str(helen)!r}]), "
        f"run(['status', {str(faces)!r}]), "
        f"run(['export', {str(faces)!r}, {str(tmp_path / 'x.json')!r}, '--format', 'coco'])]; "
        "sys.exit(any(codes) or 'torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_ctrl_c_stops_an_import_at_a_safe_point(
    faces: Path, landmark_data: Path, annotator: Annotator
) -> None:
    source = landmark_data / "faces68" / "helen-train"
    process = subprocess.Popen(
        [*PROGRAM, "import", str(faces), str(source), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # Not by the program: to be asked again and again it would take the time that the import needs.
    with closing(connect(f"file:{faces / DATABASE_NAME}?mode=ro", uri=True)) as database:
        while process.poll() is None:
            [images] = database.execute("SELECT count(*) FROM images").fetchone()
            if images:
                break
            time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    facts = json.loads(out)
    assert facts["cancelled"]
    assert 0 < facts["added"] < 870
    assert "Stopp" in err
    assert annotator("status", faces, "--json").facts["images"] == facts["images_added"]


def test_proposals_are_made_for_what_is_not_accepted(
    annotator: Annotator, faces: Path, helen: Path, tmp_path: Path
) -> None:
    image = sorted(helen.glob("*.jpg"))[-1]
    image.with_suffix(".pts").unlink()
    waiting = image.rename(tmp_path / image.name)
    table = tmp_path / "boxes.csv"
    table.write_text(
        "image,box_centre_x,box_centre_y,box_width,box_height,nose tip.x,nose tip.y\n"
        f"{waiting.name},120,120,110,110,,\n"
    )
    annotator("import", faces, helen)
    annotator("import", faces, table)
    proposed = annotator("propose", faces, "--json")
    assert (proposed.code, proposed.facts["proposed"]) == (0, 1)
    assert "prior from 4 labelled shapes" in proposed.facts["reason"]
    with Project.open(faces, read_only=True) as project:
        [instance] = [i for i in project.instances() if i.state == "untouched"]
        assert instance.predicted_error is not None
        assert project.proposal(instance.id) is not None


def test_an_image_without_a_box_is_named_as_what_was_left_out(
    annotator: Annotator, faces: Path, helen: Path
) -> None:
    annotator("import", faces, helen, "--format", "images")
    proposed = annotator("propose", faces, "--json", "--strict")
    assert (proposed.code, proposed.facts["without_box"]) == (4, 5)


def test_simulated_clicks_lower_the_error_and_count_themselves(
    annotator: Annotator, faces: Path, landmark_data: Path, tmp_path: Path
) -> None:
    annotator("import", faces, few_faces(landmark_data, "lfpw-test", 24, tmp_path / "few"))
    result = annotator("simulate", faces, "--images", 5, "--clicks", 4, "--json")
    assert result.code == 0
    nme = result.facts["nme"]
    assert len(nme) == 5
    assert nme == sorted(nme, reverse=True)
    assert 0 < result.facts["noc_nme3.5"] <= 5
    assert annotator("status", faces, "--json").facts["clicks"] == 0


def test_simulation_is_repeatable(
    annotator: Annotator, faces: Path, landmark_data: Path, tmp_path: Path
) -> None:
    annotator("import", faces, few_faces(landmark_data, "lfpw-test", 16, tmp_path / "few"))
    words = ("simulate", faces, "--images", 3, "--clicks", 2, "--json")
    first = annotator(*words, "--seed", 5)
    assert first.code == 0
    assert annotator(*words, "--seed", 5).out == first.out
    assert annotator(*words, "--seed", 6).out != first.out


@pytest.mark.usefixtures("short_epochs")
def test_training_evaluating_and_comparing(
    annotator: Annotator, faces: Path, landmark_data: Path, tmp_path: Path
) -> None:
    """One epoch on few small images: not a good model, but the whole way to its figures."""
    annotator("import", faces, few_faces(landmark_data, "helen-train", 16, tmp_path / "few"))
    small = ("--set", "size=64", "--set", "second_look=false")
    trained = annotator("train", faces, "--epochs", 1, *small, "--json")
    assert trained.code == 0
    assert trained.facts["instances"]["training"] + trained.facts["instances"]["held_out"] == 16
    facts = annotator("status", faces, "--json").facts
    assert facts["models"] == ["heatmap"]
    assert "Kernel Density" in facts["citations"]["heatmap"]
    result = tmp_path / "accuracy.json"
    words = ("evaluate", "accuracy", "--project", faces, "--images", 2)
    assert annotator(*words, "--json", result).code == 0
    written = json.loads(result.read_text())
    assert written["protocol"] == "accuracy"
    assert written["figures"]["images"] == 2
    assert annotator(*words, "--json", "-").facts["figures"].keys() == written["figures"].keys()
    again = annotator("evaluate", "accuracy", "--project", faces, "--images", 3,
                      "--compare", result)  # fmt: skip
    assert again.out.splitlines()[0].split() == ["figure", "earlier", "now"]
    assert ["images", "2", "3"] in [line.split() for line in again.out.splitlines()]


def test_without_a_display_the_demo_says_so_labels_a_head_and_saves_the_window(
    tmp_path: Path,
) -> None:
    """In a process of its own, as Qt knows only one application in each."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY")
    done = subprocess.run(
        [*PROGRAM, "demo", "--folder", "samples"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if key not in hidden},
    )
    assert "no display" in done.stderr
    picture = tmp_path / "annotator-demo.png"
    assert str(picture) in done.stdout
    pixels = read_pixels(picture)
    assert pixels.shape == (900, 1440, 3)
    assert pixels.std() > 20
    with Project.open(tmp_path / "samples", read_only=True) as project:
        assert project.spend("demo").clicks == 2
        accepted = [e for e in project.journal() if e.kind is ActionKind.ACCEPT]
        assert accepted[-1].who == "demo"


def test_without_a_display_open_says_what_to_do(
    annotator: Annotator, faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    result = annotator("open", faces)
    assert result.code == 3
    assert "no display" in result.err


def test_the_journal_knows_who_imported(
    annotator: Annotator, faces: Path, helen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_NAME", "Ada")
    annotator("import", faces, helen)
    with Project.open(faces, read_only=True) as project:
        assert {entry.who for entry in project.journal()} == {"Ada"}


def test_a_new_project_of_an_empty_folder_says_that_there_are_no_images(
    annotator: Annotator, tmp_path: Path
) -> None:
    (tmp_path / "photographs").mkdir()
    made = annotator("new", tmp_path / "faces", tmp_path / "photographs", "--scheme", "face68")
    assert made.code == 0
    assert "Added 0 images: there are none in " in made.out
    assert "Next: annotator import" in made.out
