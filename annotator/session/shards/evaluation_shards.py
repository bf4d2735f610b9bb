"""An evaluation in parts: each does its share of the cases and writes what it found, and in the end
figures are made of what all have found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from landmark_annotator.annotator.session.execution.executor import (
    Executor,
    Result,
    Task,
    Work,
)
from landmark_annotator.annotator.session.shards.checked_lines import (
    Line,
    damaged,
    read_lines,
    unwritten,
    write_lines,
)
from landmark_annotator.annotator.session.shards.checked_values import Unfit
from landmark_annotator.annotator.session.shards.manifest import Shard, check_complete
from landmark_annotator.annotator.session.shards.plain_values import of_plain, plain
from landmark_annotator.projects.folder_sync import make_folder, taken_back
from landmark_annotator.projects.vocabulary import Progress
from landmark_annotator.projects.vocabulary.errors import ActionableError, Cancelled

_VERSION = 1
_FILE = re.compile(r"[0-9]{6}-of-([0-9]{6})\.jsonl")


class PartDone(Exception):
    """Raised where an evaluation has done its part. tasks: how many that had. before: whether it
    had been finished before."""

    def __init__(self, tasks: int, before: bool) -> None:
        super().__init__()
        self.tasks, self.before = tasks, before


@dataclass(frozen=True)
class _Parts:
    """asked: what all parts have to be asked for alike, as JSON has it. kinds: the dataclasses that
    results are made of."""

    asked: Mapping[str, Any]
    kinds: Sequence[type]
    folder: Path

    def head(self, shard: Shard, work: object, tasks: int) -> Line:
        about = {"annotator": "evaluation", "version": _VERSION, **self.asked}
        model = getattr(work, "identity", "")
        return about | {"model": model, "part": shard.number, "of": shard.of, "tasks": tasks}

    def check(self, file: Path, head: Line, wanted: Line) -> None:
        for name, value in wanted.items():
            if head.get(name) != value:
                raise ActionableError(
                    f"{file} is a part of another evaluation: its {name} is {head.get(name)}, not "
                    f"{value}.",
                    kept="It is left as it is.",
                    remedy="Give the same options, or another folder to --results.",
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass


@dataclass(frozen=True)
class OnePart(_Parts):
    """An executor that does one part of the tasks with another one, writes what came of them and
    ends there, by PartDone. A part that is finished is not computed again."""

    shard: Shard
    executor: Executor
    progress: Progress

    def results(self, work: Work[Task, Result], tasks: Sequence[Task]) -> Iterator[Result]:
        own = self.shard.part_of(tasks)
        head = self.head(self.shard, work, len(tasks))
        file = self.shard.file(self.folder)
        before = file.exists()
        if before:
            self.check(file, next(read_lines(file), {}), head)
        else:
            try:
                with taken_back(self.folder):
                    make_folder(self.folder)
                    write_lines(file, self._lines(head, work, own))
            except OSError as error:
                kept = "Nothing of this part is kept."
                raise unwritten(self.folder, error, kept) from error
        raise PartDone(len(own), before)
        yield

    def _lines(self, head: Line, work: Work[Task, Result], own: Sequence[Task]) -> Iterator[Line]:
        yield head
        self.progress.start(f"part {self.shard.number} of {self.shard.of}", len(own))
        for found in self.executor.results(work, own):
            yield {"found": plain(found)}
            self.progress.advance()
            if self.progress.cancelled():
                raise Cancelled(
                    f"Part {self.shard.number} was stopped.",
                    kept="Nothing of it is kept; the other parts are.",
                )


@dataclass(frozen=True)
class AllParts(_Parts):
    """An executor that computes nothing: what came of each task stands in the parts' files."""

    def results(self, work: Work[Task, Result], tasks: Sequence[Task]) -> Iterator[Result]:
        kinds = {each.__name__: each for each in self.kinds}
        for shard in self.shards():
            file, wanted = shard.file(self.folder), len(shard.part_of(tasks))
            lines = read_lines(file)
            self.check(file, next(lines, {}), self.head(shard, work, len(tasks)))
            number = 0
            for number, line in enumerate(lines, 1):
                try:
                    found: Result = of_plain(line.get("found"), kinds)
                except Unfit as error:
                    raise damaged(file, str(error)) from error
                if number <= wanted:
                    yield found
            if number != wanted:
                raise damaged(file, f"it has {number} results of {wanted}")

    def shards(self) -> list[Shard]:
        """All that there must be. Raises ActionableError where some are missing."""
        names = [each.name for each in self.folder.glob("*.jsonl")] if self.folder.is_dir() else []
        counts = {int(found[1]) for name in names if (found := _FILE.fullmatch(name))}
        if len(counts) != 1:
            happened = "parts of two numbers of parts" if counts else "no parts"
            raise ActionableError(
                f"{self.folder} holds {happened}.",
                remedy="Compute them first: --shard 1/4 --results FOLDER, and so on.",
            )
        [count] = counts
        shards = [Shard(number, count) for number in range(1, count + 1)]
        check_complete(shards, self.folder, "ask for the figures again")
        return shards
