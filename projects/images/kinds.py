"""Kinds of image files that other packages can open."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from typing_extensions import override

from landmark_annotator.projects.vocabulary.arrays import Pixels
from landmark_annotator.projects.vocabulary.errors import ImageError
from landmark_annotator.projects.vocabulary.plugins import IMAGES, plugins


@dataclass(frozen=True)
class ImageKind:
    """A plug-in of the group `landmark_annotator.images`.

    suffixes: lower case, with the dot, none of them one that the program opens itself. read: from a
    file to (height, width, 3) uint8 RGB, upright. size: (width, height) without decoding the
    pixels, where that can be told. Both may raise anything for a file that they cannot open.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    read: Callable[[Path], Any]
    size: Callable[[Path], tuple[int, int]] | None = None

    def pixels(self, path: Path) -> Pixels:
        """Raises ImageError where what comes out is no image."""
        pixels = np.ascontiguousarray(self.read(path))
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
            raise ImageError(
                f"What {self.title} made of {path} is no image: {pixels.shape} {pixels.dtype}.",
                remedy="A plug-in for images gives (height, width, 3) bytes.",
            )
        return pixels

    def extent(self, path: Path) -> tuple[int, int]:
        """(width, height)."""
        if self.size is not None:
            width, height = self.size(path)
            return int(width), int(height)
        pixels = self.pixels(path)
        return pixels.shape[1], pixels.shape[0]


class ImageSuffixes(Collection[str]):
    """Those that the program opens itself, and those of other packages, which are looked for when
    they are first asked for: packages are free to import what they like."""

    def __init__(self, own: Iterable[str]) -> None:
        self._own = frozenset(own)

    def other(self, suffix: str) -> ImageKind | None:
        """What opens files of it, where that is another package."""
        return None if suffix in self._own else self._others.get(suffix)

    @cached_property
    def _others(self) -> dict[str, ImageKind]:
        cards = [plugin.card for plugin in plugins(IMAGES, ImageKind)]
        return {s: card for card in cards for s in card.suffixes if s not in self._own}

    @override
    def __contains__(self, suffix: object) -> bool:
        return suffix in self._own or suffix in self._others

    @override
    def __iter__(self) -> Iterator[str]:
        return iter([*self._own, *self._others])

    @override
    def __len__(self) -> int:
        return len(self._own) + len(self._others)
