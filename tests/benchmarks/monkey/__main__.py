"""Uses the window at random, for thousands of gestures: nothing may break, and no click be lost.

python -m tests.benchmarks.monkey --gestures 3000 --json tests/benchmarks/results/monkey.json

Offscreen unless QT_QPA_PLATFORM says otherwise. Every project has a process of its own, so that one
that ends suddenly is a finding as well. The same seed does the same gestures; what comes from
beside the window, such as proposals, may come sooner or later.
"""

import argparse
import faulthandler
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.protocols.framework.result import (
    Figures,
    Result,
    this_commit,
    this_machine,
)
from tests.benchmarks.monkey.scenes import SCENES
from tests.benchmarks.monkey.session import use
from tests.benchmarks.monkey.watch import Watch

_TOLD = 6000
"""Characters of what a process says as it ends suddenly."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", nargs="+", choices=SCENES, default=list(SCENES))
    parser.add_argument("--gestures", type=int, default=1000, help="in each project")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--heavy", action="store_true", help="trainings too")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--here", choices=SCENES, help="in this one, in this process")
    asked = parser.parse_args()
    if asked.here is not None:
        _use(asked.here, asked)
        return
    start, findings = time.perf_counter(), 0
    figures: Figures = {}
    counted = dict.fromkeys(_COUNTED, 0)
    for scene in asked.scenes:
        told = _in_a_process(scene, asked)
        for finding in told["findings"]:
            print(f"{scene}: {finding}", file=sys.stderr)  # noqa: T201
        findings += len(told["findings"])
        for name in _COUNTED:
            figures[f"safety/monkey/{scene}/{name}"] = told[name]
            counted[name] += told[name]
        print(scene, {name: told[name] for name in _COUNTED}, len(told["findings"]))  # noqa: T201
    figures |= {f"safety/monkey_{name}": count for name, count in counted.items()}
    figures["safety/monkey_findings"] = findings
    if asked.json is not None:
        settings = {"gestures": asked.gestures, "heavy": asked.heavy, "scenes": asked.scenes}
        settings["platform"] = os.environ["QT_QPA_PLATFORM"]
        command = f"python -m tests.benchmarks.monkey {shlex.join(sys.argv[1:])}"
        took = round(time.perf_counter() - start, 1)
        Result(
            "monkey", command, this_commit(), asked.seed, settings, this_machine(), took, figures
        ).write(asked.json)
    sys.exit(1 if findings else 0)


_COUNTED = ("gestures", "clicks", "turned")


def _in_a_process(scene: str, asked: argparse.Namespace) -> dict[str, Any]:
    numbers = ["--gestures", str(asked.gestures), "--seed", str(asked.seed)]
    heavy = ["--heavy"] if asked.heavy else []
    command = [sys.executable, "-m", "tests.benchmarks.monkey", "--here", scene, *numbers, *heavy]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in ended.stdout.splitlines() if line.startswith("{")]
    if lines:
        told: dict[str, Any] = json.loads(lines[-1])
        return told
    said = f"ended with {ended.returncode}:\n{ended.stderr[-_TOLD:]}"
    return {"findings": [said], **dict.fromkeys(_COUNTED, 0)}


def _use(scene: str, asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as passing:
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
            os.environ[name] = passing
        folder = Path(passing) / "work" / scene
        folder.parent.mkdir()
        SCENES[scene](folder, asked.seed)
        faulthandler.enable()
        application()  # which would take the place of Qt's messages from the watch
        with Watch(lambda finding: print(finding, file=sys.stderr, flush=True)) as watch:  # noqa: T201
            done = use(
                folder,
                asked.seed,
                asked.gestures,
                watch,
                heavy=asked.heavy,
                read_only=scene == "read_only",
            )
        print(json.dumps({**asdict(done), "findings": watch.findings}))  # noqa: T201


if __name__ == "__main__":
    main()
