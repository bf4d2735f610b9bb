"""People who label one shared project at the same time, beside an import and backups.

Each is a process with a connection of its own, at one gesture a second; some share their objects.
What was acknowledged must be in the journal, and what is stored must be what the journal says.
The import is what `annotator import` does, of a table that is longer than the time it gets.

python -m tests.benchmarks.teams --people 1 10 50 100 200 --seconds 60 \
    --json tests/benchmarks/results/teams.json
"""

import argparse
import contextlib
import multiprocessing
import os
import shlex
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from typing_extensions import override

from landmark_annotator.annotator.protocols.framework.result import (
    Figures,
    Result,
    this_commit,
    this_machine,
)
from landmark_annotator.projects.exchange import import_labels
from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.priority import give_way
from landmark_annotator.projects.store import ActionKind, Project
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import Box, Progress, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import (
    ActionableError,
    Conflict,
    ProjectError,
)
from tests.postgres_server import running

SCHEME = Scheme.named("face68")
BOX = Box(320, 240, 200, 200)
OBJECTS = 4
"""Of each person; every other one is shared with the person before."""
ACCEPTS, UNDOES = 0.1, 0.05
"""Shares of the gestures."""
IMPORTED_IMAGES = 50
IMPORTED_A_SECOND = 1000
"""More than ever come in."""
BETWEEN_BACKUPS = 10.0
FIRST = 8
_FORK = multiprocessing.get_context("fork")
"""What has been imported is shared: two hundred processes start in seconds and fit the memory."""


@dataclass
class Done:
    """seconds: of each gesture. acknowledged: ids of entries, each with its person and place.
    refused: others had done something meanwhile that it does not go with; it was told and kept.
    not_undone: others have changed since what was to be undone; that was told."""

    seconds: list[float] = field(default_factory=list)
    acknowledged: list[tuple[int, str, tuple[float, float] | None]] = field(default_factory=list)
    refused: int = 0
    not_undone: int = 0
    failed: list[str] = field(default_factory=list)


def faces(random: np.random.Generator) -> Shape:
    return Shape(random.uniform(10, 500, (len(SCHEME), 2)))


facts = partial(ImageFacts, 640, 480)


def label(folder: Path, who: str, own: list[int], seconds: float, told: Connection) -> None:
    """One gesture a second, from a moment of one's own on. The first few, for which a program
    loads what it needs, are done before, and their times do not count."""
    random = np.random.default_rng(int.from_bytes(who.encode(), "big"))
    done = Done()
    with Project.open(folder) as project:
        for _ in range(FIRST):
            gesture(project, who, int(random.choice(own)), random, done)
        done.seconds.clear()
        told.send("ready")
        due = told.recv() + random.uniform(0, 1)
        ends = due + seconds
        while due < ends:
            time.sleep(max(0.0, due - time.monotonic()))
            due = max(due + 1, time.monotonic())
            gesture(project, who, int(random.choice(own)), random, done)
    told.send(done)
    told.close()


def gesture(
    project: Project, who: str, instance: int, random: np.random.Generator, done: Done
) -> None:
    seen = project.revision(instance)
    kind, started = random.random(), time.perf_counter()
    try:
        if kind < ACCEPTS:
            entry = project.accept(instance, faces(random), who=who, seen=seen)
        elif kind < ACCEPTS + UNDOES:
            done.not_undone += not undone(project, who)
            done.seconds.append(time.perf_counter() - started)
            return
        else:
            x, y = random.uniform(10, 500, 2).tolist()
            entry = project.place(instance, int(random.integers(68)), (x, y), who=who, seen=seen)
        done.seconds.append(time.perf_counter() - started)
        done.acknowledged.append((entry.id, who, entry.to))
    except Conflict:
        done.seconds.append(time.perf_counter() - started)
        done.refused += 1
    except ActionableError as error:
        done.failed.append(error.happened)


def undone(project: Project, who: str) -> bool:
    """Or it was told that somebody else has changed the same since."""
    try:
        project.undo(who)
    except ProjectError as error:
        if "cannot be undone" not in error.happened:
            raise
        return False
    return True


class Until(Progress):
    """Stops at a moment."""

    def __init__(self, end: float) -> None:
        self._end = end

    @override
    def cancelled(self) -> bool:
        return time.monotonic() > self._end


def write_table(folder: Path, seconds: float) -> Path:
    """Labels enough of a few images, on the disk: writing it is no part of the import."""
    for number in range(IMPORTED_IMAGES):
        Image.new("RGB", (640, 480), (number, 0, 0)).save(folder / f"import_{number}.png")
    table, points = folder / "import.csv", faces(np.random.default_rng(1)).points
    names = [f"{name}.{axis}" for name in SCHEME.landmarks for axis in "xy"]
    rest = ",".join(f"{value:.3f}" for value in points.ravel()[1:])
    with table.open("w", encoding="utf-8") as out:
        out.write(",".join(["image", "source", *names]) + "\n")
        for row in range(round(IMPORTED_A_SECOND * (seconds + 10))):
            out.write(f"import_{row % IMPORTED_IMAGES}.png,{row},{1 + row / 1000},{rest}\n")
        out.flush()
        os.fsync(out.fileno())
    return table


def bring_in(folder: Path, seconds: float, told: Connection) -> None:
    """As the command does, giving way to people."""
    give_way()
    table = write_table(folder, seconds)
    with Project.open(folder) as project:
        told.send("ready")
        until = Until(told.recv() + seconds)
        report = import_labels(project, table, who="import", format="csv", progress=until)
    told.send(report.added if report.cancelled else -1)
    told.close()


def back_up(folder: Path, seconds: float, told: Connection) -> None:
    made = 0
    with Project.open(folder) as project:
        told.send("ready")
        ends = told.recv() + seconds
        while time.monotonic() < ends:
            project.back_up_now("benchmark").path.unlink()
            made += 1
            time.sleep(BETWEEN_BACKUPS)
    told.send(made)
    told.close()


def prepare(folder: Path, people: int) -> list[list[int]]:
    """The objects of each person; every other one is the person's before as well."""
    own: list[list[int]] = []
    with Project.create(folder, SCHEME) as project, project.transaction():
        for person in range(people):
            mine = []
            for number in range(OBJECTS):
                seen = facts(f"{person} {number}")
                image = project.add_image(folder / f"{person}-{number}.jpg", seen)
                mine.append(project.add_instance(image.id, BOX, who="lead").id)
            own.append(mine)
    return [mine + own[i - 1][::2] for i, mine in enumerate(own)]


def work_together(folder: Path, people: int, seconds: float) -> tuple[list[Done], int, int]:
    """What each has done; how many labels came in beside it; how many backups were made."""
    own = prepare(folder, people)

    def start(work: Callable[..., None], *given: object) -> Connection:
        here, there = _FORK.Pipe()
        _FORK.Process(target=work, args=(folder, *given, seconds, there), daemon=True).start()
        there.close()
        return here

    everybody = [start(label, f"person {i}", mine) for i, mine in enumerate(own)]
    beside = [start(bring_in), start(back_up)]
    for each in (*everybody, *beside):
        each.recv()
    begins = time.monotonic() + 0.1
    for each in (*everybody, *beside):
        each.send(begins)
    return [each.recv() for each in everybody], *(each.recv() for each in beside)


def lost(folder: Path, done: list[Done]) -> tuple[int, int]:
    """Acknowledged gestures that are not in the journal, and instances that are not as it says."""
    with Project.open(folder) as project:
        there = {e.id: (e.who, e.to) for e in project.journal() if e.kind is not ActionKind.IMPORT}
        gone = sum(
            there.get(entry) != (who, to) for each in done for entry, who, to in each.acknowledged
        )
        return gone, len(list(content_findings(project)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.teams")
    parser.add_argument("--people", type=int, nargs="+", default=[1, 10, 50, 100, 200])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    started = time.monotonic()
    figures: Figures = {}
    wrong = 0
    with TemporaryDirectory() as folder, running(fsync="on") as server:
        for people in options.people:
            database = f"teams_{people}"
            server.run(f"CREATE DATABASE {database}")
            home = Path(folder) / database
            write_address(home, server.address(database))
            done, imported, backups = work_together(home, people, options.seconds)
            gone, differing = lost(home, done)
            took = np.array([s for each in done for s in each.seconds]) * 1000
            failed = [what for each in done for what in each.failed]
            figures |= {
                f"teams/{people}/lost_updates": gone + differing,
                f"teams/{people}/commit_p50_ms": round(float(np.median(took)), 1),
                f"teams/{people}/commit_p99_ms": round(float(np.percentile(took, 99)), 1),
                f"teams/{people}/commit_max_ms": round(float(took.max()), 1),
                f"teams/{people}/gestures": len(took),
                f"teams/{people}/conflicts": sum(each.refused for each in done),
                f"teams/{people}/not_undone": sum(each.not_undone for each in done),
                f"teams/{people}/failed": len(failed),
                f"teams/{people}/imported": imported,
                f"teams/{people}/backups": backups,
            }
            wrong += gone + differing
            for what in sorted(set(failed)):
                sys.stderr.write(f"{people} people: {what}\n")
            for name in [name for name in figures if name.startswith(f"teams/{people}/")]:
                sys.stdout.write(f"{name}  {figures[name]}\n")
            sys.stdout.flush()
            with contextlib.suppress(RuntimeError):
                server.run(f"DROP DATABASE {database} WITH (FORCE)")
    if options.json is not None:
        Result(
            protocol="teams",
            command=f"python -m tests.benchmarks.teams {shlex.join(sys.argv[1:])}",
            commit=this_commit(),
            seed=0,
            settings={"people": options.people, "seconds": options.seconds, "scheme": SCHEME.name},
            machine=this_machine(),
            seconds=round(time.monotonic() - started, 1),
            figures=figures,
        ).write(options.json)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
