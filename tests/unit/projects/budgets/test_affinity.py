"""How much each landmark says about each other one."""

import numpy as np
import pytest
from scipy.linalg import svdvals

from landmark_annotator.projects.budgets.affinity import affinity, box_frame
from landmark_annotator.projects.vocabulary.errors import ActionableError, TooFewLabels

UPPER_LIP, LOWER_LIP, NEAR_UPPER = 62, 66, 61


@pytest.fixture(scope="module")
def faces(landmark_data: object) -> np.ndarray:
    from landmark_annotator.annotator.protocols.datasets import faces300w

    return np.stack([face.shape.points for face in faces300w.faces(("faces68/lfpw-test",))])


def by_definition(shapes: np.ndarray, i: int, j: int) -> float:
    """The mean cosine of the angles between the spaces that the coordinates span."""
    bases = [np.linalg.qr(shapes[:, k] - shapes[:, k].mean(axis=0))[0] for k in (i, j)]
    return float(svdvals(bases[0].T @ bases[1]).mean())


def test_it_is_the_mean_canonical_correlation(faces: np.ndarray) -> None:
    matrix = affinity(faces).matrix
    framed = box_frame(faces)
    for i, j in ((0, 16), (36, 45), (UPPER_LIP, LOWER_LIP)):
        assert matrix[i, j] == pytest.approx(by_definition(framed, i, j), abs=1e-9)


def test_it_is_symmetric_within_bounds_and_one_with_itself(faces: np.ndarray) -> None:
    matrix = affinity(faces).matrix
    assert np.array_equal(matrix, matrix.T)
    assert (np.diag(matrix) == 1.0).all()
    assert ((matrix >= 0) & (matrix <= 1)).all()


def test_lips_that_open_correlate_less_than_points_of_one_lip(faces: np.ndarray) -> None:
    matrix = affinity(faces).matrix
    assert matrix[UPPER_LIP, LOWER_LIP] < matrix[UPPER_LIP, NEAR_UPPER] - 0.1


@pytest.mark.parametrize("frame", ["box", "procrustes"])
def test_where_and_how_large_a_shape_is_does_not_matter(faces: np.ndarray, frame: str) -> None:
    random = np.random.default_rng(0)
    scale = random.uniform(0.5, 3, (len(faces), 1, 1))
    moved = faces * scale + random.uniform(-500, 500, (len(faces), 1, 2))
    expected = affinity(faces, frame=frame).matrix
    assert affinity(moved, frame=frame).matrix == pytest.approx(expected, abs=1e-6)


def test_turned_shapes_are_the_same_in_the_procrustes_frame(faces: np.ndarray) -> None:
    angle = np.random.default_rng(0).uniform(-1, 1, len(faces))
    turns = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=1)
    turned = np.einsum("nab,nlb->nla", turns.reshape(-1, 2, 2), faces)
    expected = affinity(faces, frame="procrustes").matrix
    assert affinity(turned, frame="procrustes").matrix == pytest.approx(expected, abs=1e-4)


def test_each_pair_is_compared_where_both_are_known(faces: np.ndarray) -> None:
    gaps = faces.copy()
    gaps[::3, 5] = np.nan
    gaps[1::4, 40] = np.nan
    both = np.isfinite(gaps[:, 5, 0]) & np.isfinite(gaps[:, 40, 0])
    expected = by_definition(box_frame(gaps)[both], 5, 40)
    assert affinity(gaps).matrix[5, 40] == pytest.approx(expected, abs=1e-9)


def test_shapes_without_gaps_give_the_same_both_ways(faces: np.ndarray) -> None:
    one_gap = np.concatenate([faces, faces[:1]])
    one_gap[-1, 1:] = np.nan  # one landmark alone says nothing of a pair
    assert affinity(one_gap).matrix == pytest.approx(affinity(faces).matrix, abs=1e-9)


def test_fewer_shapes_than_landmarks_are_warned_of(faces: np.ndarray) -> None:
    [warning] = affinity(faces[:30]).warnings
    assert "30 labelled shapes are fewer than the 68 landmarks" in warning
    assert "seems to follow more closely than it does" in warning
    assert affinity(faces).warnings == ()


def test_a_landmark_that_never_moves_correlates_with_nothing_and_is_named() -> None:
    random = np.random.default_rng(0)
    shapes = random.normal(size=(40, 5, 2))
    shapes[:, 3], shapes[:, 4] = (-9, -9), (9, 9)  # the corners of every box
    found = affinity(shapes)
    assert np.isfinite(found.matrix).all()
    assert found.matrix[3, :3].max() == 0.0
    assert "landmark 3, landmark 4" in found.warnings[0]


def test_of_two_landmarks_it_is_said_that_they_follow_whatever_they_do() -> None:
    """Each is opposite the other in the square around both, however they were drawn."""
    shapes = np.random.default_rng(0).normal(0, 10, (30, 2, 2))
    found = affinity(shapes)
    assert found.matrix[0, 1] == pytest.approx(1.0)
    assert any(warning.startswith("Of two landmarks") for warning in found.warnings)


@pytest.mark.parametrize("places", [np.full((5, 2), 50.0), np.arange(10.0).reshape(5, 2)])
def test_shapes_that_are_all_the_same_are_refused(places: np.ndarray) -> None:
    with pytest.raises(TooFewLabels, match="All 12 labelled shapes are the same") as raised:
        affinity(np.tile(places, (12, 1, 1)))
    assert "label different images" in raised.value.remedy


def test_one_constant_coordinate_leaves_the_other_to_correlate() -> None:
    random = np.random.default_rng(0)
    shapes = random.normal(size=(60, 5, 2))
    shapes[:, 3], shapes[:, 4] = (-9, -9), (9, 9)
    shapes[:, 1, 1] = 0.0
    shapes[:, 0, 0] = shapes[:, 1, 0] * 2 + 0.1
    assert affinity(shapes).matrix[0, 1] == pytest.approx(1.0, abs=1e-6)


def test_shapes_whose_landmarks_lie_on_one_line_are_warned_of(faces: np.ndarray) -> None:
    lost = faces.copy()
    lost[:3, :, 1] = 0.0
    [warning] = affinity(lost).warnings
    assert warning.startswith(f"In 3 of {len(faces)} labelled shapes all landmarks lie on one line")


def test_a_landmark_that_is_never_labelled_is_named() -> None:
    shapes = np.random.default_rng(0).normal(size=(20, 5, 2))
    shapes[:, 2] = np.nan
    with pytest.raises(
        TooFewLabels, match=r"1 of 5 landmarks is labelled in no shape.* landmark 2"
    ):
        affinity(shapes)


def test_two_landmarks_that_are_never_known_together_are_named() -> None:
    shapes = np.random.default_rng(0).normal(size=(20, 5, 2))
    shapes[:10, 1] = np.nan
    shapes[10:, 4] = np.nan
    with pytest.raises(
        TooFewLabels, match="landmark 1 and landmark 4 are known together in 0 shapes"
    ):
        affinity(shapes)


@pytest.mark.parametrize("count", [2, 4])
def test_shapes_in_which_all_correlate_by_their_number_are_too_few(count: int) -> None:
    with pytest.raises(TooFewLabels, match="at least 5"):
        affinity(np.random.default_rng(0).normal(size=(count, 5, 2)))


def test_what_is_no_shapes_is_refused() -> None:
    with pytest.raises(ActionableError, match="N, L, 2"):
        affinity(np.zeros((4, 5)))
