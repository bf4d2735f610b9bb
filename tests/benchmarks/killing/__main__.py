"""Kills sessions, cuts the power and fills the disk some thousand times and writes what was lost:
nothing, or this ends with status 1.

python -m tests.benchmarks.killing --kills 2000 --cuts 1000 --full 300 --damages 120 \\
    --json tests/benchmarks/results/safety.json

With --checkpoint FILE it can be stopped and begun again, also after so many --seconds. With --work
in memory (/dev/shm) it is several times as fast, and as hard: who is killed loses nothing that was
written, wherever that lies, and what a power cut takes is drawn from the record.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks.damage_drill import Drill, drill
from tests.benchmarks.killing.drill import LIGHT, Outcome, run, run_on_full_disks, shim

_TRAININGS = 20
"""One kill in so many is of a training."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.killing")
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--cuts", type=int, default=1000, help="of the power")
    parser.add_argument("--full", type=int, default=300, help="disks that are full meanwhile")
    parser.add_argument("--damages", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=10**9, help="of this run")
    parser.add_argument("--checkpoint", type=Path, help="where a stopped run goes on from")
    parser.add_argument("--fuzz", type=Path, help="results of tests.benchmarks.fuzz, put beside")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    start = time.monotonic()
    state = {} if options.checkpoint is None else read(options.checkpoint)
    outcomes = {name: Outcome(**state.get(name, {})) for name in pieces(options)}
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        work = Path(folder)
        library = shim(work)
        if library is None:
            sys.exit("There is no C compiler here to build the layer that kills.")
        for name, (kills, scenes, cuts) in pieces(options).items():
            left = options.seconds - (time.monotonic() - start)
            asked = outcomes[name]
            run(work, library, kills, options.seed, scenes, cuts=cuts, seconds=left, outcome=asked)
        seconds = round(time.monotonic() - start + state.get("seconds", 0), 1)
        if options.checkpoint is not None:
            kept = {name: asdict(outcome) for name, outcome in outcomes.items()}
            options.checkpoint.write_text(json.dumps({**kept, "seconds": seconds}), "utf-8")
        if any(outcomes[name].kills < kills for name, (kills, _, _) in pieces(options).items()):
            done = ", ".join(f"{name} {outcome.kills}" for name, outcome in outcomes.items())
            sys.stdout.write(f"Stopped before the end: {done}.\n")
            return tell_wrong(outcomes)
        outcomes["full"] = run_on_full_disks(work, library, options.full, options.seed, LIGHT)
        damaged = drill(work / "damage", options.damages, options.seed)
    figures = {**figures_of(outcomes, options.damages, damaged), **fuzzed(options.fuzz)}
    for figure, value in figures.items():
        sys.stdout.write(f"{figure}  {value}\n")
    for line in (*damaged.wrong, *damaged.crashed):
        sys.stderr.write(f"{line}\n")
    if options.json is not None:
        write(options.json, options, figures, time.monotonic() - start + state.get("seconds", 0))
    return tell_wrong(outcomes) or int(bool(damaged.wrong) or bool(damaged.crashed))


def pieces(options: argparse.Namespace) -> dict[str, tuple[int, tuple[str, ...], bool]]:
    """By name how many kills, of what, and whether the power goes with them."""
    trainings, cut_trainings = options.kills // _TRAININGS, options.cuts // _TRAININGS
    return {
        "light": (options.kills - trainings, LIGHT, False),
        "training": (trainings, ("train",), False),
        "cut": (options.cuts - cut_trainings, LIGHT, True),
        "cut training": (cut_trainings, ("train",), True),
    }


def tell_wrong(outcomes: dict[str, Outcome]) -> int:
    for name, outcome in outcomes.items():
        for line in outcome.wrong:
            sys.stderr.write(f"{name}: {line}\n")
    return int(any(outcome.lost or outcome.wrong for outcome in outcomes.values()))


def figures_of(outcomes: dict[str, Outcome], damages: int, damaged: Drill) -> dict[str, int]:
    killed = [outcomes[name] for name in ("light", "training")]
    cut = [outcomes[name] for name in ("cut", "cut training")]
    return {
        "safety/kills": sum(outcome.kills for outcome in killed),
        "safety/clicks_lost": sum(outcome.lost for outcome in killed),
        "safety/projects_wrong": sum(len(outcome.wrong) for outcome in killed),
        "safety/training_kills": outcomes["training"].kills,
        "safety/power_cuts": sum(outcome.kills for outcome in cut),
        "safety/clicks_lost_in_power_cuts": sum(outcome.lost for outcome in cut),
        "safety/wrong_after_power_cuts": sum(len(outcome.wrong) for outcome in cut),
        "safety/full_disks": outcomes["full"].kills,
        "safety/clicks_lost_on_full_disks": outcomes["full"].lost,
        "safety/wrong_on_full_disks": len(outcomes["full"].wrong),
        "safety/damages": damages,
        "safety/damages_refused": damaged.refused,
        "safety/damages_harmless": damaged.same,
        "safety/wrong_exports": len(damaged.wrong),
        "safety/damages_crashed": len(damaged.crashed),
        "safety/restored": damaged.restored,
    }


def fuzzed(results: Path | None) -> dict[str, int]:
    if results is None:
        return {}
    found = json.loads(results.read_text(encoding="utf-8"))["figures"]
    return {name: found[name] for name in ("safety/fuzz_inputs", "safety/fuzz_failures")}


def read(checkpoint: Path) -> dict[str, Any]:
    if not checkpoint.exists():
        return {}
    return dict(json.loads(checkpoint.read_text(encoding="utf-8")))


def write(
    target: Path, options: argparse.Namespace, figures: dict[str, int], seconds: float
) -> None:
    git = ["git", "rev-parse", "--short=12", "HEAD"]
    counts = f"--kills {options.kills} --cuts {options.cuts} --full {options.full}"
    counts += f" --damages {options.damages}"
    fuzz = "" if options.fuzz is None else f" --fuzz {options.fuzz}"
    command = f"python -m tests.benchmarks.killing {counts}{fuzz} --json {target}"
    content = {
        "protocol": "safety",
        "command": command,
        "commit": subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip(),
        "seed": options.seed,
        "settings": {
            "kills": options.kills,
            "cuts": options.cuts,
            "full": options.full,
            "damages": options.damages,
        },
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "device": "cpu"},
        "seconds": round(seconds, 1),
        "figures": figures,
    }
    target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
