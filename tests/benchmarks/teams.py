"""People who label one shared project at the same time, beside an import and backups.

Each is a process with a connection of its own, at one gesture a second; some share their objects.
What was acknowledged must be in the journal, and what is stored must be what the journal says.

python -m tests.benchmarks.teams --people 1 10 50 100 200 --seconds 60 \
    --json tests/benchmarks/results/teams.json
"""

import argparse
import contextlib
import multiprocessing
import shlex
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from landmark_annotator.annotator.protocols.framework.result import (
    Figures,
    Result,
    this_commit,
    this_machine,
)
from landmark_annotator.projects.store import ActionKind, Project
from landmark_annotator.projects.store.engine.address import write_address
from landmark_annotator.projects.store.safety.checking import content_findings
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError, Conflict
from tests.postgres_server import running

SCHEME = Scheme.named("face68")
BOX = Box(320, 240, 200, 200)
OBJECTS = 4
"""Of each person; every other one is shared with the person before."""
ACCEPTS, UNDOES = 0.1, 0.05
"""Shares of the gestures."""
IMPORTED_AT_ONCE = 100
BETWEEN_BACKUPS = 10.0
FIRST = 8
_FORK = multiprocessing.get_context("fork")
"""What has been imported is shared: two hundred processes start in seconds and fit the memory."""


@dataclass
class Done:
    """seconds: of each gesture. acknowledged: ids of entries, each with its person and place."""

    seconds: list[float] = field(default_factory=list)
    acknowledged: list[tuple[int, str, tuple[float, float] | None]] = field(default_factory=list)
    refused: int = 0
    failed: list[str] = field(default_factory=list)


def faces(random: np.random.Generator) -> Shape:
    return Shape(random.uniform(10, 500, (len(SCHEME), 2)))


@dataclass(frozen=True)
class Facts:
    sha256: str
    width: int = 640
    height: int = 480


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
            project.undo(who)
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


def bring_in(folder: Path, seconds: float, told: Connection) -> None:
    """Labels of images, some in each transaction, one transaction after the other."""
    random, count = np.random.default_rng(1), 0
    with Project.open(folder) as project:
        told.send("ready")
        ends = told.recv() + seconds
        while time.monotonic() < ends:
            with project.transaction():
                for _ in range(IMPORTED_AT_ONCE):
                    image = project.add_image(folder / f"{count}.jpg", Facts(f"import {count}"))
                    project.add_instance(image.id, None, shape=faces(random), who="import")
                    count += 1
    told.send(count)
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
                facts = Facts(f"{person} {number}")
                image = project.add_image(folder / f"{person}-{number}.jpg", facts)
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
                f"teams/{people}/not_stored": len(failed),
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
