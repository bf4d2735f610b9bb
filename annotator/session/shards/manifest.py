"""What is to be done in parts: all of it, in one order, as it was when the first part began."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landmark_annotator.annotator.session.shards.checked_lines import (
    damaged,
    read_lines,
    write_lines,
)
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary.errors import ActionableError

VERSION = 1
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


@dataclass(frozen=True)
class Manifest:
    """command: what is done. project: its identity. model: the identity of what does it, and
    state: what that needs besides, as JSON has it. tasks: one of each, in the project's order.
    digest: of all of this, which every file of results repeats."""

    command: str
    project: str
    model: str
    state: dict[str, Any]
    shards: int
    tasks: Sequence[dict[str, Any]]
    digest: str = ""

    def kept_in(self, folder: Path) -> "Manifest":
        """This one, or the one that another part has written before. Raises ActionableError where
        that is of other work, or the folder cannot be written to."""
        file = folder / _NAME
        head = {
            "annotator": "manifest",
            "version": VERSION,
            "command": self.command,
            "project": self.project,
            "model": self.model,
            "state": self.state,
            "shards": self.shards,
            "tasks": len(self.tasks),
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                write_lines(file, [head, *self.tasks], once=True)
        except OSError as error:
            raise ActionableError(
                f"Results cannot be written to {folder}: {error.strerror}.",
                remedy="Give another folder to --results.",
            ) from error
        kept = read_manifest(folder)
        for what, theirs, ours in (
            ("command", kept.command, self.command),
            ("number of parts", kept.shards, self.shards),
            ("project", kept.project, self.project),
        ):
            if theirs != ours:
                raise ActionableError(
                    f"{folder} holds parts of other work: its {what} is {theirs}, not {ours}.",
                    kept="It is left as it is.",
                    remedy="Give another folder to --results.",
                )
        return kept


def read_manifest(folder: Path) -> Manifest:
    """Raises ActionableError where there is none, or it is damaged."""
    file = folder / _NAME
    if not file.is_file():
        raise ActionableError(
            f"{folder} holds no parts of anything: {_NAME} is missing.",
            remedy="Name the folder that was given to --results.",
        )
    head, *tasks = read_lines(file)
    wanted = {"command": str, "project": str, "model": str, "state": dict, "shards": int}
    if head.get("annotator") != "manifest" or head.get("version") != VERSION:
        raise damaged(file, "it is no list of parts of this version of the program")
    if any(type(head.get(name)) is not kind for name, kind in wanted.items()):
        raise damaged(file, "its first line lacks something")
    if not 1 <= head["shards"] <= _MOST or head.get("tasks") != len(tasks):
        raise damaged(file, "it does not hold as many tasks as it says")
    content = hashlib.sha256(file.read_bytes()).hexdigest()
    return Manifest(
        head["command"],
        head["project"],
        head["model"],
        head["state"],
        head["shards"],
        tasks,
        content,
    )


def project_identity(project: Project) -> str:
    """Its name, and a hash of its landmarks: what results belong to. Images are checked each."""
    landmarks = "\n".join(project.scheme.landmarks)
    return f"{project.name} {hashlib.sha256(landmarks.encode()).hexdigest()[:12]}"
