"""Heat-map networks and finders of half as many channels, for tests of how one is trained and kept,
and not of what the product's own has learned: convolutions take nearly all of the time of a
training."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest


@contextmanager
def narrow_networks() -> Iterator[None]:
    """Of this process: a network that is made or read meanwhile is narrow, and fits no other."""
    from landmark_annotator.backends.finder import network as finder
    from landmark_annotator.backends.heatmap import network as heatmap

    of_heatmap, last, of_finder, up, stem = _whole()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(heatmap, "WIDTHS", tuple(width // 2 for width in of_heatmap))
        patched.setattr(heatmap, "_LAST", last // 2)
        patched.setattr(finder, "WIDTHS", tuple(width // 2 for width in of_finder))
        patched.setattr(finder, "UP", up // 2)
        patched.setattr(finder, "STEM", stem // 2)
        yield


@cache
def _whole() -> tuple[tuple[int, ...], int, tuple[int, ...], int, int]:
    """The product's own: where one asks for narrow ones within another they are no narrower."""
    from landmark_annotator.backends.finder import network as finder
    from landmark_annotator.backends.heatmap import network as heatmap

    return heatmap.WIDTHS, heatmap._LAST, finder.WIDTHS, finder.UP, finder.STEM
