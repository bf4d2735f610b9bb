"""How much two boxes share."""

import pytest

from landmark_annotator.projects.vocabulary import Box


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (Box(5, 5, 10, 10), 1.0),
        (Box(10, 5, 10, 10), 1 / 3),
        (Box(5, 5, 5, 10), 0.5),
        (Box(15, 5, 10, 10), 0.0),
        (Box(100, 100, 10, 10), 0.0),
    ],
)
def test_intersection_over_union(other: Box, share: float) -> None:
    assert Box(5, 5, 10, 10).overlap(other) == pytest.approx(share)
    assert other.overlap(Box(5, 5, 10, 10)) == pytest.approx(share)
