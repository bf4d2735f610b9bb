"""A project's database is damaged at many places: is anything wrong ever exported without a word?

For each damage the project is exported, which either says what is damaged or gives exactly what
the whole project gives; and it is restored from its backup, which gives that again.
"""

import random
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from landmark_annotator.projects.exchange import export_set
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.store import Project, fill_shapes
from landmark_annotator.projects.store.engine.rotation import back_up_now
from landmark_annotator.projects.store.safety.restoring import newest_sound, restore_in_place
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import ActionableError

NAMES = ("start", "middle", "end", "left", "right")


@dataclass(frozen=True)
class Drill:
    """refused: the export said what was damaged; same: it was right all the same; wrong: neither;
    crashed: a mistake of the program; restored: how often the backup gave the project again."""

    refused: int
    same: int
    wrong: tuple[str, ...]
    crashed: tuple[str, ...]
    restored: int


def make_project(folder: Path, images: int) -> None:
    """Imported, clicked, accepted, filled, reviewed and excluded shapes."""
    chance = np.random.default_rng(5)
    (folder / "images").mkdir(parents=True)
    with Project.create(folder, Scheme("bar", NAMES, normaliser=(0, 2))) as project:
        for number in range(images):
            path = folder / "images" / f"{number}.png"
            Image.fromarray(chance.integers(0, 255, (16, 20, 3), dtype=np.uint8)).save(path)
            image = project.add_image(path, examine(path))
            points = chance.uniform(0, 16, (len(NAMES), 2))
            box = Box(8, 8, 16, 16)
            shape = Shape(points) if number % 2 else None
            one = project.add_instance(image.id, box, shape=shape, source=str(number), who="ada")
            project.place(one.id, 0, tuple(points[0]), who="bob", duration=1.5)
            if number % 3:
                project.accept(one.id, Shape(points), who="bob")
            elif not number % 2:
                project.set_visibility(one.id, 2, Visibility.OCCLUDED, who="bob")
                fill_shapes(project, {one.id: Shape(points)}, who="bob")
        project.exclude(images=[2], why="dark", who="ada")


def exported(folder: Path, target: Path) -> str:
    """The labels that an export writes, without where they are."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    with Project.open(folder, read_only=True) as project:
        export_set(project, target / "labels.csv", format="csv", include_unaccepted=True)
    return (target / "labels.csv").read_text(encoding="utf-8")


def drill(work: Path, damages: int, seed: int = 0, images: int = 8) -> Drill:
    chance = random.Random(seed)
    whole = work / "whole"
    make_project(whole, images)
    back_up_now(whole / "project.db", "drill")
    truth = exported(whole, work / "out")
    content = (whole / "project.db").read_bytes()
    counts: Counter[str] = Counter()
    wrong, crashed = [], []
    for number in range(damages):
        damaged, what = damage(content, chance)
        (whole / "project.db").write_bytes(damaged)
        for suffix in ("-wal", "-shm"):
            (whole / f"project.db{suffix}").unlink(missing_ok=True)
        try:
            counts["same" if exported(whole, work / "out") == truth else "wrong"] += 1
            if counts["wrong"] > len(wrong):
                wrong.append(f"{number}: {what}")
        except ActionableError:
            counts["refused"] += 1
        except Exception as error:  # noqa: BLE001 - a mistake of the program is what is looked for
            crashed.append(f"{number}: {what}: {error!r}"[:300])
        if not number % 10:
            restore_in_place(newest_sound(whole), whole)
            counts["restored"] += exported(whole, work / "out") == truth
            for aside in whole.glob("before_restoring_*"):
                shutil.rmtree(aside)
    return Drill(
        counts["refused"], counts["same"], tuple(wrong), tuple(crashed), counts["restored"]
    )


def damage(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    """One bit, some bytes, a page of zeros, a page in another's place, or a file cut short."""
    data = bytearray(content)
    at = chance.randrange(len(data))
    page = 4096 * (at // 4096)
    kind = chance.choice(("bit", "bit", "bytes", "zeros", "moved", "cut"))
    if kind == "bit":
        data[at] ^= 1 << chance.randrange(8)
    elif kind == "bytes":
        data[at : at + 8] = chance.randbytes(len(data[at : at + 8]))
    elif kind == "zeros":
        data[page : page + 4096] = bytes(4096)
    elif kind == "moved":
        other = 4096 * chance.randrange(len(data) // 4096)
        data[page : page + 4096] = content[other : other + 4096]
    else:
        del data[at:]
    return bytes(data), f"{kind} at {at}"
