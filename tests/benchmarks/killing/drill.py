"""Sessions killed at every kind of moment: before and after each write, sync and rename.

After each kill the project must open and pass `check`, hold every entry that was acknowledged, and
whatever says that it is a whole export, backup, project, part or model must be one. A kill may be a
power cut, too: then the disk holds what `power_cut` leaves of it.
"""

import json
import math
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.shards.checked_lines import read_lines
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.rotation import backups
from landmark_annotator.projects.store.safety.checking import check
from landmark_annotator.projects.store.safety.restoring import is_sound
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from landmark_annotator.projects.vocabulary.errors import ActionableError
from tests.benchmarks.killing.power_cut import Disk
from tests.benchmarks.killing.scenes import LANDMARKS, SCENES, all_made, beside, length, train
from tests.benchmarks.killing.session import FULL

HERE = Path(__file__).parent
LIGHT = tuple(name for name, scene in SCENES.items() if scene is not train)
_FRESH_EVERY = 25
"""Kills of one project before a new one is made."""
_OUTLIVED = 0.2
"""So much longer than sessions are the moments that the power may go at: it goes after some, too,
when what they have said must be so."""


@dataclass
class Outcome:
    kills: int = 0
    turns: int = 0
    """Sessions; some end before they are killed."""
    lost: int = 0
    """Entries that were acknowledged and are not there."""
    wrong: list[str] = field(default_factory=list)


def shim(folder: Path) -> Path | None:
    """The library that kills, built; None where there is no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    library = folder / "kill_at.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(HERE / "kill_at.c")]
    subprocess.run([*command, "-ldl"], check=True)
    return library


def make_project(work: Path) -> Path:
    """Four images without labels and forty with, and eight more beside the project: enough to
    train with whatever a session reopens."""
    shutil.rmtree(work, ignore_errors=True)
    folder = work / "project"
    folder.mkdir(parents=True)
    random_ = np.random.default_rng(3)
    names = tuple(f"p{i}" for i in range(LANDMARKS))
    scheme = Scheme("six", names, normaliser=(0, 1))
    with Project.create(folder, scheme) as project, project.transaction():
        for number in range(52):
            path = work / f"{number}.png"
            Image.fromarray(random_.integers(0, 255, (24, 24, 3), dtype=np.uint8)).save(path)
            if number < 44:
                image = project.add_image(path, examine(path))
                shape = Shape(random_.uniform(2, 20, (LANDMARKS, 2))) if number >= 4 else None
                project.add_instance(image.id, Box(12, 12, 22, 22), shape=shape, who="ada")
    return folder


class Killer:
    """Runs sessions and kills them; see `session`."""

    def __init__(self, library: Path, record: Path | None) -> None:
        """record: where what the disk was made to keep is written down, for power cuts."""
        root = HERE.parents[2]
        path = os.pathsep.join([str(root), str(root / ".root")])
        environment = {**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": path}
        self._record = record
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.killing.session"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=root,
        )
        self.calls: dict[str, int] = {}
        """In a session of each scene that is not killed."""

    def close(self) -> None:
        self._pipe(self._process.stdin).close()
        self._process.wait()
        self._pipe(self._process.stdout).close()

    def kill(self, scene: str, folder: Path, seed: int, chance: random.Random) -> "Killed":
        self._count(scene, folder, seed)
        disk = None if self._record is None else Disk(folder.parent)
        calls = self.calls[scene]
        at = chance.randint(1, calls if disk is None else round(calls * (1 + _OUTLIVED)) + 1)
        found = self._run(scene, seed, at, chance.randrange(2), folder)
        if not found.killed and found.status:
            raise RuntimeError(f"a session failed before it was killed: {scene} {seed} {at}")
        if disk is not None and self._record is not None:
            disk.cut(self._record, chance)
            found.cut = True
        return found

    def fill_disk(self, scene: str, folder: Path, seed: int, chance: random.Random) -> "Killed":
        """There is no room from some moment on, until the program has said so; then there is."""
        self._count(scene, folder, seed)
        return self._run(scene, seed, chance.randint(1, self.calls[scene]), FULL, folder)

    def _count(self, scene: str, folder: Path, seed: int) -> None:
        if scene not in self.calls:
            self.calls[scene] = self._run(scene, seed, 0, 0, folder).calls
            for made in all_made(folder):
                shutil.rmtree(made)

    def _run(self, scene: str, seed: int, at: int, after: int, folder: Path) -> "Killed":
        if self._record is not None:
            shutil.rmtree(self._record, ignore_errors=True)
            self._record.mkdir()
        asked = self._pipe(self._process.stdin)
        words = (scene, seed, at, after, folder, "-" if self._record is None else self._record)
        asked.write("\t".join(map(str, words)) + "\n")
        asked.flush()
        found = Killed()
        for line in self._pipe(self._process.stdout):
            what, number = line.split()
            if what == "ended":
                found.status = int(number)
                return found
            if what == "made":
                found.made.append(int(number))
            else:
                setattr(found, what, int(number))
        raise RuntimeError("the process that starts sessions is gone")

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe


@dataclass
class Killed:
    """A session. done: the entries that were acknowledged; made: what was said to be there.
    refused: 1 where a full disk was named, 2 where something else was."""

    done: int = 0
    made: list[int] = field(default_factory=list)
    calls: int = 0
    refused: int = 0
    status: int = 0
    cut: bool = False
    """The power went, with the session or after it."""

    @property
    def killed(self) -> bool:
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL


def run(
    work: Path,
    library: Path,
    kills: int,
    seed: int,
    scenes: tuple[str, ...],
    *,
    cuts: bool = False,
    seconds: float = math.inf,
    outcome: Outcome | None = None,
) -> Outcome:
    """cuts: the power goes with the session. seconds: ends after so many, and goes on with the
    outcome of that time."""
    outcome = Outcome() if outcome is None else outcome
    killer = Killer(library, work / "record" if cuts else None)
    work, end = work.resolve(), time.monotonic() + seconds
    folder, fresh = work / "work" / "project", True
    try:
        while outcome.kills < kills and time.monotonic() < end:
            if fresh or outcome.turns % _FRESH_EVERY == 0:
                make_project(work / "work")
            chance = random.Random(f"{seed} {outcome.turns}")
            scene = scenes[outcome.turns % len(scenes)]
            found = killer.kill(scene, folder, outcome.turns, chance)
            outcome.turns += 1
            counts = found.killed or found.cut
            outcome.kills += counts
            if outcome.kills % 100 == 0 and counts:
                sys.stderr.write(f"{outcome.kills} kills, {outcome.lost} entries lost\n")
            known = len(outcome.wrong)
            judge(outcome, f"{scene}, turn {outcome.turns}", folder, found)
            fresh = len(outcome.wrong) > known
    finally:
        killer.close()
    return outcome


def run_on_full_disks(
    work: Path, library: Path, times: int, seed: int, scenes: tuple[str, ...]
) -> Outcome:
    """kills: how often the program said that the disk is full."""
    outcome, killer = Outcome(), Killer(library, None)
    folder = work.resolve() / "work" / "project"
    try:
        while outcome.kills < times:
            if outcome.turns % _FRESH_EVERY == 0:
                make_project(folder.parent)
            chance = random.Random(f"full {seed} {outcome.turns}")
            scene = scenes[outcome.turns % len(scenes)]
            found = killer.fill_disk(scene, folder, outcome.turns, chance)
            outcome.turns += 1
            outcome.kills += found.refused > 0
            what = f"{scene} on a full disk, turn {outcome.turns}"
            if found.status:
                outcome.wrong.append(f"{what}: it crashed, or did not go on with room again")
            elif found.refused > 1:
                outcome.wrong.append(f"{what}: it does not say that there is no room")
            judge(outcome, what, folder, found)
    finally:
        killer.close()
    return outcome


def judge(outcome: Outcome, what: str, folder: Path, found: Killed) -> None:
    """What a kill has left."""
    there = opened(outcome, what, folder)
    outcome.lost += max(0, found.done - there)
    for number in found.made:
        if not Project.is_project(beside(folder, number)):
            outcome.wrong.append(f"{what}: what was made is not there")
    for other in all_made(folder):
        if Project.is_project(other):
            opened(outcome, what, other)
        shutil.rmtree(other)
    outcome.wrong += [
        f"{what}: {one.name} is no whole backup"
        for one in (*(each.path for each in backups(folder)), *folder.glob("*.backup.db"))
        if not is_sound(one)
    ]
    for sheet in folder.parent.glob("*.json"):
        content = json.loads(sheet.read_text(encoding="utf-8"))
        for name, digest in {} if "unfinished" in content else content["files"].items():
            file = sheet.parent / name
            if not file.is_file() or not _is(file, digest):
                outcome.wrong.append(f"{what}: {name} is not what {sheet.name} says")
    outcome.wrong += [f"{what}: {said}" for said in half_results(folder)]


def opened(outcome: Outcome, what: str, folder: Path) -> int:
    """How many entries the project there has, once it is open and checked."""
    try:
        with Project.open(folder) as project:
            there = length(project)
        outcome.wrong += [f"{what}: {finding.what}" for finding in check(folder)]
    except Exception as error:  # noqa: BLE001 - whatever it is, the project does not open
        outcome.wrong.append(f"{what}: {error!r}")
        return 0
    return there


def half_results(folder: Path) -> Iterator[str]:
    """Of parts and of models that look whole and are not, what they say."""
    for part in (folder.parent / "results").glob("*.jsonl"):
        try:
            list(read_lines(part))
        except ActionableError as error:
            yield str(error)
    if not (folder / "models").is_dir():  # as of most
        return
    with Project.open(folder, read_only=True) as project:
        trained = ModelLibrary.of(project).trained()
    for model in trained:
        try:
            model.load()
        except Exception as error:  # noqa: BLE001 - whatever it is, the model is none
            yield f"the model {model.name}: {error!r}"


def _is(file: Path, digest: str) -> bool:
    size = len(digest) // 2
    return blake2b(file.read_bytes(), digest_size=size).hexdigest() == digest
