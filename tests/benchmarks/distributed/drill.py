"""Proposing while whoever takes part in it is killed: after each kill the project must hold nothing
but what an undisturbed run proposes, each once, and all that it held before.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import psutil
import psycopg
from PIL import Image

from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.address import read_address
from landmark_annotator.projects.vocabulary import Box, LabelledInstance, Scheme, Shape

Stored = dict[int, tuple[Any, ...]]
"""By instance all that is stored of its proposal but the time."""

_MAIN = "from landmark_annotator.annotator.cli.main import main; main()"
_AROUND, _LARGEST = 0.3, 160
"""What is cut out around a face, in its sides, and the longest side of that in pixels."""
_AT_WORK = 0.75
"""Share of the kills that wait until something has been stored since the last one; the others may
come while a process is only starting."""


@dataclass
class Outcome:
    """kills: by who was killed. runs: of the command, of which so many came to their end. wrong:
    sentences; there should be none."""

    kills: Counter[str] = field(default_factory=Counter)
    runs: int = 0
    ended: int = 0
    wrong: list[str] = field(default_factory=list)

    def with_earlier(self, earlier: "Outcome") -> "Outcome":
        return Outcome(
            self.kills + earlier.kills,
            self.runs + earlier.runs,
            self.ended + earlier.ended,
            self.wrong + earlier.wrong,
        )


class Cluster(Protocol):
    """scheduler: what --scheduler is given. others: the processes besides the command's own."""

    @property
    def scheduler(self) -> str: ...

    def others(self, command: "subprocess.Popen[bytes]") -> Mapping[str, Sequence[int]]: ...

    def mend(self) -> None:
        """Starts what has been killed."""
        ...

    def close(self) -> None: ...


class LocalCluster:
    scheduler = "local:2"

    def others(self, command: "subprocess.Popen[bytes]") -> Mapping[str, Sequence[int]]:
        with suppress(psutil.NoSuchProcess):
            children = psutil.Process(command.pid).children()
            # Python's tracker of shared memory is one too, and ends with the command.
            return {"worker": [c.pid for c in children if "spawn_main" in " ".join(c.cmdline())]}
        return {}

    def mend(self) -> None:
        pass  # The command does that itself.

    def close(self) -> None:
        pass


class DaskProcesses:
    """A scheduler and two workers of Dask, on loopback."""

    def __init__(self, folder: Path) -> None:
        self._log = (folder / "dask.log").open("wb")
        self._workers: list[subprocess.Popen[bytes]] = []
        self._scheduler: subprocess.Popen[bytes] | None = None
        self._file = folder / "scheduler.json"
        self.scheduler = ""
        self.mend()

    def others(self, command: "subprocess.Popen[bytes]") -> Mapping[str, Sequence[int]]:
        assert self._scheduler is not None
        return {"scheduler": [self._scheduler.pid], "worker": [w.pid for w in self._workers]}

    def mend(self) -> None:
        if self._scheduler is None or self._scheduler.poll() is not None:
            self._end()
            self._file.unlink(missing_ok=True)
            self._scheduler = self._started(
                "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", self._file
            )
            while not self._file.exists() or not self._file.read_text().rstrip().endswith("}"):
                time.sleep(0.05)
            address = self._file.read_text().split('"address": "')[1].split('"')[0]
            self.scheduler = address
        self._workers = [w for w in self._workers if w.poll() is None]
        while len(self._workers) < 2:
            words = ("--nthreads", "1", "--no-nanny")
            self._workers.append(self._started("worker", self.scheduler, *words))

    def close(self) -> None:
        self._end()
        self._log.close()

    def _started(self, what: str, *words: object) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *map(str, words)]
        quiet = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")
        return subprocess.Popen([*command, *quiet], stdout=self._log, stderr=self._log)

    def _end(self) -> None:
        for process in (self._scheduler, *self._workers):
            if process is not None:
                process.kill()
                process.wait()
        self._workers = []


Photograph = tuple[Path, Shape]
"""A file, and the face in it."""


def photographs(faces: Sequence[LabelledInstance]) -> list[Photograph]:
    return [(face.read_pixels.args[0], face.shape) for face in faces]  # type: ignore[attr-defined]


def cut_out(faces: Sequence[LabelledInstance], folder: Path) -> list[Photograph]:
    """Real faces in files of their own that are read at once, so that kills fall on all that is
    done with them and not on the decoding of large photographs. What an earlier call has cut out
    into the folder is taken as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{number:05}.jpg" for number in range(len(faces))]
    known = folder / f"{len(faces)}.npy"
    if known.exists():
        return [(file, Shape(points)) for file, points in zip(files, np.load(known), strict=True)]
    found = []
    for number, face in enumerate(faces):
        low, high = np.nanmin(face.shape.points, axis=0), np.nanmax(face.shape.points, axis=0)
        around = (high - low).max() * _AROUND
        x, y = np.maximum(low - around, 0).astype(int)
        right, bottom = np.ceil(high + around).astype(int)
        part = Image.fromarray(face.read_pixels()[y:bottom, x:right])
        scale = min(1.0, _LARGEST / max(part.size))
        size = (max(round(side * scale), 1) for side in part.size)
        part.resize((next(size), next(size))).save(files[number])
        found.append((files[number], Shape((face.shape.points - (x, y)) * scale)))
    np.save(known, np.stack([shape.points for _, shape in found]))
    return found


@contextmanager
def brought_back(faces: Sequence[Photograph]) -> Iterator[None]:
    """Outside of it their files are away."""
    away = [(path, path.with_suffix(".away")) for path, _ in faces]
    for path, other in away:
        if other.exists():
            other.rename(path)
    yield
    for path, other in away:
        path.rename(other)


def make_project(
    folder: Path, faces: Sequence[Photograph], scheme: Scheme, labelled: int = 0
) -> None:
    """Each with a box; the first ones labelled."""
    with Project.create(folder, scheme) as project, project.transaction():
        for number, (path, shape) in enumerate(faces):
            image = project.add_image(path, examine(path))
            box = Box.square_around(shape.points)
            known = shape if number < labelled else None
            project.add_instance(image.id, box, shape=known, who="a")


def command(folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", _MAIN, "propose", str(folder), "--no-find", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def asked(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """Straight from the database, in the folder or on its server, past the code under test."""
    address = read_address(folder)
    if address is not None:
        with psycopg.connect(address) as server:
            return server.execute(query).fetchall()
    with closing(sqlite3.connect(f"file:{folder / 'project.db'}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def stored(folder: Path) -> list[tuple[Any, ...]]:
    return asked(
        folder,
        "SELECT instance_id, points, covariances, predicted_error, model, maker, made, own "
        "FROM proposals",
    )


def by_instance(rows: Sequence[tuple[Any, ...]]) -> Stored:
    return {row[0]: row[1:] for row in rows}


def drill(
    folder: Path, reference: Stored, cluster: Cluster, kills: int, longest: float, seed: int
) -> Outcome:
    """Until so many were killed and the command has come to its end once more.

    longest: seconds until the next kill, at most, from the last one or from when something was
    stored since.
    """
    chance, outcome = random.Random(seed), Outcome()
    before: set[int] = set()
    while True:
        cluster.mend()
        running = command(folder, "--scheduler", cluster.scheduler)
        outcome.runs += 1
        while sum(outcome.kills.values()) < kills:
            if chance.random() < _AT_WORK:
                _stored_something(folder, running)
            with suppress(subprocess.TimeoutExpired):
                running.wait(chance.uniform(0, longest))
                break
            who = {**cluster.others(running), "writer": [running.pid]}
            victim = chance.choice([name for name, pids in who.items() if pids])
            with suppress(ProcessLookupError):
                os.kill(chance.choice(list(who[victim])), signal.SIGKILL)
                outcome.kills[victim] += 1
            if victim == "scheduler":
                break
            before = _check(folder, reference, before, outcome)
            cluster.mend()
        # Without its scheduler it ends by itself, and says so.
        code = running.wait()
        before = _check(folder, reference, before, outcome)
        if code not in (0, 3, -signal.SIGKILL):
            outcome.wrong.append(f"The command ended with {code}.")
        if code == 0:
            outcome.ended += 1
            if before != reference.keys():
                outcome.wrong.append(f"{len(reference) - len(before)} proposals are missing.")
            if sum(outcome.kills.values()) >= kills:
                return outcome


def _stored_something(folder: Path, running: "subprocess.Popen[bytes]") -> None:
    """Waits for it, or for the end of the command."""
    before = _newest(folder)
    while running.poll() is None and _newest(folder) == before:
        time.sleep(0.2)


def _newest(folder: Path) -> Any:
    return asked(folder, "SELECT max(at) FROM proposals")[0][0]


def _check(folder: Path, reference: Stored, before: set[int], outcome: Outcome) -> set[int]:
    rows = stored(folder)
    now = by_instance(rows)
    if len(now) != len(rows):
        outcome.wrong.append(f"{len(rows) - len(now)} proposals are there twice.")
    if before - now.keys():
        outcome.wrong.append(f"{len(before - now.keys())} proposals were lost.")
    other = [i for i, row in now.items() if reference.get(i) != row]
    if other:
        outcome.wrong.append(f"{len(other)} proposals are others than without kills.")
    return set(now)
