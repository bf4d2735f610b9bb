"""The progress of work that somebody watches, who can pause and stop it from another thread."""

import threading
import time
from collections.abc import Callable

_EVERY_S = 0.05
"""Often enough to look smooth, seldom enough to cost nothing."""


class WatchedProgress:
    """A `Progress`. Work that is paused waits where it asks whether it is cancelled.

    told: called with (stage, steps done, steps in all; 0: not known), in the thread of the work.
    """

    def __init__(self, told: Callable[[str, int, int], object]) -> None:
        self._told = told
        self._stage, self._done, self._total = "", 0, 0
        self._last = 0.0
        self._going = threading.Event()
        self._going.set()
        self._cancelled = False

    def start(self, stage: str, total: int | None) -> None:
        self._stage, self._done, self._total = stage, 0, total or 0
        self._tell()

    def advance(self, steps: int = 1, note: str = "") -> None:
        self._done += steps
        if self._done == self._total or time.monotonic() - self._last >= _EVERY_S:
            self._tell()

    def cancelled(self) -> bool:
        self._going.wait()
        return self._cancelled

    def pause(self, paused: bool) -> None:
        if paused:
            self._going.clear()
        else:
            self._going.set()

    def cancel(self) -> None:
        """Also what is paused ends."""
        self._cancelled = True
        self._going.set()

    def _tell(self) -> None:
        self._last = time.monotonic()
        self._told(self._stage, self._done, self._total)
