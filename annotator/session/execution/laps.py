"""How long a person takes from one action to the next."""

import time
from collections.abc import Callable

from landmark_annotator.projects.store.engine.server_waits import waited

Clock = Callable[[], float]
"""Seconds from some moment on."""


class Laps:
    """since: by the clock, when the last action ended, or what a person looks at was shown; less
    what this thread had waited for servers by then, which is nobody's work."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self.begin()

    def begin(self) -> None:
        """What went by so far was nobody's."""
        self.since = self._clock() - waited()

    def lap(self) -> float:
        """Seconds since then, which is now from now on."""
        before = self.since
        self.begin()
        return self.since - before
