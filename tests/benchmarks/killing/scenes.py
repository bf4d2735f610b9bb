"""What sessions do when they are killed: every kind of work that writes.

Each function works in a project's folder with the dice `chance`, and says "done ENTRIES" past every
buffer as soon as an action is committed; files of its own it puts beside that folder. What has a
folder or a file as its result says "made NUMBER" once that is there.
"""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

from landmark_annotator.annotator.session.execution.executor import THIS_PROCESS
from landmark_annotator.annotator.session.models.prior_model import PriorModel
from landmark_annotator.annotator.session.setup.scheme_change import change_with_backup
from landmark_annotator.annotator.session.shards.gather import gather as put_in
from landmark_annotator.annotator.session.shards.manifest import Shard
from landmark_annotator.annotator.session.shards.proposal_shards import ProposalShards
from landmark_annotator.annotator.session.shards.result_file import computed
from landmark_annotator.projects.exchange import export_set, import_labels, import_proposals
from landmark_annotator.projects.folder_sync import make_folder
from landmark_annotator.projects.store import InstanceState, Project, accept_by_rule, fill_shapes
from landmark_annotator.projects.store.engine.rotation import back_up_now
from landmark_annotator.projects.store.safety import checking, restoring
from landmark_annotator.projects.vocabulary import SILENT, Scheme, SchemeChange, Shape
from tests.end_to_end.killable_session import WHO, act, say

OLD = Path(__file__).parents[2] / "unit/projects/store/schema/kept/schema_0003.sql"
LANDMARKS = 6
_IMAGES = 52


class OwnTrouble(Exception):
    """What the drill itself writes has found no room."""


@contextmanager
def own_files() -> Iterator[None]:
    """Inside it the drill makes what the program is to work with."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise OwnTrouble from error


def length(project: Project) -> int:
    return sum(1 for _ in project.journal())


def beside(folder: Path, number: int) -> Path:
    """Where what is said to be made lies."""
    return folder.parent / f"made_{number}"


def all_made(folder: Path) -> list[Path]:
    return list(folder.parent.glob("made_*"))


def label(folder: Path, chance: random.Random, actions: int = 5) -> None:
    with Project.open(folder) as project:
        entries = length(project)
        for _ in range(actions):
            if act(project, chance) is not None:
                entries += 1
                say("done", entries)


def table(project: Project, chance: random.Random, images: range) -> Path:
    names = [f"{name}.{axis}" for name in project.scheme.landmarks for axis in "xy"]
    lines = [",".join(["image", *names])]
    for number in images:
        lines.append(",".join([f"{number}.png", *(f"{chance.uniform(2, 20)}" for _ in names)]))
    labels = project.folder.parent / "labels.csv"
    with own_files():
        labels.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return labels


def bring_in(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    with Project.open(folder) as project:
        import_labels(project, table(project, chance, range(40, _IMAGES)), who=WHO)
        say("done", length(project))


def bring_in_proposals(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    with Project.open(folder) as project:
        import_proposals(project, table(project, chance, range(4)), who=WHO)
        say("done", length(project))


def random_shapes(project: Project, ids: list[int]) -> dict[int, Shape]:
    size = len(project.scheme)
    return {i: Shape(np.random.default_rng(i).uniform(0, 9, (size, 2))) for i in ids}


def fill(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    with Project.open(folder) as project:
        fill_shapes(project, random_shapes(project, [o.id for o in project.instances()]), who=WHO)
        say("done", length(project))


def rule(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    with Project.open(folder) as project:
        while project.undo(WHO) is not None and chance.random() < 0.7:
            say("done", length(project))
        free = [o.id for o in project.instances() if o.state is InstanceState.UNTOUCHED]
        accept_by_rule(project, random_shapes(project, free), who=WHO)
        say("done", length(project))


def change_scheme(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    with Project.open(folder) as project:
        change = SchemeChange.none(project.scheme)
        grown = len(project.scheme) > LANDMARKS
        change_with_backup(project, change.remove(LANDMARKS) if grown else change.add("new"), WHO)
        say("done", length(project))
    label(folder, chance, 1)


def exclude(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    with Project.open(folder) as project:
        some = chance.sample(range(1, 41), 8)
        project.back_up_before("exclude")
        project.exclude(images=some, why="dark", who=WHO)
        say("done", length(project))
        project.restore(images=some, who=WHO)
        say("done", length(project))


def gather(folder: Path, chance: random.Random) -> None:
    """Proposals computed in two parts and put in."""
    # In this process alone.
    PriorModel.load = lambda prior, *told: prior.blind()  # type: ignore[method-assign]
    label(folder, chance, 1)
    results = folder.parent / "results"
    shutil.rmtree(results, ignore_errors=True)
    with Project.open(folder) as project:
        known = random_shapes(project, [one.id for one in project.instances()[4:8]])
        for instance, shape in known.items():
            project.accept(instance, shape, who=WHO)
            say("done", length(project))
        work = ProposalShards(project)
        manifest = work.manifest(2).kept_in(results)
        for number in (1, 2):
            computed(work, manifest, Shard(number, 2), results, THIS_PROCESS, SILENT)
        put_in(project, results, who=WHO, progress=SILENT)


def export(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    with Project.open(folder, read_only=True) as project:
        format = chance.choice(("csv", "pts"))
        target = folder.parent / ("table.csv" if format == "csv" else "shapes")
        export_set(project, target, format=format, include_unaccepted=True)


def back_up(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    back_up_now(folder / "project.db", "asked")


def compact(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 2)
    checking.compact(folder)


def restore(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 1)
    back_up_now(folder / "project.db", "asked")
    restoring.restore_in_place(restoring.newest_sound(folder), folder)


def restore_beside(folder: Path, chance: random.Random) -> None:
    label(folder, chance, 1)
    back_up_now(folder / "project.db", "asked")
    number = chance.randrange(10**6)
    restoring.restore(restoring.newest_sound(folder), folder, beside(folder, number))
    say("made", number)


def make(folder: Path, chance: random.Random) -> None:
    number = chance.randrange(10**6)
    Project.create(beside(folder, number), Scheme("new", ("left", "right"))).close()
    say("made", number)


def migrate(folder: Path, chance: random.Random) -> None:
    number = chance.randrange(10**6)
    old = beside(folder, number)
    with own_files():
        make_folder(old)
        partial = old / "project.db.making"
        with closing(sqlite3.connect(partial)) as database:
            database.executescript(OLD.read_text(encoding="utf-8"))
        partial.replace(old / "project.db")
    Project.open(old).close()
    say("made", number)


def train(folder: Path, chance: random.Random) -> None:
    from landmark_annotator.annotator.session.models.training import train_project

    label(folder, chance, 2)
    with Project.open(folder, read_only=True) as project:
        settings = {"epochs": 1, "size": 32, "levels": 1, "fresh": True}
        train_project(project, "exemplar", settings, SILENT)


SCENES: dict[str, Callable[[Path, random.Random], None]] = {
    "label": label,
    "import": bring_in,
    "proposals": bring_in_proposals,
    "fill": fill,
    "rule": rule,
    "scheme": change_scheme,
    "exclude": exclude,
    "gather": gather,
    "export": export,
    "backup": back_up,
    "compact": compact,
    "restore": restore,
    "restore_beside": restore_beside,
    "new": make,
    "migrate": migrate,
    "train": train,
}
