"""One part's results: computed once, however often it is asked for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from landmark_annotator.annotator.session.execution.executor import Executor
from landmark_annotator.annotator.session.shards.checked_lines import (
    Line,
    damaged,
    read_lines,
    unwritten,
    write_lines,
)
from landmark_annotator.annotator.session.shards.manifest import VERSION, Asked, Manifest, Shard
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled


@dataclass
class Put:
    """What came of putting results into a project. done: of so many tasks; objects: found in them.
    already: what was found had been put in before. changed: a sentence for each that was passed
    over, for it is not what it was when the work began. unknown: second opinions for which nothing
    proposes that has not learned from the first one. unreadable: one for each image that could
    not be read."""

    done: int = 0
    objects: int = 0
    already: int = 0
    changed: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    unknown: int = 0


class ShardedWork(Protocol):
    """A command that can be done in parts. Made of a project, which it only reads."""

    def asked(self, shards: int) -> Asked: ...

    def manifest(self, shards: int) -> Manifest:
        """Of all that waits now."""
        ...

    def lines(self, manifest: Manifest, shard: Shard, executor: Executor) -> Iterator[Line]:
        """What came of each task of the part. Raises ActionableError where the model is another one
        than the manifest's."""
        ...


class GatheredWork(Protocol):
    """What puts the results of all parts into a project."""

    def put_in(self, results: Iterable[tuple[Line, Line]]) -> Put:
        """Writes them into the project, each task with what came of it, inside the transaction of
        whoever calls."""
        ...

    def check_model(self, manifest: Manifest) -> None:
        """Raises ActionableError where the project's is not the manifest's any more, and what is
        put in would not fit to what is there."""
        ...


def agreed(work: ShardedWork, shards: int, folder: Path) -> Manifest:
    """The manifest that another part has written before, or else the work's own, which is written.
    Raises ActionableError where the folder holds parts of other work."""
    return work.asked(shards).of_earlier(folder) or work.manifest(shards).kept_in(folder)


def computed(
    work: ShardedWork,
    manifest: Manifest,
    shard: Shard,
    folder: Path,
    executor: Executor,
    progress: Progress,
) -> int | None:
    """Returns how many tasks the part had; None where it had been finished before.

    Stopped, no file is there. Raises Cancelled, ActionableError.
    """
    file = shard.file(folder)
    if file.exists():
        _check_head(file, next(read_lines(file), {}), manifest, shard)
        return None
    count = len(shard.part_of(manifest.tasks))

    def lines() -> Iterator[Line]:
        yield _head(manifest, shard)
        progress.start(f"part {shard.number} of {shard.of}", count)
        for line in work.lines(manifest, shard, executor):
            yield line
            progress.advance()
            if progress.cancelled():
                raise Cancelled(
                    f"Part {shard.number} was stopped.",
                    kept="Nothing of it is kept; the other parts are.",
                )

    try:
        write_lines(file, lines())
    except OSError as error:
        raise unwritten(folder, error, "Nothing of this part is kept.") from error
    return count


def results_of(manifest: Manifest, shard: Shard, folder: Path) -> Iterator[tuple[Line, Line]]:
    """Each task with what came of it; nothing where there is no file. Raises ActionableError where
    the file is damaged or not of this manifest, at its end at the latest."""
    file = shard.file(folder)
    if not file.exists():
        return
    tasks = shard.part_of(manifest.tasks)
    lines = read_lines(file)
    _check_head(file, next(lines, {}), manifest, shard)
    number = 0
    for number, line in enumerate(lines, 1):
        task = tasks[number - 1] if number <= len(tasks) else {}
        if not task or line.get("id") != task.get("id"):
            raise damaged(file, f"result {number} is of no task of this part")
        yield task, line
    if number != len(tasks):
        raise damaged(file, f"it has {number} results of {len(tasks)}")


def _head(manifest: Manifest, shard: Shard) -> dict[str, Any]:
    return {
        "annotator": "results",
        "version": VERSION,
        "command": manifest.asked.command,
        "project": manifest.asked.project,
        "model": manifest.model,
        "shard": shard.number,
        "of": shard.of,
        "manifest": manifest.digest,
    }


def _check_head(file: Path, head: Mapping[str, Any], manifest: Manifest, shard: Shard) -> None:
    for name, wanted in _head(manifest, shard).items():
        if head.get(name) != wanted:
            raise ActionableError(
                f"{file} is not of this work: its {name} is another one.",
                kept="Nothing of it was put into the project.",
                remedy="Move it away, and compute that part again.",
            )
