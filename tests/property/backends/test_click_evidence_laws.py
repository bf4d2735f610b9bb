"""Laws of clicks on regions: each is true at its own place, and their order does not matter where
none takes another back."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.backends.segmentation.click_evidence import heeded
from landmark_annotator.backends.segmentation.hints import Click
from landmark_annotator.projects.vocabulary.arrays import AnyFloats, Pixels

SIZE = 48
SPACING = 6
"""Further than clicks take each other back."""
CLICKS = st.lists(
    st.builds(
        lambda column, row, label, belongs: Click(
            SPACING * column + 3.0, SPACING * row + 3.0, label, belongs
        ),
        st.integers(0, 7),
        st.integers(0, 7),
        st.integers(1, 3),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda click: (click.x, click.y),
)


def drawn(seed: int) -> tuple[AnyFloats, Pixels]:
    random = np.random.default_rng(seed)
    odds = 3 * random.normal(0, 1, (4, 6, 6)).repeat(8, axis=1).repeat(8, axis=2)
    likely = np.exp(odds) / np.exp(odds).sum(axis=0)
    pixels = random.integers(0, 256, (6, 6, 3)).astype(np.uint8).repeat(8, axis=0).repeat(8, axis=1)
    return likely.astype(np.float32), np.ascontiguousarray(pixels)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 99), CLICKS)
def test_a_click_makes_its_own_pixel_what_it_says(seed: int, clicks: list[Click]) -> None:
    labels = heeded(*drawn(seed), clicks).argmax(axis=0)

    for click in clicks:
        assert (labels[int(click.y), int(click.x)] == click.label) == click.belongs


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 99), CLICKS, st.randoms(use_true_random=False))
def test_the_order_of_clicks_does_not_matter(
    seed: int, clicks: list[Click], random: Random
) -> None:
    shuffled = list(clicks)
    random.shuffle(shuffled)

    assert np.array_equal(heeded(*drawn(seed), clicks), heeded(*drawn(seed), shuffled))
