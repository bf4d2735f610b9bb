"""Many transactions, one after the other, between which others come to write."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from landmark_annotator.projects.exchange.codecs.common.entries import ImportedInstance
from landmark_annotator.projects.exchange.codecs.common.taken_names import refuse_collapsed
from landmark_annotator.projects.store import Project

_AT_MOST_S = 1.0
"""Others give up after three seconds of waiting."""
_PAUSE_S = 0.12
"""Who waits for SQLite looks every tenth of a second whether it is free."""
_LONG_S = 0.5
_FEWEST, _FIRST, _MOST = 8, 64, 256


class Turns:
    """After a second of writing, altogether, nothing is written for as long as others need to see
    that they can. at_a_time: entries for the next transaction: fewer, where the last one took long,
    as on a server that has much to do, and little is lost when the import is stopped."""

    def __init__(self) -> None:
        self._written = 0.0
        self.at_a_time = _FIRST

    def portions(self, entries: Iterable[ImportedInstance]) -> Iterator[list[ImportedInstance]]:
        """What is stored at once, one portion after the other. Raises FormatError of one in which
        an image is taken for another one (`refuse_collapsed`)."""
        rest = iter(entries)
        while some := list(islice(rest, self.at_a_time)):
            refuse_collapsed()
            yield some

    @contextmanager
    def taken(self, project: Project) -> Iterator[None]:
        """One transaction of the project."""
        begun = time.monotonic()
        with project.transaction():
            yield
        took = time.monotonic() - begun
        if took > _LONG_S:
            self.at_a_time = max(self.at_a_time // 2, _FEWEST)
        elif took < _LONG_S / 4:
            self.at_a_time = min(self.at_a_time * 2, _MOST)
        self._written += took
        if self._written > _AT_MOST_S:
            time.sleep(_PAUSE_S)
            self._written = 0.0
