"""Feeds damaged and made-up files to all readers of labels, images, schemes and models.

python -m tests.benchmarks.fuzz --json tests/benchmarks/results/fuzz.json
"""

import argparse
import shlex
import sys
import time
from pathlib import Path

from landmark_annotator.annotator.protocols.framework.result import (
    Result,
    this_commit,
    this_machine,
)
from tests.benchmarks.fuzz.attack import MEMORY, SECONDS, run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=[], help="names of readers, such as coco")
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that fail")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    import torch  # noqa: F401 - once, and not in every process

    start = time.perf_counter()
    found = run(asked.inputs, asked.seed, asked.only, asked.keep)
    figures: dict[str, float | list[float]] = {
        "safety/fuzz_inputs": found.inputs,
        "safety/fuzz_failures": len(found.failures),
        "safety/fuzz_slowest_seconds": round(found.slowest, 2),
    }
    figures |= {f"safety/fuzz/{name}": count for name, count in sorted(found.by_target.items())}
    for failure in found.failures[:50]:
        print(f"{failure.target}, input {failure.number}: {failure.reason}", file=sys.stderr)  # noqa: T201
    for name, value in figures.items():
        print(name, value)  # noqa: T201 - what the command is for
    if asked.json is not None:
        settings = {"inputs": asked.inputs, "seconds_each": SECONDS, "memory": MEMORY}
        command = f"python -m tests.benchmarks.fuzz {shlex.join(sys.argv[1:])}"
        took = round(time.perf_counter() - start, 1)
        Result(
            "fuzz", command, this_commit(), asked.seed, settings, this_machine(), took, figures
        ).write(asked.json)
    sys.exit(1 if found.failures else 0)


if __name__ == "__main__":
    main()
