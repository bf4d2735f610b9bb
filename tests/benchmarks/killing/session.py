"""Works in a project until it is killed: what the drill runs in processes of its own.

Reads lines "SCENE SEED AT AFTER FOLDER". For each it forks a child, so that imports are paid once,
which is killed at the AT-th call that changes the disk (0: never, and the calls are counted). As
soon as an action is committed the child writes "done ENTRIES", past every buffer; at its end
"calls N". When it is gone, its parent writes "ended STATUS".
"""

import ctypes
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from landmark_annotator.projects.exchange import export_set, import_labels
from landmark_annotator.projects.store import Project, fill_shapes
from landmark_annotator.projects.store.engine.rotation import back_up_now
from landmark_annotator.projects.store.safety.restoring import newest_sound, restore_in_place
from landmark_annotator.projects.vocabulary import Shape
from tests.end_to_end.killable_session import WHO, act, say


def length(project: Project) -> int:
    return sum(1 for _ in project.journal())


def label(folder: Path, chance: random.Random, actions: int = 5) -> None:
    with Project.open(folder) as project:
        entries = length(project)
        for _ in range(actions):
            if act(project, chance) is not None:
                entries += 1
                say("done", entries)


def bring_in(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    labels = folder.parent / "labels.csv"
    with Project.open(folder) as project:
        names = [f"{name}.{axis}" for name in project.scheme.landmarks for axis in "xy"]
        lines = [",".join(["image", *names])]
        for number in range(40, 52):
            lines.append(",".join([f"{number}.png", *(f"{chance.uniform(2, 20)}" for _ in names)]))
        labels.write_text("\n".join(lines) + "\n", encoding="utf-8")
        import_labels(project, labels, who=WHO)
        say("done", length(project))


def fill(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    with Project.open(folder) as project:
        size = len(project.scheme)
        every = project.instances()
        points = {one.id: np.random.default_rng(one.id).uniform(0, 9, (size, 2)) for one in every}
        fill_shapes(project, {i: Shape(at) for i, at in points.items()}, who=WHO)
        say("done", length(project))


def export(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    with Project.open(folder, read_only=True) as project:
        format = chance.choice(("csv", "pts"))
        target = folder.parent / ("table.csv" if format == "csv" else "shapes")
        export_set(project, target, format=format, include_unaccepted=True)


def back_up(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    back_up_now(folder / "project.db", "asked")


def restore(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 1)
    back_up_now(folder / "project.db", "asked")
    restore_in_place(newest_sound(folder), folder)


def train(folder: Path, chance: random.Random) -> None:
    from landmark_annotator.annotator.session.models.training import train_project
    from landmark_annotator.projects.vocabulary import SILENT

    label(folder, chance, 2)
    with Project.open(folder, read_only=True) as project:
        settings = {"epochs": 1, "size": 32, "levels": 1, "fresh": True}
        train_project(project, "exemplar", settings, SILENT)


SCENES: dict[str, Callable[[Path, random.Random], None]] = {
    "label": label,
    "import": bring_in,
    "fill": fill,
    "export": export,
    "backup": back_up,
    "restore": restore,
    "train": train,
}


def main() -> None:
    library = ctypes.CDLL(None)
    library.calls_made.restype = ctypes.c_long
    for line in sys.stdin:
        scene, seed, at, after, folder = line.rstrip("\n").split(" ", 4)
        child = os.fork()
        if child == 0:
            try:
                library.kill_at(ctypes.c_long(int(at)), int(after))
                SCENES[scene](Path(folder), random.Random(int(seed)))
                say("calls", library.calls_made())
                os._exit(0)
            finally:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
        say("ended", os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
