"""Heat-map networks of half as many channels, for tests of how one is trained and kept, and not of
what the product's own has learned: convolutions take nearly all of the time of a training."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def narrow_networks() -> Iterator[None]:
    """Of this process: a network that is made or read meanwhile is narrow, and fits no other."""
    from landmark_annotator.backends.heatmap import network

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(network, "WIDTHS", tuple(width // 2 for width in network.WIDTHS))
        patched.setattr(network, "_LAST", network._LAST // 2)
        yield
