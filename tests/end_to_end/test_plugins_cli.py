"""A package that adds to the program, installed for real and used by another process."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_annotator.projects.samples import create_sample_project

REPOSITORY = Path(__file__).resolve().parents[2]

COMMANDS = """
import contextlib, io, json, sys
from landmark_annotator.annotator.cli.main import run
found = []
for arguments in json.loads(sys.argv[1]):
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = run(arguments)
    found.append([code, out.getvalue(), error.getvalue()])
print(json.dumps(found))
"""

Done = list[tuple[int, Any, str]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the sample package was put into, by pip, from a copy of its source."""
    place = tmp_path_factory.mktemp("plugin")
    shutil.copytree(REPOSITORY / "tests" / "sample_plugin", place / "source")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-build-isolation"]
    options = ["--no-index", "--quiet", "--disable-pip-version-check", "--target", place / "target"]
    done = subprocess.run(
        [*command, *options, place / "source"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return place / "target"


@pytest.fixture(scope="module")
def done(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All commands in one process that has the package, as starting one takes a second."""
    place = tmp_path_factory.mktemp("work")
    with create_sample_project(place / "heads") as project:
        accepted = project.instance_count()
    pixels = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    (place / "images").mkdir()
    plain = place / "images" / "one.plain"
    plain.write_bytes(np.array([6, 4], "<u2").tobytes() + pixels.tobytes())
    (place / "images" / "short.plain").write_bytes(b"123456")
    heads, points = place / "heads", place / "labels.points"
    commands = {
        "plugins": ["plugins", "--json"],
        "formats": ["formats", "--json"],
        "export": ["export", heads, points, "--format", "points", "--json"],
        "careless": ["export", heads, place / "c.careless", "--format", "careless", "--json"],
        "copy": ["new", place / "copy", "--scheme", "face68", "--json"],
        "import": ["import", place / "copy", points, "--json"],
        "train": ["train", heads, "--backend", "mean", "--json"],
        "mistaken": ["train", heads, "--backend", "mean", "--set", "careless=true", "--json"],
        "unknown": ["train", heads, "--backend", "meen", "--json"],
        "predict": ["predict", heads, place / "images", "--whole", "--out", place / "a.json",
                    "--json"],
        "status": ["status", heads],
    }  # fmt: skip
    arguments = json.dumps([[str(word) for word in words] for words in commands.values()])
    paths = os.pathsep.join([str(installed), str(REPOSITORY / ".root")])
    ran = subprocess.run(
        [sys.executable, "-c", COMMANDS, arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert ran.returncode == 0, ran.stderr
    found = dict(zip(commands, json.loads(ran.stdout.splitlines()[-1]), strict=True))
    return {**found, "place": place, "accepted": accepted}


def answered(done: dict[str, Any], command: str) -> dict[str, Any]:
    code, said, error = done[command]
    assert code == 0, error
    return dict(json.loads(said))


def test_what_it_adds_is_listed(done: dict[str, Any]) -> None:
    found = answered(done, "plugins")["plugins"]
    named = {(each["group"].rpartition(".")[2], each["name"]) for each in found}
    assert named == {
        ("backends", "mean"), ("formats", "points"), ("formats", "careless"),
        ("images", "plain"), ("metrics", "worst"),
    }  # fmt: skip
    assert {each["package"] for each in found} == {"landmark-sample 1.2"}


def test_what_is_broken_is_named_with_the_reason_and_left_out(done: dict[str, Any]) -> None:
    left = {part["name"]: part["reason"] for part in answered(done, "plugins")["left_out"]}
    assert "a_package_that_nobody_has" in left["torn"]
    assert "int and no Metric" in left["number"]
    assert "already" in left["heatmap"]
    told = done["status"][2]
    assert "The plug-in torn of landmark-sample 1.2 (formats) is left out" in told


def test_its_format_is_written_listed_and_read(done: dict[str, Any]) -> None:
    assert answered(done, "formats")["formats"]["points"]["written"] is True
    assert "torn" not in answered(done, "formats")["formats"]
    written = answered(done, "export")["instances"]
    assert written == answered(done, "import")["added"] > 0


def test_a_format_that_breaks_is_blamed_on_its_package_and_not_on_the_program(
    done: dict[str, Any],
) -> None:
    code, said, _ = done["careless"]
    assert code == 3
    error = json.loads(said)["error"]
    assert "careless, a plug-in of landmark-sample 1.2, failed" in error["happened"]
    assert not (done["place"] / "c.careless").exists()


def test_its_backend_is_trained_and_says_what_it_sees_without_a_project(
    done: dict[str, Any],
) -> None:
    assert answered(done, "train")["instances"]["training"] > 1
    predicted = answered(done, "predict")
    assert predicted["model"]["backend"] == "mean"
    assert predicted["images"] == 1


def test_a_mistake_of_its_backend_is_its_own_and_a_wrong_name_lists_it(
    done: dict[str, Any],
) -> None:
    code, said, _ = done["mistaken"]
    assert (code, "a mistake of the plug-in" in json.loads(said)["error"]["happened"]) == (3, True)
    code, said, _ = done["unknown"]
    assert code == 3
    assert "mean" in json.loads(said)["error"]["remedy"]


def test_its_images_are_opened_and_a_damaged_one_is_named(done: dict[str, Any]) -> None:
    [image] = json.loads((done["place"] / "a.json").read_text())["images"]
    assert (Path(image["image"]).name, image["width"], image["height"]) == ("one.plain", 6, 4)
    [left] = answered(done, "predict")["unreadable"]
    assert "short.plain" in left["reason"]


def test_without_it_nothing_is_added(capfd: pytest.CaptureFixture[str]) -> None:
    from landmark_annotator.annotator.cli.main import run

    capfd.readouterr()
    assert run(["plugins", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == {"plugins": [], "left_out": []}
