"""Long lists of which no more is in memory than is at hand."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Self, TypeVar, overload

from typing_extensions import override

PAGE = 500
_PAGES = 4
"""Kept at once: what is done and what is dealt out ahead of it lie near each other."""

Item = TypeVar("Item")


class Paged(Sequence[Item]):
    """For use from one thread."""

    def __init__(self) -> None:
        self._pages: dict[int, list[Item]] = {}

    @abstractmethod
    def read(self, start: int, end: int) -> list[Item]:
        """Those from the place `start` up to `end`, which are all there."""

    @abstractmethod
    def part(self, places: slice) -> Self:
        """The same of these places alone."""

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Self: ...
    @override
    def __getitem__(self, index: int | slice) -> "Item | Self":
        if isinstance(index, slice):
            return self.part(index)
        if not 0 <= index < len(self):
            raise IndexError(index)
        page, place = divmod(index, PAGE)
        if page not in self._pages:
            while len(self._pages) >= _PAGES:
                self._pages.pop(next(iter(self._pages)))  # the one that was read first
            start = page * PAGE
            self._pages[page] = self.read(start, min(start + PAGE, len(self)))
        return self._pages[page][place]
