"""The finder that comes with the program, on photographs that it has not learned from."""

from pathlib import Path

import numpy as np
import pytest

from landmark_annotator.annotator.protocols.datasets.photographs import TESTING, photographs
from landmark_annotator.backends.finders import FINDER, load_finder
from landmark_annotator.backends.metrics.boxes import matched
from landmark_annotator.projects.vocabulary import Scheme


@pytest.mark.usefixtures("shipped_weights", "landmark_data")
def test_it_finds_most_faces_of_unseen_photographs() -> None:
    scheme = Scheme.named("face68")
    folder = FINDER.shipped(scheme)
    assert folder is not None
    finder = load_finder(folder, scheme)
    hits = found = 0
    for face in photographs(TESTING)[::33]:
        boxes = finder.find(face.read_pixels())
        hits += 0 in matched(boxes, [face.box])
        found += len(boxes)
    assert hits >= 9
    assert found <= 25


@pytest.mark.usefixtures("shipped_weights", "landmark_data")
def test_it_finds_them_in_the_dark_and_in_a_fog() -> None:
    scheme = Scheme.named("face68")
    folder = FINDER.shipped(scheme)
    assert folder is not None
    finder = load_finder(folder, scheme)
    for face in photographs(TESTING)[::99]:
        pixels = face.read_pixels().astype(float)
        for shown in (0.06 * pixels, 110 + 0.05 * pixels):
            assert 0 in matched(finder.find(shown.astype(np.uint8)), [face.box])


@pytest.mark.usefixtures("shipped_weights")
def test_it_is_small() -> None:
    folder = FINDER.shipped(Scheme.named("face68"))
    assert folder is not None
    assert sum(file.stat().st_size for file in Path(folder).iterdir()) < 1_500_000
