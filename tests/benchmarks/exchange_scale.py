"""Exports a project of 100,000 faces as COCO, with the command, and writes what it cost.

python -m tests.benchmarks.exchange_scale --json tests/benchmarks/results/exchange.json
"""

import argparse
import resource
import shlex
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from landmark_annotator.annotator.protocols.framework.result import (
    Result,
    this_commit,
    this_machine,
)
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme

WIDTH, HEIGHT = 640, 480
SCHEME = "face68"


def fill(folder: Path, instances: int, seed: int = 0) -> None:
    """A project of accepted shapes, one an image; the images themselves are not there.

    The rows go straight into the tables: one by one they would take an hour. The journal says that
    they were imported, without a digest: an export refuses shapes of which it says nothing.
    """
    scheme = Scheme.named(SCHEME)
    Project.create(folder, scheme).close()
    database = sqlite3.connect(folder / "project.db")
    database.executemany(
        "INSERT INTO images (id, path, sha256, width, height, position) VALUES (?, ?, ?, ?, ?, ?)",
        ((i, f"images/{i:06}.jpg", f"{i:064x}", WIDTH, HEIGHT, i) for i in range(instances)),
    )
    database.executemany(
        "INSERT INTO instances (id, image_id, state, centre_x, centre_y, width, height, angle, "
        "source) VALUES (?, ?, 'accepted', 320, 240, 200, 200, 0, ?)",
        ((i, i, f"{i:06}.pts#0") for i in range(instances)),
    )
    database.executemany(
        "INSERT INTO landmarks (instance_id, landmark, x, y, visibility, provenance, who) "
        "VALUES (?, ?, ?, ?, 2, 'inferred', 'ada')",
        _landmarks(instances, len(scheme), seed),
    )
    database.executemany(
        "INSERT INTO journal (at, who, kind, instance_id, title) "
        "VALUES ('2026-01-01 00:00:00.000000', 'ada', 'import', ?, 'Import')",
        ((i,) for i in range(instances)),
    )
    database.commit()
    database.close()


def _landmarks(instances: int, size: int, seed: int) -> Iterator[tuple[int, int, float, float]]:
    """Positions with all the digits of a float64, as a posterior has them."""
    random = np.random.default_rng(seed)
    for i in range(instances):
        points = random.uniform(0, HEIGHT, (size, 2)).tolist()
        yield from ((i, landmark, x, y) for landmark, (x, y) in enumerate(points))


def measure(instances: int, seed: int) -> dict[str, float | int | list[float]]:
    with TemporaryDirectory() as name:
        project, target = Path(name) / "faces", Path(name) / "faces.json"
        fill(project, instances, seed)
        command = (
            "import sys; from landmark_annotator.annotator.cli.main import main; sys.exit(main())"
        )
        words = ["export", str(project), str(target), "--format", "coco"]
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", command, *words], check=True)
        seconds = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        with target.open("rb") as file:
            written = sum(line.count(b'"num_keypoints"') for line in file)
        return {
            "export/coco/instances": written,
            "export/coco/seconds": round(seconds, 1),
            "export/coco/processor_seconds": round(used.ru_utime + used.ru_stime, 1),
            "export/coco/peak_memory_gb": round(used.ru_maxrss / 2**20, 2),
            "export/coco/file_mb": round(target.stat().st_size / 1e6, 1),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, required=True, help="The file to write.")
    parser.add_argument("--instances", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    start = time.perf_counter()
    figures = measure(options.instances, options.seed)
    Result(
        protocol="exchange",
        command=f"python -m tests.benchmarks.exchange_scale {shlex.join(sys.argv[1:])}",
        commit=this_commit(),
        seed=options.seed,
        settings={"instances": options.instances, "scheme": SCHEME},
        machine=this_machine(),
        seconds=round(time.perf_counter() - start, 1),
        figures=figures,
    ).write(options.json)
    for figure, value in figures.items():
        print(f"{figure}: {value}")  # noqa: T201 - what the command is for


if __name__ == "__main__":
    main()
