"""What the Tab key completes."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from landmark_annotator.annotator.cli.main import app, run
from landmark_annotator.annotator.cli.support.completion import candidates
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme

SCHEME = Scheme("bar", ("start", "end"))


def completed(*words: str) -> list[str]:
    return candidates(get_command(app), words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["exp"], ["export"]),
        (["--ver"], ["--version"]),
        (["export", "faces", "out", "--form"], ["--format"]),
        (["export", "faces", "out", "--format", "coco-w"], ["coco-wholebody"]),
        (["new", "faces", "--scheme", "fa"], ["face68"]),
        (["train", "faces", "--backend", "heat"], ["heatmap"]),
        (["train", "--device", "cu"], ["cuda"]),
        (["evaluate", "accu"], ["accuracy"]),
        (["completion", "f"], ["fish"]),
        (["nothing", "e"], []),
        (["export", "faces", "out", "more", ""], []),
    ],
)
def test_commands_options_and_values(words: list[str], expected: list[str]) -> None:
    assert completed(*words) == expected


def test_folders_of_projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("faces", "flies"):
        Project.create(tmp_path / "work" / name, SCHEME).close()
    (tmp_path / "work" / "files").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    assert completed("open", "") == ["faces", "flies"]
    assert completed("export", "--all", "fl") == ["flies"]
    assert completed("status", "../work/fa") == ["../work/faces"]
    assert completed("new", "f") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert f"annotator completion {shell} -- " in capsys.readouterr().out


def test_bash_completes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["completion", "bash"])
    program = tmp_path / "annotator"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m landmark_annotator "$@"\n')
    program.chmod(0o755)
    script = capsys.readouterr().out + (
        f'PATH="{tmp_path}:$PATH"\nCOMP_WORDS=(annotator train faces --back)\nCOMP_CWORD=3\n'
        '_annotator\necho "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("--backend\n", "")
