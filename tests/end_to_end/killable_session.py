"""Labels until somebody kills it: what test_kill runs in processes of its own.

Reads lines "SEED FOLDER". For each it forks a child, so that imports are paid once. The child
writes "started PID", opens the project and works through a seeded script. As soon as an action
is committed it writes "done ENTRIES", past every buffer: how many entries the journal must hold.
When the child is gone, its parent writes "ended STATUS".
"""

import os
import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from landmark_annotator.projects.images import ImageFacts
from landmark_annotator.projects.store import Entry, Project
from landmark_annotator.projects.vocabulary import Provenance, Scheme, Shape, Visibility
from tests.unsynced import wait_for_no_disk

WHO = "ada"


def say(what: str, number: int) -> None:
    # One write, shorter than what a pipe takes in one piece: a line is there whole or not at all.
    os.write(1, f"{what} {number}\n".encode())


def act(project: Project, chance: random.Random) -> Entry | None:
    """One action; undo and redo return the entry they turned."""
    instance = chance.choice(project.instances()).id
    size = len(project.scheme)
    landmark = chance.randrange(size)
    at = (chance.uniform(0, 100), chance.uniform(0, 100))
    match chance.randrange(10):
        case 0 | 1 | 2 | 3:
            return project.place(instance, landmark, at, who=WHO, duration=1.0)
        case 4:
            how = Provenance.CONFIRMED
            return project.place(instance, landmark, at, provenance=how, who=WHO)
        case 5:
            return project.set_visibility(instance, landmark, Visibility.OCCLUDED, who=WHO)
        case 6:
            points = [(chance.uniform(0, 100), chance.uniform(0, 100)) for _ in range(size)]
            return project.accept(instance, Shape(np.array(points)), who=WHO)
        case 7:
            return project.clear(instance, landmark, who=WHO)
        case 8:
            return project.undo(WHO)
        case _:
            return project.redo(WHO)


def label_for_ever(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    with Project.open(folder) as project:
        entries = len(list(project.journal()))
        while True:
            if act(project, chance) is not None:
                entries += 1
                say("done", entries)


def warm_up() -> None:
    """What each child would load and compile anew takes most of its short life."""
    chance = random.Random(0)
    with (
        TemporaryDirectory() as folder,
        Project.create(Path(folder) / "warm", Scheme("dozen", tuple("abcdefghijkl"))) as project,
    ):
        image = project.add_image(Path(folder) / "0.png", ImageFacts(100, 100, "0"))
        project.add_instance(image.id, None, who=WHO)
        for _ in range(60):
            act(project, chance)
        list(project.journal())


def main() -> None:
    wait_for_no_disk()
    warm_up()
    for line in sys.stdin:
        seed, folder = line.rstrip("\n").split(" ", 1)
        child = os.fork()
        if child == 0:
            try:
                say("started", os.getpid())
                label_for_ever(Path(folder), int(seed))
            finally:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
        say("ended", os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
