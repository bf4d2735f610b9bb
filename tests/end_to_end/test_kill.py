"""A session is killed at a random moment, 200 times: no committed click is ever lost."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import pytest

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme

KILLS = 200
KILLS_OF_ONE_PROJECT = 20
MOST_ACTIONS = 12  # before a kill


REPOSITORY = Path(__file__).resolve().parents[2]

facts = partial(ImageFacts, 100, 100)


def make_project(folder: Path) -> None:
    names = tuple(f"landmark {i}" for i in range(12))
    with Project.create(folder, Scheme("dozen", names)) as project:
        for i in range(3):
            image = project.add_image(folder / f"{i}.png", facts(str(i)))
            project.add_instance(image.id, None, who="ada")


@dataclass
class Sessions:
    """The process that starts the sessions to be killed; see killable_session."""

    asked: IO[str]
    told: IO[str]

    def run_and_kill(self, folder: Path, seed: int, chance: random.Random) -> int:
        """Returns how many entries the session said were committed before it died.

        It dies somewhere after its first, second, third ... action, or while it opens.
        """
        self.asked.write(f"{seed} {folder}\n")
        self.asked.flush()
        child = self._hear("started")
        actions = chance.randrange(MOST_ACTIONS)
        committed = 0
        for _ in range(actions):
            committed = self._hear("done")
        time.sleep(chance.uniform(0, 0.004 if actions else 0.02))
        os.kill(child, signal.SIGKILL)
        for line in self.told:
            what, number = line.split()
            if what == "ended":
                assert os.WIFSIGNALED(int(number)), "the session failed before it was killed"
                return committed
            committed = int(number)
        raise AssertionError("the process that starts sessions is gone")

    def _hear(self, expected: str) -> int:
        what, number = self.told.readline().split()
        assert what == expected
        return int(number)


@pytest.fixture
def sessions() -> Iterator[Sessions]:
    command = [sys.executable, "-m", "tests.end_to_end.killable_session"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=REPOSITORY) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        yield Sessions(parent.stdin, parent.stdout)
        parent.stdin.close()


def replayed(connection: sqlite3.Connection) -> tuple[dict[Any, Any], dict[Any, bool]]:
    """The landmark rows and which instances are accepted, from the journal alone."""
    changes: dict[int, Any] = {}
    rows: dict[Any, Any] = {}
    accepted: dict[Any, bool] = {}
    query = "SELECT id, kind, instance_id, changes, target FROM journal ORDER BY id"
    for entry, kind, instance, text, target in connection.execute(query):
        if text is not None:
            changes[entry] = json.loads(text)
        change = changes[entry if target is None else target]
        after = 0 if kind == "undo" else 1
        accepted[instance] = change["accepted"][after]
        for landmark, pair in change["landmarks"].items():
            rows[instance, int(landmark)] = pair[after]
    return {key: row for key, row in rows.items() if row is not None}, accepted


def stored(connection: sqlite3.Connection) -> tuple[dict[Any, Any], dict[Any, bool]]:
    """Of a row what is not NULL, as the journal leaves it out as well."""
    rows = connection.execute("SELECT * FROM landmarks")
    names = [column[0] for column in rows.description]
    known = [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in rows
    ]
    states = connection.execute("SELECT id, state FROM instances")
    return (
        {(row.pop("instance_id"), row.pop("landmark")): row for row in known},
        {instance: state == "accepted" for instance, state in states},
    )


def check(folder: Path, committed: int) -> None:
    with Project.open(folder) as project:
        assert not project.read_only
        entries = [entry.id for entry in project.journal()]
        assert entries == list(range(1, len(entries) + 1))
        assert len(entries) >= committed
    with closing(sqlite3.connect(folder / "project.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        journal_rows, journal_accepted = replayed(connection)
        rows, accepted = stored(connection)
        assert rows == journal_rows
        assert accepted == accepted | journal_accepted


def test_killed_at_any_moment_a_session_loses_no_click(sessions: Sessions, tmp_path: Path) -> None:
    chance = random.Random(20240229)
    for kill in range(KILLS):
        folder = tmp_path / f"project {kill // KILLS_OF_ONE_PROJECT}"
        if not folder.exists():
            make_project(folder)
        check(folder, sessions.run_and_kill(folder, kill, chance))
