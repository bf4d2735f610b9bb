"""Photographs of labelled objects, read once while several ways of learning are tried on them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from landmark_annotator.projects.vocabulary import LabelledInstance
from landmark_annotator.projects.vocabulary.arrays import Pixels

_BYTES = 1024**3
"""Of decoded photographs: fourteen of 24 megapixels."""

_Read = Callable[[], Pixels]


@contextmanager
def read_once(
    labelled: Sequence[LabelledInstance], limit: int = _BYTES
) -> Iterator[list[LabelledInstance]]:
    """The same instances, whose images stay in memory between two readings, read-only, as long as
    the context lasts. limit: bytes of these. Whoever keeps the instances beyond it reads anew."""
    memo = _Memo(limit)
    try:
        yield [
            replace(each, read_pixels=partial(memo.pixels, each.read_pixels)) for each in labelled
        ]
    finally:
        memo.close()


class _Memo:
    """What was read first is kept: all are read in turns, where what was used last is what is not
    wanted for longest."""

    def __init__(self, limit: int) -> None:
        self._left = limit
        self._kept: dict[_Read, Pixels] = {}

    def pixels(self, read: _Read) -> Pixels:
        """Raises what reading does, each time."""
        if (kept := self._kept.get(read)) is not None:
            return kept
        pixels = read()
        if pixels.nbytes > self._left:
            return pixels
        self._left -= pixels.nbytes
        # Not of the array itself: whose it is may go on writing to it.
        shared = pixels.view()
        shared.setflags(write=False)
        self._kept[read] = shared
        return shared

    def close(self) -> None:
        self._left = 0
        self._kept.clear()
