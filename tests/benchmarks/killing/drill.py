"""Sessions killed at every kind of moment: before and after each write, sync and rename.

After each kill the project must open and pass `check`, hold every entry that was acknowledged, and
whatever says that it is a whole export must be one.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image

from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.store.engine.rotation import backups
from landmark_annotator.projects.store.safety.checking import check
from landmark_annotator.projects.store.safety.restoring import is_sound
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.benchmarks.killing.session import SCENES, length, train

HERE = Path(__file__).parent
LIGHT = tuple(name for name, scene in SCENES.items() if scene is not train)
_FRESH_EVERY = 25
"""Kills of one project before a new one is made."""


@dataclass
class Outcome:
    kills: int = 0
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
    names = tuple(f"p{i}" for i in range(6))
    with Project.create(folder, Scheme("six", names, normaliser=(0, 1))) as project:
        for number in range(52):
            path = work / f"{number}.png"
            Image.fromarray(random_.integers(0, 255, (24, 24, 3), dtype=np.uint8)).save(path)
            if number < 44:
                image = project.add_image(path, examine(path))
                shape = Shape(random_.uniform(2, 20, (6, 2))) if number >= 4 else None
                project.add_instance(image.id, Box(12, 12, 22, 22), shape=shape, who="ada")
    return folder


class Killer:
    """Runs sessions and kills them; see `session`."""

    def __init__(self, library: Path) -> None:
        root = HERE.parents[2]
        path = os.pathsep.join([str(root), str(root / ".root")])
        environment = {**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": path}
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

    def kill(self, scene: str, folder: Path, seed: int, chance: random.Random) -> tuple[int, bool]:
        """The entries that were acknowledged, and whether it was killed before its end."""
        if scene not in self.calls:
            self.calls[scene] = self._run(scene, seed, 0, 0, folder)[1]
        at = chance.randint(1, self.calls[scene])
        done, _, status = self._run(scene, seed, at, chance.randrange(2), folder)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if not killed and status:
            raise RuntimeError(f"a session failed before it was killed: {scene} {seed} {at}")
        return done, killed

    def _run(
        self, scene: str, seed: int, at: int, after: int, folder: Path
    ) -> tuple[int, int, int]:
        asked = self._pipe(self._process.stdin)
        asked.write(f"{scene} {seed} {at} {after} {folder}\n")
        asked.flush()
        done = calls = 0
        for line in self._pipe(self._process.stdout):
            what, number = line.split()
            if what == "ended":
                return done, calls, int(number)
            if what == "done":
                done = int(number)
            else:
                calls = int(number)
        raise RuntimeError("the process that starts sessions is gone")

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe


def run(work: Path, library: Path, kills: int, seed: int, scenes: tuple[str, ...]) -> Outcome:
    chance, outcome, killer = random.Random(seed), Outcome(), Killer(library)
    folder, turn = work / "project", 0
    try:
        while outcome.kills < kills:
            if turn % _FRESH_EVERY == 0:
                folder = make_project(work / "work")
            scene = scenes[turn % len(scenes)]
            committed, killed = killer.kill(scene, folder, turn, chance)
            turn += 1
            outcome.kills += killed
            if outcome.kills % 100 == 0 and killed:
                sys.stderr.write(f"{outcome.kills} kills, {outcome.lost} entries lost\n")
            judge(outcome, f"{scene}, kill {outcome.kills}", folder, committed)
    finally:
        killer.close()
    return outcome


def judge(outcome: Outcome, what: str, folder: Path, committed: int) -> None:
    """What a kill has left."""
    try:
        with Project.open(folder) as project:
            there = length(project)
            outcome.lost += max(0, committed - there)
        outcome.wrong += [f"{what}: {finding.what}" for finding in check(folder)]
    except Exception as error:  # noqa: BLE001 - whatever it is, the project does not open
        outcome.wrong.append(f"{what}: {error!r}")
    outcome.wrong += [
        f"{what}: {one.path.name} is no whole backup"
        for one in backups(folder)
        if not is_sound(one.path)
    ]
    for sheet in folder.parent.glob("*.json"):
        content = json.loads(sheet.read_text(encoding="utf-8"))
        for name, digest in {} if "unfinished" in content else content["files"].items():
            file = sheet.parent / name
            if not file.is_file() or not _is(file, digest):
                outcome.wrong.append(f"{what}: {name} is not what {sheet.name} says")


def _is(file: Path, digest: str) -> bool:
    size = len(digest) // 2
    return blake2b(file.read_bytes(), digest_size=size).hexdigest() == digest
