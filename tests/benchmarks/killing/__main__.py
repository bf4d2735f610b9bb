"""Kills sessions some thousand times and writes what was lost: nothing, or this ends with status 1.

python -m tests.benchmarks.killing --kills 2000 --json tests/benchmarks/results/safety.json
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.damage_drill import drill
from tests.benchmarks.killing.drill import LIGHT, run, shim

_TRAININGS = 20
"""One kill in so many is of a training."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.killing")
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--damages", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        work = Path(folder)
        library = shim(work)
        if library is None:
            sys.exit("There is no C compiler here to build the layer that kills.")
        trainings = options.kills // _TRAININGS
        outcomes = {
            "light": run(work, library, options.kills - trainings, options.seed, LIGHT),
            "training": run(work, library, trainings, options.seed, ("train",)),
        }
        damaged = drill(work / "damage", options.damages, options.seed)
    figures = {
        "safety/kills": sum(outcome.kills for outcome in outcomes.values()),
        "safety/clicks_lost": sum(outcome.lost for outcome in outcomes.values()),
        "safety/projects_wrong": sum(len(outcome.wrong) for outcome in outcomes.values()),
        "safety/training_kills": outcomes["training"].kills,
        "safety/damages": options.damages,
        "safety/damages_refused": damaged.refused,
        "safety/damages_harmless": damaged.same,
        "safety/wrong_exports": len(damaged.wrong),
        "safety/damages_crashed": len(damaged.crashed),
        "safety/restored": damaged.restored,
    }
    for name, value in figures.items():
        sys.stdout.write(f"{name}  {value}\n")
    wrong = [line for outcome in outcomes.values() for line in outcome.wrong]
    for line in (*wrong, *damaged.wrong, *damaged.crashed):
        sys.stderr.write(f"{line}\n")
    if options.json is not None:
        write(options.json, options, figures, time.monotonic() - start)
    lost = any(outcome.lost for outcome in outcomes.values())
    return int(lost or bool(wrong) or bool(damaged.wrong) or bool(damaged.crashed))


def write(
    target: Path, options: argparse.Namespace, figures: dict[str, int], seconds: float
) -> None:
    git = ["git", "rev-parse", "--short=12", "HEAD"]
    counts = f"--kills {options.kills} --damages {options.damages}"
    command = f"python -m tests.benchmarks.killing {counts} --json {target}"
    content = {
        "protocol": "safety",
        "command": command,
        "commit": subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip(),
        "seed": options.seed,
        "settings": {"kills": options.kills, "damages": options.damages},
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "device": "cpu"},
        "seconds": round(seconds, 1),
        "figures": figures,
    }
    target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
