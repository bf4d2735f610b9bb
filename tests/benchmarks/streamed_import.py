"""Imports of label files of more and more instances: the memory that they take must stay the same.

python -m tests.benchmarks.streamed_import --json tests/benchmarks/results/import.json

Each is a process of its own, whose greatest memory is compared to that of one without an import.
"""

import argparse
import json
import random
import resource
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from landmark_annotator.annotator.protocols.framework.result import (
    Result,
    this_commit,
    this_machine,
)
from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme

NAMES = ("start", "middle", "end", "left", "right")
SIDE = 400
INSTANCES = (10_000, 100_000, 1_000_000)
IMAGES = 100


def images(folder: Path) -> None:
    for number in range(IMAGES):
        shade = (number % 256, number // 256, 0)
        Image.new("RGB", (SIDE, SIDE), shade).save(folder / f"{number}.png", compress_level=1)


def points(instances: int) -> Iterator[list[float]]:
    chance = random.Random(0)
    return ([round(chance.uniform(0, SIDE), 3) for _ in range(10)] for _ in range(instances))


def write_csv(file: Path, instances: int) -> None:
    with file.open("w", encoding="utf-8") as out:
        names = [f"{name}.{axis}" for name in NAMES for axis in "xy"]
        out.write(",".join(["image", "source", *names]) + "\n")
        for number, numbers in enumerate(points(instances)):
            out.write(f"{number % IMAGES}.png,{number}," + ",".join(map(str, numbers)) + "\n")


def write_coco(file: Path, instances: int) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.write('{"annotations": [')
        for number, numbers in enumerate(points(instances)):
            keypoints = [value for i in range(5) for value in (*numbers[2 * i : 2 * i + 2], 2)]
            entry = {"id": number, "image_id": number % IMAGES, "category_id": 1}
            out.write(",\n" * (number > 0) + json.dumps({**entry, "keypoints": keypoints}))
        there = [{"id": number, "file_name": f"{number}.png"} for number in range(IMAGES)]
        categories = [{"id": 1, "name": "bar", "keypoints": list(NAMES)}]
        rest = {"images": there, "categories": categories}
        out.write(f"], {json.dumps(rest)[1:]}")


WRITERS = {"csv": write_csv, "coco": write_coco}


def alone(project: Path, source: Path | None) -> None:
    """What a process of its own does; it says how many came in, how long it took and the most
    memory that it had, in MB."""
    start, added = time.perf_counter(), 0
    with Project.open(project) as opened:
        if source is not None:
            added = import_labels(opened, source, who="ada").added
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps([added, time.perf_counter() - start, peak]))


def measured(work: Path, source: Path | None) -> tuple[int, float, float]:
    with TemporaryDirectory(dir=work) as folder:
        project = Path(folder) / "project"
        Project.create(project, Scheme("bar", NAMES)).close()
        words = [sys.executable, "-m", "tests.benchmarks.streamed_import", "--alone", str(project)]
        words += [] if source is None else [str(source)]
        done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
        added, seconds, peak = json.loads(done.stdout)
        return added, seconds, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, nargs="+", default=INSTANCES)
    parser.add_argument("--formats", nargs="+", choices=WRITERS, default=list(WRITERS))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--alone", type=Path, nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        alone(options.alone[0], next(iter(options.alone[1:]), None))
        return
    start = time.perf_counter()
    with TemporaryDirectory() as folder:
        work = Path(folder)
        images(work)
        figures: dict[str, float | int | list[float]] = {
            "import/no/peak_memory_mb": round(measured(work, None)[2])
        }
        for format in options.formats:
            for instances in options.instances:
                source = work / f"labels.{'csv' if format == 'csv' else 'json'}"
                WRITERS[format](source, instances)
                added, seconds, peak = measured(work, source)
                if added != instances:
                    sys.exit(f"Of {instances} instances in {format}, {added} came in.")
                place = f"import/{format}/{instances}"
                figures[f"{place}/file_mb"] = round(source.stat().st_size / 1e6, 1)
                figures[f"{place}/seconds"] = round(seconds, 1)
                figures[f"{place}/peak_memory_mb"] = round(peak)
                sys.stderr.write(f"{place}: {figures[f'{place}/peak_memory_mb']} MB\n")
    for figure, value in figures.items():
        sys.stdout.write(f"{figure}: {value}\n")
    if options.json is not None:
        Result(
            protocol="import",
            command=f"python -m tests.benchmarks.streamed_import {shlex.join(sys.argv[1:])}",
            commit=this_commit(),
            seed=0,
            settings={"instances": list(options.instances), "landmarks": len(NAMES)},
            machine=this_machine(),
            seconds=round(time.perf_counter() - start, 1),
            figures=figures,
        ).write(options.json)


if __name__ == "__main__":
    main()
