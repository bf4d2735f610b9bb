"""What a model fills in sparsely labelled instances, for a network to learn from once more."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from landmark_annotator.backends.densities.second_round import filled
from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.projects.vocabulary import (
    SILENT,
    Box,
    LabelledInstance,
    Provenance,
    Shape,
    Visibility,
)
from landmark_annotator.projects.vocabulary.arrays import Pixels

_MEAN = np.array([[-0.3, -0.3], [0.3, -0.3], [0.0, 0.3], [0.1, 0.1], [-0.1, 0.1]])
_BOX = Box(50, 50, 100, 100)
_HIDDEN, _SEEN = Visibility.OCCLUDED, Visibility.VISIBLE


@dataclass
class _Model:
    """Proposes the mean shape in every box."""

    model: Any = field(
        default_factory=lambda: SimpleNamespace(inference=SimpleNamespace(reference=_MEAN))
    )

    def propose(self, pixels: Pixels, box: Box) -> Proposal:
        return Proposal(box, ShapeMixture(np.zeros(1), _MEAN[None], np.eye(10) * 1e-3), "test")


def _filled(shape: Shape) -> Shape:
    sparse = LabelledInstance("a", _BOX, shape, lambda: np.zeros((100, 100, 3), np.uint8))
    (found,) = filled(_Model(), [sparse], SILENT)  # type: ignore[arg-type]
    return found.shape


def test_what_was_said_to_be_hidden_stays_hidden() -> None:
    points = _BOX.to_image(_MEAN)
    points[2:] = np.nan
    visibility = [_HIDDEN, _SEEN, Visibility.NOT_LABELLED, _HIDDEN, Visibility.NOT_LABELLED]

    found = _filled(Shape(points, visibility))

    assert found.known.all()
    assert found.visibility.tolist() == [_HIDDEN, _SEEN, _SEEN, _HIDDEN, _SEEN]


def test_what_was_said_not_to_be_in_the_image_is_not_filled() -> None:
    points = _BOX.to_image(_MEAN)
    points[2:] = np.nan
    marks = [Provenance.CLICKED] * 3 + [None] * 2
    shape = Shape(points, None, marks)
    assert shape.absent.tolist() == [False, False, True, False, False]

    found = _filled(shape)

    assert found.known.tolist() == [True, True, False, True, True]
    assert found.absent.tolist() == shape.absent.tolist()
