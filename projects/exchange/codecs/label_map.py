"""The legend of indexed masks: `labelmap.txt`, as CVAT writes it for "segmentation mask".

    # label:color_rgb:parts:actions
    background:0,0,0::
    hair:230,159,0::

A line is an index, counted from 0, and its colour in the palette.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from landmark_annotator.projects.exchange.codecs.common.text import read_text
from landmark_annotator.projects.vocabulary import Scheme
from landmark_annotator.projects.vocabulary.errors import FormatError
from landmark_annotator.projects.vocabulary.region import region_colours

NAME = "labelmap.txt"
MOST = 254
"""Labels beside the background; 255 is what Pascal VOC leaves open."""
_HEADER = "# label:color_rgb:parts:actions"
_BACKGROUND = "background"
_LINE = re.compile(r"(.+?):\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*:[^:]*:[^:]*")
_BREAKS = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class LabelMap:
    """names: of each index; 0 is the background. colours: one each, no two alike."""

    names: tuple[str, ...]
    colours: tuple[Colour, ...]

    @classmethod
    def of(cls, scheme: Scheme) -> "LabelMap":
        """The regions in their order; one whose colour another has too gets the next of Pascal
        VOC's. Raises FormatError where an index has no room for them."""
        named = region_colours(scheme.regions)
        if len(named) > MOST:
            raise FormatError(
                f"Indexed masks have room for {MOST} regions; the scheme has {len(named)}.",
                remedy="Use coco, which has a category for each.",
            )
        for name in named:
            if _BREAKS.search(name):
                raise FormatError(
                    f"{name!a} does not go on a line of a legend.", remedy="Give it another name."
                )
        taken, free = [(0, 0, 0)], pascal_colours()
        next(free)
        for colour in named.values():
            wanted = _rgb(colour)
            while wanted in taken:
                wanted = next(free)
            taken.append(wanted)
        nothing = _BACKGROUND
        while nothing in named:  # a region may be called so
            nothing = f"no {nothing}"
        return cls((nothing, *named), tuple(taken))

    @classmethod
    def read(cls, file: Path) -> "LabelMap":
        """Raises FormatError where it holds no labels, or more than there is room for."""
        names, colours = [], []
        for line in read_text(file).splitlines():
            match = _LINE.fullmatch(line.strip())
            if match is not None:
                names.append(match[1].strip())
                colours.append((int(match[2]), int(match[3]), int(match[4])))
        twice = len(set(colours)) < len(colours) or len(set(names)) < len(names)
        if not names or len(names) > MOST + 2 or twice or max(map(max, colours)) > 255:
            raise FormatError(
                f"{file} is no legend: it needs a label and a colour of its own on each line.",
                remedy=f"The first lines of one: {_HEADER} / background:0,0,0:: / hair:230,159,0::",
            )
        return cls(tuple(names), tuple(colours))

    @property
    def text(self) -> str:
        pairs = zip(self.names, self.colours, strict=True)
        lines = [f"{name}:{','.join(map(str, colour))}::" for name, colour in pairs]
        return "\n".join([_HEADER, *lines, ""])

    @property
    def palette(self) -> list[int]:
        return [value for colour in self.colours for value in colour]

    def indices(self, colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
        """(..., 3) colours to the index of each, -1 of those that it has not."""
        own = [(r << 16) | (g << 8) | b for r, g, b in self.colours]
        order = np.argsort(own)
        wanted = colours.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
        place = np.minimum(np.searchsorted(np.array(own)[order], wanted), len(own) - 1)
        found = order[place]
        return np.asarray(np.where(np.array(own)[found] == wanted, found, -1))


def pascal_colours() -> Iterator[Colour]:
    """Pascal VOC's, of the index 0, 1, 2 and so on: the bits of the index from the highest ones of
    red, green and blue down (`VOClabelcolormap` of its development kit)."""
    for index in range(256):
        colour = [0, 0, 0]
        for bit in range(8):
            for channel in range(3):
                colour[channel] |= ((index >> (3 * bit + channel)) & 1) << (7 - bit)
        yield colour[0], colour[1], colour[2]


def pascal_palette() -> list[int]:
    return [value for colour in pascal_colours() for value in colour]


def _rgb(colour: str) -> Colour:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
