"""Masks of rendered heads and their landmarks speak of the same person."""

import numpy as np
import pytest

from landmark_annotator.annotator.protocols.datasets.head_masks import (
    REGIONS,
    embedded_heads,
    parsing_scheme,
)
from landmark_annotator.projects.vocabulary.arrays import Bools, Floats


def middle(mask: Bools) -> Floats:
    rows, columns = np.nonzero(mask)
    return np.array([columns.mean(), rows.mean()])


@pytest.mark.parametrize("part", ["brow", "eye"])
def test_left_is_where_the_landmarks_have_it(part: str) -> None:
    names = parsing_scheme().landmarks
    sides = [f"left {part}", f"right {part}"]
    compared = 0
    for head in embedded_heads():
        points = [
            head.instance.shape.points[[name.startswith(side) for name in names]].mean(axis=0)
            for side in sides
        ]
        masks = [head.labels == REGIONS.index(side) + 1 for side in sides]
        if all(mask.sum() > 60 for mask in masks):
            left = middle(masks[0])
            assert np.linalg.norm(left - points[0]) < np.linalg.norm(left - points[1]), head
            compared += 1
    assert compared > 20
