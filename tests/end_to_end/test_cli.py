"""The command line from the outside: what it prints where, its exit status, what it leaves."""

import csv
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from annotator.cli.main import run
from projects.store import Project

PROGRAM = [sys.executable, "-c", "from annotator.cli.main import main; main()"]


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def facts(self) -> Any:
        """The one JSON object on standard output."""
        return json.loads(self.out)


Annotator = Callable[..., Result]


@pytest.fixture
def annotator(capfd: pytest.CaptureFixture[str]) -> Annotator:
    """Calls the program in this process."""

    def call(*arguments: object) -> Result:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        return Result(code, *capfd.readouterr())

    return call


@pytest.fixture
def helen(landmark_data: Path, tmp_path: Path) -> Path:
    """Five real photographs with their points, in a folder that a test may damage."""
    folder = tmp_path / "helen"
    folder.mkdir()
    for points in sorted((landmark_data / "faces68" / "helen-test").glob("*.pts"))[:5]:
        shutil.copy(points, folder)
        shutil.copy(points.with_suffix(".jpg"), folder)
    return folder


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
        (("import", "{faces}", "{folder}/none"), "There is no file or folder"),
        (("import", "{faces}", "{folder}", "--format", "ptss"), 'Did you mean "pts"?'),
        (("export", "{faces}", "{folder}/x", "--format", "cocoo"), 'Did you mean "coco"?'),
        (("export", "{faces}", "{folder}/no/x.csv", "--format", "csv"), "cannot be written"),
        (("new", "{folder}/p", "--scheme", "face86"), 'Did you mean "face68"?'),
        (("new", "{folder}/p", "--scheme", "none.toml"), "none.toml cannot be read"),
        (("new", "{faces}", "--scheme", "face68"), "already"),
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


def test_help_of_every_command_has_an_example() -> None:
    overview = subprocess.run([*PROGRAM, "--help"], capture_output=True, text=True, check=True)
    commands = [
        line.split()[1]
        for line in overview.stdout.split("Commands")[1].splitlines()
        if line.startswith("│ ") and line[2] != " "
    ]
    assert {"new", "import", "status", "export"} <= set(commands)
    for command in commands:
        text = subprocess.run(
            [*PROGRAM, command, "--help"], capture_output=True, text=True, check=True
        ).stdout
        assert f"Example: annotator {command}" in text


def test_help_imports_neither_torch_nor_qt_nor_the_database() -> None:
    script = (
        "import sys; from annotator.cli.main import run; run(['--help']); "
        "slow = {'torch', 'PySide6', 'sqlalchemy', 'numpy', 'cv2'} & set(sys.modules); "
        "sys.exit(', '.join(slow) or 0)"
    )
    subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)


def test_a_project_is_imported_shown_and_exported_without_torch(
    faces: Path, helen: Path, tmp_path: Path
) -> None:
    script = (
        "import sys; from annotator.cli.main import run; "
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
    while process.poll() is None and not annotator("status", faces, "--json").facts["images"]:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    facts = json.loads(out)
    assert facts["cancelled"]
    assert 0 < facts["added"] < 870
    assert "Stopp" in err
    assert annotator("status", faces, "--json").facts["images"] == facts["images_added"]


def test_the_journal_knows_who_imported(
    annotator: Annotator, faces: Path, helen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_NAME", "Ada")
    annotator("import", faces, helen)
    with Project.open(faces, read_only=True) as project:
        assert {entry.who for entry in project.journal()} == {"Ada"}
