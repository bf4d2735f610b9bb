"""Heat-map networks, their second looks and finders, of half as many channels, for tests of how one
is trained and kept, and not of what the product's own has learned: convolutions take nearly all of
the time of a training."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest


@contextmanager
def narrow_networks() -> Iterator[None]:
    """Of this process: a network that is made or read meanwhile is narrow, and fits no other."""
    from landmark_annotator.backends.finder import network as finder
    from landmark_annotator.backends.heatmap import network as heatmap
    from landmark_annotator.backends.heatmap.refinement import network as second_look

    of_heatmap, last, of_finder, up, stem, of_second_look = _whole()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(heatmap, "WIDTHS", tuple(width // 2 for width in of_heatmap))
        patched.setattr(heatmap, "_LAST", last // 2)
        patched.setattr(finder, "WIDTHS", tuple(width // 2 for width in of_finder))
        patched.setattr(finder, "UP", up // 2)
        patched.setattr(finder, "STEM", stem // 2)
        for name, width in of_second_look.items():
            patched.setattr(second_look, name, width // 2)
        yield


@cache
def _whole() -> tuple[tuple[int, ...], int, tuple[int, ...], int, int, dict[str, int]]:
    """The product's own: where one asks for narrow ones within another they are no narrower."""
    from landmark_annotator.backends.finder import network as finder
    from landmark_annotator.backends.heatmap import network as heatmap
    from landmark_annotator.backends.heatmap.refinement import network as second_look

    of_second_look = {n: getattr(second_look, n) for n in ("_LEVEL", "_FINE", "_WIDE")}
    of_finder = finder.WIDTHS, finder.UP, finder.STEM
    return heatmap.WIDTHS, heatmap._LAST, *of_finder, of_second_look
