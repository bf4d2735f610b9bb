"""Figures of an evaluation that was computed in parts are those of the plain command."""

import json
from pathlib import Path

import pytest

from landmark_annotator.annotator.cli.main import run

ACCURACY = ("evaluate", "accuracy", "--shipped", "--images", "5")


@pytest.mark.usefixtures("shipped_weights", "landmark_data")
def test_parts_make_the_figures_of_the_plain_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = ("--results", str(tmp_path / "parts"))
    for number in (1, 2):
        assert run([*ACCURACY, *parts, "--shard", f"{number}/2"]) == 0
        assert f"Part {number} of 2" in capsys.readouterr().out
    found = []
    for name, options in (("plain", ()), ("parts", parts)):
        file = tmp_path / f"{name}.json"
        assert run([*ACCURACY, *options, "--json", str(file)]) == 0
        found.append(json.loads(file.read_text())["figures"])
    plain, gathered = found
    assert plain.keys() == gathered.keys()
    timed = {name for name in plain if "ms" in name or "millisecond" in name}
    assert {n: v for n, v in plain.items() if n not in timed} == {
        n: v for n, v in gathered.items() if n not in timed
    }


def test_a_protocol_without_parts_and_a_part_without_a_folder_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = ("--shard", "1/2", "--results", str(tmp_path))
    assert run(["evaluate", "hard", *parts]) != 0
    assert "no parts that know nothing of each other" in capsys.readouterr().err
    assert run(["evaluate", "accuracy", "--shard", "1/2"]) != 0
    assert "--results" in capsys.readouterr().err
