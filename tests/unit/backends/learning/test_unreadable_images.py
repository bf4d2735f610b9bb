"""A training whose images have gone says so."""

import numpy as np
import pytest

from landmark_annotator.backends.learning.patches import read_all
from landmark_annotator.projects.vocabulary import SILENT, Box, LabelledInstance, Shape
from landmark_annotator.projects.vocabulary.errors import ImageError

BLACK = np.zeros((4, 4, 3), np.uint8)


def gone():
    raise ImageError("a.png is not there.")


def labelled(*readers):
    shape = Shape(np.array([[1.0, 2.0], [3.0, 2.0]]))
    return [LabelledInstance(f"{n}", Box(2, 2, 4, 4), shape, r) for n, r in enumerate(readers)]


def test_where_no_image_is_there_nothing_is_trained():
    with pytest.raises(ImageError, match=r"Of 2 objects no image can be read. 0: a.png is not"):
        read_all(labelled(gone, gone), lambda index, pixels: pixels, SILENT)


def test_where_some_are_the_others_are_left_out_with_the_reason():
    found, reasons = read_all(labelled(gone, lambda: BLACK), lambda index, pixels: index, SILENT)
    assert found == {1: 1}
    assert reasons == ["0: a.png is not there."]
