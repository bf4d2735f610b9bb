"""Many transactions, one after the other, between which others come to write."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from landmark_annotator.projects.store import Project

_AT_MOST_S = 1.0
"""Others give up after three seconds of waiting."""
_PAUSE_S = 0.12
"""Who waits for SQLite looks every tenth of a second whether it is free."""


class Turns:
    """After a second of writing, altogether, nothing is written for as long as others need to see
    that they can."""

    def __init__(self) -> None:
        self._written = 0.0

    @contextmanager
    def taken(self, project: Project) -> Iterator[None]:
        """One transaction of the project."""
        begun = time.monotonic()
        with project.transaction():
            yield
        self._written += time.monotonic() - begun
        if self._written > _AT_MOST_S:
            time.sleep(_PAUSE_S)
            self._written = 0.0
