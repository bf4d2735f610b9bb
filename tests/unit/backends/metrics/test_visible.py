import numpy as np
import pytest

from landmark_annotator.backends.metrics import visible_errors, visible_nme
from landmark_annotator.projects.vocabulary import Curve, Scheme

ARC = Scheme("arc", ("a", "b", "c", "d", "e", "eye"), curves=(Curve("arc", (0, 1, 2, 3, 4)),))
ANGLES = np.linspace(0, np.pi, 5)
TRUTH = np.concatenate([np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1), [[0.0, 0.0]]])


def at(angle: float, radius: float = 1.0) -> list[float]:
    return [radius * float(np.cos(angle)), radius * float(np.sin(angle))]


def test_along_the_contour_nothing_is_seen_and_across_it_all() -> None:
    points = TRUTH.copy()
    points[1], points[2] = at(ANGLES[1] + 0.3), at(ANGLES[2], 1.1)
    errors = visible_errors(points, TRUTH, ARC, 1.0)
    assert errors[1] < 1.5
    assert errors[2] == pytest.approx(10.0, abs=0.1)


def test_ends_and_single_points_are_judged_by_their_distance() -> None:
    points = TRUTH.copy()
    points[0], points[5] = at(ANGLES[0] + 0.3), [0.0, 0.2]
    errors = visible_errors(points, TRUTH, ARC, 2.0)
    assert errors[0] == pytest.approx(50 * np.linalg.norm(points[0] - TRUTH[0]))
    assert errors[5] == pytest.approx(10.0)


def test_past_the_end_of_a_contour_is_seen() -> None:
    points = TRUTH.copy()
    points[1] = [1.0, -0.5]
    assert visible_errors(points, TRUTH, ARC, 1.0)[1] == pytest.approx(50.0)


def test_unknown_landmarks_count_nowhere() -> None:
    truth, points = TRUTH.copy(), TRUTH.copy()
    truth[2], points[3] = np.nan, np.nan
    errors = visible_errors(np.stack([points, points]), truth, ARC, 1.0)
    assert np.isnan(errors).sum(axis=1).tolist() == [2, 2]
    assert visible_nme(points, truth, ARC, 1.0) == pytest.approx(0.0, abs=1e-9)
