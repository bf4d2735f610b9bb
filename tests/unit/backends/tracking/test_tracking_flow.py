"""What dense flow says between two frames, and how sure it is of that."""

import cv2
import numpy as np
import pytest

from landmark_annotator.backends.tracking import flow_between, leap_of
from landmark_annotator.projects.vocabulary import Box
from landmark_annotator.projects.vocabulary.arrays import Floats, Pixels

SIDE = 200
BOX = Box(100, 100, 80, 80)
POINTS = np.array([[75.0, 80.0], [110.0, 90.0], [125.0, 130.0]])


def _texture(seed: int = 0) -> Pixels:
    noise = np.random.default_rng(seed).uniform(0, 255, (SIDE, SIDE)).astype(np.float32)
    blurred = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.asarray(cv2.normalize(blurred, None, 0, 255, cv2.NORM_MINMAX), dtype=np.uint8)


def _moved(pixels: Pixels, step: tuple[float, float]) -> Pixels:
    matrix = np.array([[1.0, 0.0, step[0]], [0.0, 1.0, step[1]]])
    return np.asarray(cv2.warpAffine(pixels, matrix, (SIDE, SIDE)), dtype=np.uint8)


def _carried(later: Pixels) -> tuple[Floats, Floats]:
    return flow_between(_texture(), later, (BOX, BOX)).carried(POINTS)


def test_points_go_with_what_is_under_them() -> None:
    found, _ = _carried(_moved(_texture(), (5.0, -3.0)))
    assert found == pytest.approx(np.tile([5.0, -3.0], (3, 1)), abs=0.5)


def test_the_way_back_leads_home() -> None:
    flow = flow_between(_texture(), _moved(_texture(), (5.0, -3.0)), (BOX, BOX))
    step, _ = flow.carried(POINTS)
    back, _ = flow.carried_back(POINTS + step)
    assert back == pytest.approx(-step, abs=0.5)


def test_what_is_looked_at_where_it_has_leapt_to_leads_there_and_home() -> None:
    later = _moved(_texture(), (45.0, -37.0))
    flow = flow_between(_texture(), later, (BOX, BOX), np.array([43.0, -38.0]))
    step, variances = flow.carried(POINTS)
    back, _ = flow.carried_back(POINTS + step)
    assert step == pytest.approx(np.tile([45.0, -37.0], (3, 1)), abs=0.5)
    assert back == pytest.approx(-step, abs=0.5)
    assert variances.max() < 4


@pytest.mark.parametrize("step", [(0.0, 0.0), (45.0, -37.0), (-70.0, 75.0)])
def test_a_leap_is_where_the_object_is_seen_again(step: tuple[float, float]) -> None:
    found = leap_of(_texture(), _moved(_texture(), step), BOX)
    assert found == pytest.approx(step, abs=BOX.side / 32)


def test_large_objects_are_looked_at_in_less_detail_and_in_the_right_place() -> None:
    large = np.asarray(cv2.resize(_texture(), None, fx=5, fy=5), dtype=np.uint8)
    box = Box(502, 502, 400, 400)
    matrix = np.array([[1.0, 0.0, 10.0], [0.0, 1.0, 5.0]])
    later = np.asarray(cv2.warpAffine(large, matrix, (5 * SIDE, 5 * SIDE)), dtype=np.uint8)
    found, _ = flow_between(large, later, (box, box)).carried(POINTS * 5)
    assert found == pytest.approx(np.tile([10.0, 5.0], (3, 1)), abs=1.0)


def test_flow_is_less_sure_where_another_thing_has_come() -> None:
    """The third landmark lies where a patch of another texture covers the next frame."""
    later = _moved(_texture(), (2.0, 1.0))
    later[110:150, 105:145] = _texture(5)[110:150, 105:145]
    _, variances = _carried(later)
    assert variances[2] > 4 * variances[:2].max()


def test_where_nobody_looked_flow_says_nothing() -> None:
    flow = flow_between(_texture(), _texture(), (BOX, BOX))
    step, variances = flow.carried(np.array([[500.0, 500.0], [np.nan, np.nan], [100.0, 100.0]]))
    assert np.isinf(variances).tolist() == [True, True, False]
    assert step[:2].tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_a_window_beyond_the_frame_is_looked_at_too() -> None:
    box = Box(10, 190, 80, 80)
    found, variances = flow_between(
        _texture(), _moved(_texture(), (3.0, -2.0)), (box, box)
    ).carried(np.array([[20.0, 180.0]]))
    assert found[0] == pytest.approx([3.0, -2.0], abs=0.7)
    assert np.isfinite(variances).all()
