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


@pytest.mark.parametrize("point", [[np.inf, 2.0], [1.0, -np.inf], [np.nan, np.inf]])
def test_an_infinite_position_is_refused(point: list[float]) -> None:
    """It was unknown from then on, without a word."""
    with pytest.raises(ActionableError, match=r"number 1 of a shape is at .*inf.*NaN"):
        Shape([[1.0, 2.0], point])


def test_what_a_masked_array_hides_is_unknown() -> None:
    points = np.ma.array([[1.0, 2.0], [3.0, 4.0]], mask=[[True, True], [False, False]])
    for given in (points, list(points)):
        shape = Shape(given)  # type: ignore[arg-type] # what scripts pass
        assert shape.known.tolist() == [False, True]
        assert shape.visibility.tolist() == [Visibility.NOT_LABELLED, Visibility.VISIBLE]
    hidden = np.ma.array([2, 2], mask=[True, False])
    assert Shape(points, hidden).visibility.tolist() == [0, 2]


@pytest.mark.parametrize("points", ["abc", [(1, 2), (3,)], [("a", "b")], [(1j, 2)]])
def test_what_is_no_number_is_refused(points: object) -> None:
    with pytest.raises(ActionableError, match="needs numbers"):
        Shape(points)  # type: ignore[arg-type] # what scripts pass


def test_a_provenance_is_one_by_its_text_too_and_nothing_else_is() -> None:
    given = ["clicked", Provenance.FILLED, None]
    shape = Shape([(1, 2)] * 3, provenance=given)  # type: ignore[arg-type] # what scripts pass
    assert [type(mark) for mark in shape.provenance] == [Provenance, Provenance, type(None)]
    for wrong in (["by hand"], [5], "clicked", [True]):
        with pytest.raises(ActionableError, match="no provenance"):
            Shape([(1, 2)] * len(wrong), provenance=wrong)  # type: ignore[arg-type]


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
