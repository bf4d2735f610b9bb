"""Which landmark is asked for: what a person has read is not asked otherwise under the hand."""

import time
from collections.abc import Callable

_TO_READ = 0.25
"""Seconds. Nobody has read, and answers, a question that was put a shorter time ago."""


class PutQuestion:
    """A model that looks again after a click may want to know something else. By then the hand is
    on its way to the landmark that was asked for: the click, or the key that says that it is right,
    would be about another one. clock: in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.chosen: int | None = None
        """By a person, in place of what the model asks."""
        self._kept: int | None = None
        self._since = clock()

    def begin(self) -> None:
        """Something was answered, or another instance is open: the next question is a new one."""
        self.chosen = self._kept = None
        self._since = self.clock()

    def asked(self, query: int | None) -> int | None:
        """query: what the model asks for now."""
        if self.chosen is not None:
            return self.chosen
        return query if self._kept is None else self._kept

    def reconsidered(self, before: int | None) -> None:
        """The model has looked again. before: what it had asked for."""
        if self._kept is None:
            now = self.clock()
            self._kept = before if now - self._since >= _TO_READ else None
            self._since = now
