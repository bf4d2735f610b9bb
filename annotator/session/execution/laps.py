"""How long a person takes from one action to the next."""

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds from some moment on."""


class Laps:
    """since: by the clock, when the last action ended, or what a person looks at was shown."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self.since = clock()

    def begin(self) -> None:
        """What went by so far was nobody's."""
        self.since = self._clock()

    def lap(self) -> float:
        """Seconds since then, which is now from now on."""
        before = self.since
        self.begin()
        return self.since - before
