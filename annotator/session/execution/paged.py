"""Long lists of which no more is in memory than is at hand."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Generic, Self, TypeVar, overload

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from landmark_annotator.projects.store import Project

PAGE = 500
_PAGES = 4
"""Kept at once: what is done and what is dealt out ahead of it lie near each other."""

Item = TypeVar("Item")
Source = TypeVar("Source")


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


class Waiting(Paged[Item]):
    """Of a project. ids: (N,) in the order in which they have their turn."""

    def __init__(self, project: Project, ids: NDArray[np.int64]) -> None:
        super().__init__()
        self._project = project
        self._ids = ids

    @override
    def __len__(self) -> int:
        return len(self._ids)

    @override
    def part(self, places: slice) -> Self:
        return type(self)(self._project, self._ids[places])


class Mapped(Paged[Item], Generic[Source, Item]):
    """What another list holds, each made into something else when it is read."""

    def __init__(self, source: Paged[Source], made: Callable[[Source], Item]) -> None:
        super().__init__()
        self._source = source
        self._made = made

    @override
    def __len__(self) -> int:
        return len(self._source)

    @override
    def part(self, places: slice) -> Self:
        return type(self)(self._source.part(places), self._made)

    @override
    def read(self, start: int, end: int) -> list[Item]:
        return [self._made(each) for each in self._source.read(start, end)]
