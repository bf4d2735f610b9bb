"""What a script gets of commands that fail, and of output that nobody takes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landmark_annotator import __main__ as program
from landmark_annotator.annotator.cli import main
from landmark_annotator.annotator.cli.main import run
from landmark_annotator.annotator.cli.support.output import answer
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme

PROGRAM = [sys.executable, "-c", "from landmark_annotator.annotator.cli.main import main; main()"]
Failed = Callable[..., tuple[int, Any]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    Project.create(tmp_path / "pairs", Scheme("pair", ("one", "two"))).close()
    return tmp_path / "pairs"


@pytest.fixture
def failed(capfd: pytest.CaptureFixture[str]) -> Failed:
    def call(*arguments: object) -> tuple[int, Any]:
        capfd.readouterr()
        code = run([*(str(argument) for argument in arguments), "--json"])
        lines = capfd.readouterr().out.splitlines()
        assert len(lines) == 1
        error = json.loads(lines[0])["error"]
        assert set(error) == {"happened", "kept", "remedy"}
        return code, error

    return call


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["status", "{}/none"], 3, "none"),
        (["import", "{}", "{}/no-file"], 3, "no file or folder"),
        (["export", "{}", "{}/project.db", "--format", "csv"], 3, "of the project itself"),
        (["export", "{}", "{}/x"], 2, "--format"),
        (["status", "{}" + "x" * 300], 3, "too long"),
        (["import", "{}", "{}/" + "x" * 300], 3, "too long"),
        (["import", "{}"], 2, "source"),
        (["status", "{}", "--no-such"], 2, "--no-such"),
    ],
)
def test_a_failing_command_prints_one_object(
    project: Path, failed: Failed, words: list[str], code: int, says: str
) -> None:
    got, error = failed(*(word.format(project) for word in words))

    assert got == code
    assert says in error["happened"]


def test_a_project_that_is_made_again_is_told_how_its_images_come_in(
    project: Path, tmp_path: Path, failed: Failed
) -> None:
    (tmp_path / "photographs").mkdir()
    code, error = failed("new", project, tmp_path / "photographs", "--scheme", "face68")
    assert code == 3
    assert f"annotator import {project} {tmp_path / 'photographs'}" in error["remedy"]


WRITING = [["budget", "{0}", "--json"], ["scheme", "{0}", "--sliders"], ["demo", "--screenshot"]]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="such things have no names there")
@pytest.mark.parametrize("words", WRITING)
def test_no_command_puts_a_file_in_place_of_a_pipe_or_device(
    project: Path, tmp_path: Path, words: list[str]
) -> None:
    """`budget --json /dev/null` by an administrator: from then on /dev/null was a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    code = run([*(word.format(project) for word in words), str(pipe)])

    assert code == 2
    assert pipe.is_fifo()


@pytest.mark.parametrize("words", WRITING)
@pytest.mark.parametrize("name", ["project.db", "project.db-wal", "models/card.json"])
def test_no_command_writes_onto_a_project(project: Path, words: list[str], name: str) -> None:
    before = (project / "project.db").read_bytes()

    code = run([*(word.format(project) for word in words), str(project / name)])

    assert code == 2
    assert (project / "project.db").read_bytes() == before
    assert sorted(path.name for path in project.rglob("*")) == ["project.db"]


def test_a_bug_is_an_object_too(
    project: Path, failed: Failed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(Project, "open_to_read", broken)

    code, error = failed("status", project)

    assert code == 1
    assert "a bug" in error["happened"]


def test_interrupted_it_is_an_object_too(
    project: Path, failed: Failed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Project, "open_to_read", interrupted)

    assert failed("status", project)[0] == 130


def test_ctrl_c_before_a_command_has_begun(failed: Failed, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_app: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "get_command", interrupted)

    code, error = failed("status", "anywhere")
    assert code == 130
    assert error["happened"] == "Stopped. What was finished before is stored."


def test_ctrl_c_while_the_program_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted:
        """In the place of the module that is loaded."""

        def __getattr__(self, name: str) -> Any:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, main.__name__, Interrupted())
    with pytest.raises(SystemExit) as end:
        program.main()
    assert end.value.code == 130
    assert capsys.readouterr().err == "Stopped. Nothing was begun.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="nothing asks like that on Windows")
def test_what_is_asked_to_end_says_so_and_how_it_ended() -> None:
    asked = (
        "import os, signal; from landmark_annotator.annotator.cli import main as cli; "
        "cli.get_command = lambda app: os.kill(os.getpid(), signal.SIGTERM); cli.main()"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    said = "Stopped. What was finished before is stored.\n"
    assert (done.returncode, done.stderr) == (128 + signal.SIGTERM, said)


def test_names_that_are_no_unicode_are_printed(capfd: pytest.CaptureFixture[str]) -> None:
    answer({"name": "b\udcff.png"}, "b\udcff.png", as_json=True)
    answer({"name": "b\udcff.png"}, "b\udcff.png", as_json=False)

    first, second = capfd.readouterr().out.splitlines()
    assert json.loads(first) == {"name": "b\udcff.png"}
    assert second == "b\ufffd.png"


def test_output_that_nobody_takes(project: Path) -> None:
    """A full device is told; a pipe whose reader has ended ends the program as it ends others."""
    words = [*PROGRAM, "status", str(project)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 3
    assert "cannot be written to standard output" in done.stderr

    inward, outward = os.pipe()
    os.close(inward)
    done = subprocess.run(words, stdout=outward, stderr=subprocess.PIPE, text=True)
    os.close(outward)
    assert done.returncode == 128 + signal.SIGPIPE
    assert done.stderr == ""


@pytest.mark.parametrize("words", [["--version"], ["status", "--help"], ["completion", "bash"]])
def test_a_full_device_is_no_mistake_of_the_program(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*PROGRAM, *words], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 3
    assert "No space left" in done.stderr
    assert "mistake" not in done.stderr


@pytest.mark.parametrize("words", [["formats"], ["formats", "--json"]])
def test_where_output_is_closed_a_command_is_done_all_the_same(words: list[str]) -> None:
    """As services start programs."""
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *PROGRAM, *words]
    done = subprocess.run(closed, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_other_processes_print_is_not_beside_an_answer_as_json() -> None:
    noisy = (
        "import os, sys; from landmark_annotator.annotator.cli import main as cli; run = cli.run; "
        "cli.run = lambda words: (os.write(1, b'noise'), run(words))[1]; cli.main()"
    )
    words = [sys.executable, "-c", noisy, "formats", "--json"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert "coco" in json.loads(done.stdout)["formats"]
    assert done.stderr == "noise"
