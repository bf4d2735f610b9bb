import numpy as np
import pytest

from landmark_annotator.projects.vocabulary import Evidence, Provenance, Shape, Visibility
from landmark_annotator.projects.vocabulary.errors import ActionableError


def test_a_known_point_is_visible_unless_said_otherwise() -> None:
    shape = Shape([[1.0, 2.0], [np.nan, np.nan]])
    assert shape.visibility.tolist() == [Visibility.VISIBLE, Visibility.NOT_LABELLED]
    assert not shape.complete


def test_half_a_position_is_none() -> None:
    assert not Shape([[1.0, np.nan]]).known.any()


def test_arrays_cannot_be_changed_from_outside() -> None:
    points = np.zeros((2, 2))
    shape = Shape(points)
    points[0] = 5
    assert shape.points[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        shape.points[0] = 1


def test_mirroring_twice_is_the_identity() -> None:
    marks = (Provenance.CLICKED, Provenance.INFERRED, None)
    covariances = np.tile([[2.0, 0.5], [0.5, 1.0]], (3, 1, 1))
    shape = Shape([[1, 2], [5, 2], [3, 9]], [2, 1, 2], marks, covariances)
    once = shape.mirrored((1, 0, 2), 10.0)
    assert once.points[0].tolist() == [15, 2]
    assert once.provenance[1] is Provenance.CLICKED
    assert once.mirrored((1, 0, 2), 10.0) == shape


@pytest.mark.parametrize("visibility", [[2], [2, 3]])
def test_wrong_visibilities_are_refused(visibility: list[int]) -> None:
    with pytest.raises(ActionableError, match="visibilities"):
        Shape([[0, 0], [1, 1]], visibility)


def test_evidence_must_be_a_place() -> None:
    with pytest.raises(ActionableError, match="finite"):
        Evidence.click(0, np.array([np.nan, 1.0]), 1.0)
