"""Masks in COCO files: as pycocotools reads and writes them, and round exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pycocotools import mask as cocotools

from landmark_annotator.projects.exchange.codecs.common.run_lengths import from_coco, to_coco
from landmark_annotator.projects.vocabulary import Mask
from landmark_annotator.projects.vocabulary.arrays import Bools
from landmark_annotator.projects.vocabulary.errors import FormatError

PICTURES = arrays.arrays(np.bool_, st.tuples(st.integers(1, 40), st.integers(1, 40)))


@given(PICTURES)
def test_run_lengths_are_those_of_pycocotools(picture: Bools) -> None:
    written = to_coco(Mask.of(picture), *picture.shape)
    theirs = cocotools.encode(np.asfortranarray(picture.astype(np.uint8)))

    assert np.array_equal(cocotools.decode(written), picture)
    assert written["counts"] == theirs["counts"].decode()
    assert from_coco(written, 0, 0) == Mask.of(picture)


@given(PICTURES)
def test_run_lengths_as_numbers_are_read_too(picture: Bools) -> None:
    flat = np.concatenate([[False], picture.T.ravel()])
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    counts = np.diff(np.concatenate([[0], edges, [picture.size]])).tolist()

    assert from_coco({"size": list(picture.shape), "counts": counts}, 0, 0) == Mask.of(picture)


def test_a_large_mask_has_long_runs() -> None:
    mask = Mask.of(np.ones((300, 400), dtype=bool), 20, 10)

    assert np.array_equal(cocotools.decode(to_coco(mask, 400, 500)), mask.array(400, 500))


@pytest.mark.parametrize("angle", [0.0, 0.4, 1.1])
def test_polygons_hold_what_they_hold_for_pycocotools(angle: float) -> None:
    turns = np.arange(9) / 9 * 2 * np.pi + angle
    corners = np.column_stack([60 + 37 * np.cos(turns), 50 + 25 * np.sin(turns)])
    polygons = [corners.ravel().tolist(), [5, 5, 15, 5, 15, 12, 5, 12]]

    theirs = cocotools.decode(cocotools.merge(cocotools.frPyObjects(polygons, 100, 120)))

    assert from_coco(polygons, 100, 120).overlap(Mask.of(theirs)) > 0.985


@pytest.mark.parametrize(
    "segmentation",
    [None, 3, "x", {"size": [4, 4]}, {"size": [4, 4], "counts": [3, 4]}, {"size": 4, "counts": "0"},
     {"size": [4, 4], "counts": "o"}, {"size": [1 << 20, 1 << 20], "counts": [1 << 40]},
     {"size": [4, 4], "counts": [-16, 32]}, [[1, 2]], [["a", "b", "c", "d", "e", "f"]], [[1, 2, 3]],
     {"size": [2, 2], "counts": "\x00"}, [[float("nan")] * 6],
     {"size": [2, 2], "counts": "\u00e4"}],
)  # fmt: skip
def test_what_is_no_segmentation_is_refused(segmentation: object) -> None:
    with pytest.raises(FormatError):
        from_coco(segmentation, 50, 50)
