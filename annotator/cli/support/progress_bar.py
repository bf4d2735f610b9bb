"""A progress bar on standard error that Ctrl+C stops at the next safe point."""

import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import IO, Any, Self, cast

from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TextColumn, TimeRemainingColumn
from rich.text import Text
from typing_extensions import override

from landmark_annotator.projects.vocabulary.errors import Cancelled

_TOLD_S = 30.0
"""Between two lines of a log, in which no bar can move."""


class _Count(TextColumn):
    """'3/24', or '3' where the total is not known."""

    def __init__(self) -> None:
        super().__init__("")

    @override
    def render(self, task: Task) -> Text:
        return Text(_count(task))


def _count(task: Task) -> str:
    return f"{task.completed:,.0f}" + (f"/{task.total:,.0f}" if task.total else "")


class _StandardError:
    """Standard error as long as anybody takes it: work goes on, or ends as it was asked to, when
    its terminal is closed, the reader of its pipe has ended or its log's disk is full."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._out.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._out.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)


class ProgressBar:
    """`landmark_annotator.projects.vocabulary.Progress` for a terminal, or for a log, which gets a
    line now and then; use it in a `with` statement.

    The first Ctrl+C makes `cancelled` true, the second one ends the program at once.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """clock: seconds."""
        self._clock, self._told = clock, clock()
        # There is none where a service closes it.
        out = None if sys.stderr is None else cast(IO[str], _StandardError(sys.stderr))
        self._console = Console(stderr=True, file=out)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            _Count(),
            TimeRemainingColumn(),
            TextColumn("[dim]{task.fields[note]}"),
            console=self._console,
        )
        self._stopped = False
        self._before: signal._HANDLER = None

    def start(self, stage: str, total: int | None) -> None:
        self._finish_stage()
        self._bars.add_task(stage[:1].upper() + stage[1:], total=total, note="")
        self._bars.start()

    def advance(self, steps: int = 1, note: str = "") -> None:
        if self._bars.tasks:
            self._bars.update(self._bars.tasks[-1].id, advance=steps, note=note)
            if not self._console.is_terminal and self._clock() - self._told >= _TOLD_S:
                self._told = self._clock()
                self._tell(self._bars.tasks[-1])

    def cancelled(self) -> bool:
        return self._stopped

    def stop_late(self) -> None:
        """Raises Cancelled where Ctrl+C came after the last safe point: for commands that only
        read, whose answer nobody waits for then."""
        if self._stopped:
            raise Cancelled("Stopped before the answer.", kept="Nothing was changed.")

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars.tasks:
            self._finish_stage()
            self._bars.stop()
        signal.signal(signal.SIGINT, self._before)

    def _tell(self, task: Task) -> None:
        line = f"{task.description} {_count(task)} {task.fields['note']}".rstrip()
        self._console.print(line, markup=False, emoji=False, highlight=False, soft_wrap=True)

    def _finish_stage(self) -> None:
        """The bar of a stage without a total would run for ever, and the last note stay."""
        for task in self._bars.tasks[-1:]:
            total = task.completed if task.total is None else task.total
            self._bars.update(task.id, total=total, note="")
            self._bars.stop_task(task.id)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        self._stopped = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        # As it stands: what rich looks for in a text it may just be loading, below this.
        self._console.print(
            "Stopping at the next safe point. Ctrl+C once more stops at once.",
            style="yellow",
            markup=False,
            emoji=False,
            highlight=False,
        )
