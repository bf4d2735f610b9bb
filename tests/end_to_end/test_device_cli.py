"""What networks run on, and the version, from the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from landmark_annotator.annotator.cli.main import run
from landmark_annotator.projects.samples import create_sample_project


@pytest.mark.parametrize("command", ["train", "propose"])
@pytest.mark.parametrize(
    ("device", "word"), [("gpu", 'no device "gpu"'), ("cuda:x", 'no device "cuda:x"')]
)
def test_a_device_that_is_none_is_said_to_be_none_before_anything_is_done(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], command: str, device: str, word: str
) -> None:
    create_sample_project(tmp_path / "heads").close()
    capfd.readouterr()
    assert run([command, str(tmp_path / "heads"), "--device", device, "--json"]) == 3
    assert word in json.loads(capfd.readouterr().out)["error"]["happened"]


def test_without_a_graphics_card_cuda_is_an_error_and_not_another_device(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    create_sample_project(tmp_path / "heads").close()
    capfd.readouterr()
    assert run(["propose", str(tmp_path / "heads"), "--device", "cuda", "--json"]) == 3
    assert "no graphics card" in json.loads(capfd.readouterr().out)["error"]["happened"]


def test_the_module_is_the_program_and_tells_its_version() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "annotator", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("annotator 0.")
