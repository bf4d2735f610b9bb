"""Several people at one project, each in a process of their own."""

import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import ActionKind, Assignment, Project, Role
from landmark_annotator.projects.vocabulary import Scheme

IMAGES = 12
WORKER = "tests.end_to_end.team_worker"
REPOSITORY = Path(__file__).resolve().parents[2]


facts = partial(ImageFacts, 100, 100)


@pytest.fixture
def team(tmp_path: Path) -> Path:
    folder = tmp_path / "bars"
    with Project.create(folder, Scheme("bar", ("start", "end"))) as project:
        for name, role in (("ada", Role.LEAD), ("ann", Role.ANNOTATOR), ("bob", Role.ANNOTATOR)):
            project.set_person(name, role, who="ada")
        for n in range(IMAGES):
            image = project.add_image(folder / f"{n}.png", facts(str(n)))
            project.add_instance(image.id, None, who="ada")
    return folder


Start = Callable[[str, str], subprocess.Popen[str]]


@pytest.fixture
def start(team: Path) -> Iterator[Start]:
    begun = []

    def start_one(who: str, how: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", WORKER, str(team), who, how]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=REPOSITORY)
        begun.append(process)
        return process

    yield start_one
    for process in begun:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def go(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


def test_three_people_at_once_never_get_the_same_image(team: Path, start: Start) -> None:
    workers = [start(who, "all") for who in ("ada", "ann", "bob")]
    go(*workers)
    found = [worker.communicate()[0].split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert sorted(int(image) for images in found for image in images) == list(range(1, IMAGES + 1))
    with Project.open(team) as project:
        people = defaultdict(set)
        for entry in project.journal():
            assert entry.kind is not ActionKind.REFUSED
            people[entry.instance_id].add(entry.who)
        assert [len(who) for who in people.values()] == [1] * IMAGES
        assert project.waiting() == []
        assert project.leases() == []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_what_one_had_who_was_killed_passes_on(team: Path, start: Start) -> None:
    with Project.open(team) as project:
        project.set_assignment(Assignment(lease_seconds=0.5), who="ada")
        dead = start("ann", "one")
        go(dead)
        assert dead.stdout is not None
        image = int(dead.stdout.readline())
        os.kill(dead.pid, signal.SIGKILL)
        dead.wait()
        heir = start("bob", "all")
        go(heir)
        seen = [int(line) for line in heir.communicate()[0].split()]
        assert heir.returncode == 0
        # All others are offered at once, this one as soon as nobody has it any more.
        while image not in seen:
            last = project.take_next(None, who="bob")
            if last is not None:
                seen.append(last.image_id)
        assert sorted(seen) == list(range(1, IMAGES + 1))
