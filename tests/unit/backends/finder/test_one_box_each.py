"""Of boxes that share much, which may be of two objects, and which are of one."""

import numpy as np

from landmark_annotator.backends.finder.finder import best_first
from landmark_annotator.backends.finder.training import _NESTED, _SHARED, _most
from landmark_annotator.backends.metrics.boxes import nesting, overlap
from landmark_annotator.projects.vocabulary import Box, Found, LabelledImage

WHOLE, FRONT, OTHER = Box(50, 50, 60, 80), Box(45, 35, 36, 44), Box(82, 52, 60, 80)
YOUNG = Box(50, 60, 30, 30)


def labelled(*objects: Box) -> LabelledImage:
    return LabelledImage("image", (100, 100), objects, lambda: np.zeros((100, 100, 3), np.uint8))


def kept(found: list[Box], images: list[LabelledImage]) -> list[Box]:
    limits = _most(images, overlap, _SHARED), _most(images, nesting, _NESTED)
    scored = [Found(box, 0.9 - 0.1 * n) for n, box in enumerate(found)]
    return [each.box for each in best_first(scored, *limits)]


def test_the_front_of_an_object_is_no_object_within_it() -> None:
    """Hardly more than a quarter of what both cover is shared."""
    assert kept([WHOLE, FRONT], [labelled(WHOLE)]) == [WHOLE]


def test_an_object_beside_it_is_one() -> None:
    assert kept([WHOLE, OTHER], [labelled(WHOLE)]) == [WHOLE, OTHER]


def test_where_labelled_objects_lie_within_others_found_ones_may() -> None:
    assert kept([WHOLE, FRONT], [labelled(WHOLE), labelled(WHOLE, YOUNG)]) == [WHOLE, FRONT]
