"""What is to be done in parts: all of it, in one order, as it was when the first part began."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from landmark_annotator.annotator.session.shards.checked_lines import (
    damaged,
    placed_lines,
    unwritten,
    write_lines,
)
from landmark_annotator.annotator.session.shards.task_list import TaskList
from landmark_annotator.projects.folder_sync import make_folder, taken_back
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import ActionableError
from landmark_annotator.projects.vocabulary.wording import counted

VERSION = 2
_NAME = "manifest.jsonl"
_MOST = 100_000


@dataclass(frozen=True)
class Shard:
    """Counted from 1, as job arrays are."""

    number: int
    of: int

    @classmethod
    def named(cls, text: str) -> "Shard":
        """Of "3/100". Raises ActionableError."""
        number, slash, of = text.partition("/")
        plain = all(part.isascii() and part.isdigit() and len(part) < 8 for part in (number, of))
        if not slash or not plain or not 1 <= int(number) <= int(of) <= _MOST:
            raise ActionableError(
                f'"{text}" is no part of anything.',
                remedy="Give the part and how many there are, counted from 1: --shard 3/100.",
            )
        return cls(int(number), int(of))

    def file(self, folder: Path) -> Path:
        return folder / f"{self.number:06}-of-{self.of:06}.jsonl"

    def part_of(self, tasks: Sequence[Any]) -> Sequence[Any]:
        """Neighbours stay together: frames of a video are decoded in their order."""
        start, end = ((len(tasks) * n) // self.of for n in (self.number - 1, self.number))
        return tasks[start:end]


def check_complete(shards: Sequence[Shard], folder: Path, again: str) -> None:
    """Raises ActionableError where the files of some are missing. again: what to do after they have
    been computed."""
    missing = [str(shard.number) for shard in shards if not shard.file(folder).exists()]
    if missing:
        raise ActionableError(
            f"Of {counted(len(shards), 'part')} {len(missing):,} "
            f"{'is missing: part' if len(missing) == 1 else 'are missing: parts'} "
            f"{', '.join(missing[:20])}{' and more' if len(missing) > 20 else ''}.",
            kept="Those that are there are kept.",
            remedy=f"Compute them, and {again}.",
        )


@dataclass(frozen=True)
class Asked:
    """What every part has to be asked for alike. project: its identity. settings: of the command,
    as JSON has them."""

    command: str
    project: str
    shards: int
    settings: dict[str, Any] = field(default_factory=dict)

    def of_earlier(self, folder: Path) -> "Manifest | None":
        """What another part has written before. Raises ActionableError where that is of other
        work."""
        if not (folder / _NAME).exists():
            return None
        kept = read_manifest(folder)
        for what, theirs, ours in (
            ("command", kept.asked.command, self.command),
            ("number of parts", kept.asked.shards, self.shards),
            ("project", kept.asked.project, self.project),
            *((n, kept.asked.settings.get(n), value) for n, value in self.settings.items()),
        ):
            if theirs != ours:
                raise ActionableError(
                    f"{folder} holds parts of other work: its {what} is {theirs}, not {ours}.",
                    kept="It is left as it is.",
                    remedy="Give another folder to --results.",
                )
        return kept


@dataclass(frozen=True)
class Manifest:
    """model: the identity of what does it, and state: what that needs besides, as JSON has it.
    tasks: one of each, in the project's order; of a million not all in memory. digest: of all of
    this, which every file of results repeats."""

    asked: Asked
    model: str
    state: dict[str, Any]
    tasks: Sequence[dict[str, Any]]
    digest: str = ""

    @property
    def parts(self) -> list[Shard]:
        return [Shard(number, self.asked.shards) for number in range(1, self.asked.shards + 1)]

    def kept_in(self, folder: Path) -> "Manifest":
        """This one, or the one that another part has written before. Raises ActionableError where
        that is of other work, or the folder cannot be written to."""
        file = folder / _NAME
        head = {
            "annotator": "manifest",
            "version": VERSION,
            **asdict(self.asked),
            "model": self.model,
            "state": self.state,
            "tasks": len(self.tasks),
        }
        try:
            with taken_back(folder):
                make_folder(folder)
                if not file.exists():
                    write_lines(file, chain([head], self.tasks), once=True)
        except OSError as error:
            raise unwritten(folder, error, "Nothing was computed.") from error
        return self.asked.of_earlier(folder) or read_manifest(folder)


def outdated(happened: str, meanwhile: str = "") -> ActionableError:
    """Of parts that no longer fit the project. meanwhile: what may not be done while they are
    computed, for people."""
    remedy = f"Compute them anew with another folder for --results. {meanwhile}"
    return ActionableError(happened, kept="Nothing was changed.", remedy=remedy.strip())


def read_manifest(folder: Path) -> Manifest:
    """Raises ActionableError where there is none, or it is damaged."""
    file = folder / _NAME
    if not file.is_file():
        raise ActionableError(
            f"{folder} holds no parts of anything: {_NAME} is missing.",
            remedy="Name the folder that was given to --results.",
        )
    lines = placed_lines(file)
    head, first = next(lines, ({}, 0))
    begins = np.fromiter((first, *(end for _, end in lines)), np.int64)
    tasks = TaskList(file, begins)
    texts, objects = ("command", "project", "model"), ("settings", "state")
    wanted = {**dict.fromkeys(texts, str), **dict.fromkeys(objects, dict), "shards": int}
    if head.get("annotator") != "manifest" or head.get("version") != VERSION:
        raise damaged(file, "it is no list of parts of this version of the program")
    if any(type(head.get(name)) is not kind for name, kind in wanted.items()):
        raise damaged(file, "its first line lacks something")
    if not 1 <= head["shards"] <= _MOST or head.get("tasks") != len(tasks):
        raise damaged(file, "it does not hold as many tasks as it says")
    with file.open("rb") as stream:
        content = hashlib.file_digest(stream, "sha256").hexdigest()
    asked = Asked(head["command"], head["project"], head["shards"], head["settings"])
    return Manifest(asked, head["model"], head["state"], tasks, content)


def manifest_of(project: Project, folder: Path) -> Manifest:
    """Raises ActionableError where there is none, or it is damaged or of another project."""
    found = read_manifest(folder)
    if found.asked.project != project_identity(project):
        raise ActionableError(
            f'The parts in {folder} are of another project: "{found.asked.project}".',
            kept="Nothing was changed.",
        )
    return found


def project_identity(project: Project) -> str:
    """Its name, and a hash of its landmarks: what results belong to. Images are checked each."""
    landmarks = "\n".join(project.scheme.landmarks)
    return f"{project.name} {hashlib.sha256(landmarks.encode()).hexdigest()[:12]}"
