"""Kills workers, schedulers and writers while photographs are proposed for, and measures rates.

python -m tests.benchmarks.distributed --json tests/benchmarks/results/distributed.json

--parts names some of: rates, writer, million, local, dask, postgresql. A part that is measured
again takes the place of its earlier figures in the file, where it says when and how it was; the
others stay. The last three are drills: with --kept FOLDER they can be done in pieces, each with
another --seed, whose kills are added up; the million goes on with the project that it finds there.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from landmark_annotator.annotator.protocols.datasets import faces300w
from landmark_annotator.annotator.protocols.framework.result import (
    Figures,
    Result,
    this_commit,
    this_machine,
)
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.vocabulary import LabelledInstance, Scheme
from tests.benchmarks.distributed.drill import (
    Cluster,
    DaskProcesses,
    LocalCluster,
    Outcome,
    brought_back,
    by_instance,
    command,
    cut_out,
    drill,
    make_project,
    photographs,
    stored,
)
from tests.benchmarks.distributed.generated import million_rates
from tests.benchmarks.distributed.rates import on_paper, rates, writer_rates
from tests.postgres_server import running

_LABELLED = 10
"""Shapes that the prior of the drill is fitted to. Their photographs are gone, so that it looks at
none and proposes in milliseconds: kills fall on what is done with thousands of proposals, and not
on networks that load or on optical flow, which takes a tenth of a second a photograph."""


_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def _faces(count: int) -> list[LabelledInstance]:
    return list(faces300w.faces(faces300w.TESTING + faces300w.TRAINING)[:count])


def _rates(work: Path, options: argparse.Namespace) -> Figures:
    make_project(work / "network", photographs(_faces(100)), Scheme.named("face68"))
    return dict(rates(work / "network", options.rounds))


def _writer(work: Path, options: argparse.Namespace) -> Figures:
    figures: Figures = dict(writer_rates(work / "sqlite", options.results, "sqlite"))
    # The tests' server cares for nothing; this one has its writes on the disk.
    with running(fsync="on") as server:
        server.run("CREATE DATABASE results")
        write_address(work / "postgresql", server.address("results"))
        figures |= writer_rates(work / "postgresql", options.results, "postgresql")
    return figures


def _million(_: Path, options: argparse.Namespace) -> Figures:
    return dict(million_rates(options.kept / "million", options.records, options.proposals))


def _local(work: Path, options: argparse.Namespace) -> Figures:
    return _drill(work / "local", options, LocalCluster())


def _dask(work: Path, options: argparse.Namespace) -> Figures:
    return _with_dask(work / "dask", options)


def _postgresql(work: Path, options: argparse.Namespace) -> Figures:
    # Its writes are on the disk, as the tests' server would not have them.
    with running(fsync="on") as server:
        server.run("CREATE DATABASE drill")
        write_address(work / "postgresql", server.address("drill"))
        return _with_dask(work / "postgresql", options)


def _with_dask(project: Path, options: argparse.Namespace) -> Figures:
    cluster = DaskProcesses(project.parent)
    try:
        return _drill(project, options, cluster)
    finally:
        cluster.close()


def _drill(project: Path, options: argparse.Namespace, cluster: Cluster) -> Figures:
    name = project.name
    # Of a scheme that no weights come for.
    scheme = Scheme("own faces", Scheme.named("face68").landmarks)
    if not options.faces:
        options.faces = cut_out(_faces(options.images + _LABELLED), options.kept / "faces")
    plain = options.kept / "undisturbed"  # which all are compared with
    with brought_back(options.faces[:_LABELLED]):
        if not plain.exists():
            make_project(plain, options.faces, scheme, _LABELLED)
        make_project(project, options.faces, scheme, _LABELLED)
    if len(stored(plain)) < options.images and command(plain).wait() != 0:
        sys.exit("The undisturbed run failed.")
    reference = by_instance(stored(plain))
    found = drill(project, reference, cluster, options.kills, options.longest, options.seed)
    for line in found.wrong:
        sys.stderr.write(f"{line}\n")
    found = _with_earlier(options.kept / f"{name}.json", found)
    of_each: Figures = {
        f"distributed/{name}/kills/{who}": n for who, n in sorted(found.kills.items())
    }
    return of_each | {
        f"distributed/{name}/images": len(reference),
        f"distributed/{name}/runs": found.runs,
        f"distributed/{name}/ended": found.ended,
        f"distributed/{name}/killed": sum(found.kills.values()),
        f"distributed/{name}/wrong": len(found.wrong),
    }


def _with_earlier(file: Path, found: Outcome) -> Outcome:
    """Together with what earlier calls with the same --kept have come to."""
    if file.exists():
        earlier = json.loads(file.read_text())
        found = found.with_earlier(Outcome(**earlier | {"kills": Counter(earlier["kills"])}))
    file.write_text(json.dumps(vars(found)))
    return found


PARTS: dict[str, tuple[Callable[[Path, argparse.Namespace], Figures], tuple[str, ...]]] = {
    "rates": (_rates, ("rounds",)),
    "writer": (_writer, ("results",)),
    "million": (_million, ("records", "proposals")),
    **{
        name: (measure, ("kills", "images", "longest", "seed"))
        for name, measure in (("local", _local), ("dask", _dask), ("postgresql", _postgresql))
    },
}
"""What measures each, and the options that it has."""


DRILLS = ("local", "dask", "postgresql")


def _in_all(figures: Figures) -> Figures:
    """What follows from the figures of several parts."""
    found: Figures = {}
    for name, of_each in (("kills", "killed"), ("wrong", "wrong")):
        counts = [figures.get(f"distributed/{cluster}/{of_each}") for cluster in DRILLS]
        if all(isinstance(count, int) for count in counts):
            found[f"distributed/{name}"] = sum(c for c in counts if isinstance(c, int))
    if {"distributed/core_ms_per_image", "distributed/writer_per_second/sqlite"} <= figures.keys():
        found |= on_paper(figures)
    return found


def _part(name: str, options: argparse.Namespace) -> tuple[Figures, dict[str, Any]]:
    """Its figures, and what they were measured with."""
    measure, chosen = PARTS[name]
    start, load = time.monotonic(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir=options.work) as folder:
        measured = measure(Path(folder), options)
    for figure, value in measured.items():
        sys.stdout.write(f"{figure}  {value}\n")
    sys.stdout.flush()
    return measured, {each: getattr(options, each) for each in chosen} | {
        "commit": this_commit(),
        "seconds": round(time.monotonic() - start, 1),
        # Other programs at work beside it make everything slower.
        "load": [round(each, 1) for each in (load, os.getloadavg()[0])],
    }


def _result(seed: int, settings: dict[str, Any], figures: Figures) -> Result:
    return Result(
        "distributed",
        "python -m tests.benchmarks.distributed --json tests/benchmarks/results/distributed.json",
        this_commit(),
        seed,
        settings,
        this_machine(),
        round(sum(part["seconds"] for part in settings.values()), 1),
        figures,
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.distributed")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--kills", type=int, default=17, help="of each drill")
    parser.add_argument("--images", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--results", type=int, default=10_000, help="that the writer puts in")
    parser.add_argument("--records", type=int, default=1_000_000, help="of the part million")
    parser.add_argument("--proposals", type=int, default=2_000, help="for so many of them")
    parser.add_argument("--longest", type=float, default=12.0, help="seconds between two kills")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--kept", type=Path, help="for drills in pieces: their kills are added up")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if os.environ.get("OMP_NUM_THREADS") != "1":
        # A worker has one core: libraries read that when they are imported, so begin once more.
        module = ["-m", "tests.benchmarks.distributed", *sys.argv[1:]]
        os.execve(sys.executable, [sys.executable, *module], os.environ | _ONE_THREAD)
    earlier = None
    if options.json is not None and options.json.exists():
        earlier = Result.load(options.json)
    figures: Figures = dict(earlier.figures) if earlier else {}
    settings = dict(earlier.settings) if earlier else {}
    with tempfile.TemporaryDirectory(dir=options.work) as kept:
        options.kept, options.faces = options.kept or Path(kept), []
        for name in options.parts:
            measured, settings[name] = _part(name, options)
            figures |= measured
            figures |= _in_all(figures)
            if options.json is not None:
                _result(options.seed, settings, figures).write(options.json)
    return 1 if figures.get("distributed/wrong") else 0


if __name__ == "__main__":
    sys.exit(main())
