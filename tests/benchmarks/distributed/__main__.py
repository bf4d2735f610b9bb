"""Kills workers, schedulers and writers while photographs are proposed for, and measures rates.

python -m tests.benchmarks.distributed --kills 50 --json tests/benchmarks/results/distributed.json
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.result import (
    Result,
    this_commit,
    this_machine,
)
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.vocabulary import Scheme
from tests.benchmarks.distributed.drill import (
    DaskProcesses,
    LocalCluster,
    by_instance,
    command,
    drill,
    make_project,
    stored,
)
from tests.benchmarks.distributed.rates import on_paper, rates, writer_rates
from tests.postgres_server import running


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.distributed")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--images", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--results", type=int, default=20_000, help="that the writer puts in")
    parser.add_argument("--longest", type=float, default=12.0, help="seconds between two kills")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    start, load = time.monotonic(), [os.getloadavg()[0]]
    figures: dict[str, float | int | list[float]] = {}
    wrong: list[str] = []
    faces = faces300w.faces(faces300w.TESTING + faces300w.TRAINING)[: options.images]
    scheme = Scheme.named("face68")
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        work = Path(folder)
        make_project(work / "undisturbed", faces, scheme)
        figures |= rates(work / "undisturbed", options.rounds)
        figures |= writer_rates(work / "sqlite", options.results, "sqlite")
        # The tests' server cares for nothing; this one has its writes on the disk.
        with running(fsync="on") as server:
            server.run("CREATE DATABASE results")
            write_address(work / "postgresql", server.address("results"))
            figures |= writer_rates(work / "postgresql", options.results, "postgresql")
        figures |= on_paper(figures)
        load.append(os.getloadavg()[0])
        if command(work / "undisturbed").wait() != 0:
            sys.exit("The undisturbed run failed.")
        reference = by_instance(stored(work / "undisturbed"))
        figures["distributed/images"] = len(reference)
        dask = DaskProcesses(work)
        try:
            for name, cluster, kills in (
                ("local", LocalCluster(), options.kills // 2),
                ("dask", dask, options.kills - options.kills // 2),
            ):
                make_project(work / name, faces, scheme)
                found = drill(work / name, reference, cluster, kills, options.longest, options.seed)
                wrong += found.wrong
                figures[f"distributed/{name}/runs"] = found.runs
                for who, count in found.kills.items():
                    figures[f"distributed/{name}/kills/{who}"] = count
        finally:
            dask.close()
    figures["distributed/kills"] = options.kills
    figures["distributed/wrong"] = len(wrong)
    load.append(os.getloadavg()[0])
    figures["distributed/load"] = [round(each, 1) for each in load]
    for name, value in figures.items():
        sys.stdout.write(f"{name}  {value}\n")
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    if options.json is not None:
        chosen = ("kills", "images", "rounds", "results", "longest")
        settings = {name: getattr(options, name) for name in chosen}
        typed = "python -m tests.benchmarks.distributed " + " ".join(sys.argv[1:])
        seconds = round(time.monotonic() - start, 1)
        Result(
            "distributed",
            typed,
            this_commit(),
            options.seed,
            settings,
            this_machine(),
            seconds,
            figures,
        ).write(options.json)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
