import numpy as np
import pytest

from landmark_annotator.projects.vocabulary import Evidence
from landmark_annotator.projects.vocabulary.errors import ActionableError

ROUND = np.eye(2)


@pytest.mark.parametrize(
    "covariance",
    [
        [[np.nan, 0], [0, 1]],
        [[np.inf, 0], [0, 1]],
        [[1, 0.5], [0, 1]],
        [[1, 2], [2, 1]],
        [[-1, 0], [0, 1]],
        1.0,
        "round",
    ],
)
def test_what_is_no_covariance_is_refused(covariance: object) -> None:
    with pytest.raises(ActionableError, match="covariance"):
        Evidence(0, np.zeros(2), covariance)  # type: ignore[arg-type] # what scripts pass


def test_covariances_that_numbers_have_rounded_are_taken() -> None:
    turn = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    thin = turn @ np.diag([1e4, 0.0]) @ turn.T
    for covariance in (thin, thin.astype(np.float32), np.zeros((2, 2)), 1e-20 * ROUND):
        Evidence(0, np.zeros(2), covariance)
    nearly = np.array([[1, 0.3], [0.3000001, 1]], np.float32)
    Evidence(0, np.zeros(2), nearly)  # type: ignore[arg-type] # what scripts pass


@pytest.mark.parametrize("landmark", [-1, 1.5, "nose", None, [3]])
def test_a_landmark_is_told_by_its_number(landmark: object) -> None:
    with pytest.raises(ActionableError, match="number of a landmark"):
        Evidence(landmark, np.zeros(2), ROUND)  # type: ignore[arg-type] # what scripts pass


@pytest.mark.parametrize("landmark", [3, np.int32(3), 3.0, np.float32(3)])
def test_numbers_of_any_kind_are_whole_ones_inside(landmark: int) -> None:
    assert type(Evidence(landmark, np.zeros(2), ROUND).landmark) is int


def test_a_hidden_position_is_none() -> None:
    with pytest.raises(ActionableError, match="finite"):
        Evidence(0, np.ma.array([1.0, 2.0], mask=[True, False]), ROUND)


def test_a_contour_goes_along_its_direction_whatever_its_length() -> None:
    along = [Evidence.on_contour(0, np.zeros(2), np.array(d), 1, 5) for d in ((3, 4), (0.6, 0.8))]
    np.testing.assert_allclose(along[0].covariance, along[1].covariance)
    with pytest.raises(ActionableError, match="direction"):
        Evidence.on_contour(0, np.zeros(2), np.zeros(2), 1, 5)
