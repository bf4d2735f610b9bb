"""What a person does in a film: smoothly, in turns, and the same again from the same seed."""

from itertools import pairwise

import numpy as np
import pytest

from landmark_annotator.projects.rendering.production.acting import Acting
from landmark_annotator.projects.rendering.production.motion import spread
from landmark_annotator.projects.rendering.scene.photograph import exposed

FRAMES = 400


@pytest.fixture(scope="module")
def turns() -> np.ndarray:
    moments = [Acting(5).moment(float(t)) for t in range(FRAMES)]
    return np.array([[m.pose.yaw, m.pose.pitch, m.pose.roll] for m in moments])


def test_the_same_seed_acts_the_same() -> None:
    assert Acting(5).moment(77.5) == Acting(5).moment(77.5)
    assert Acting(5).moment(77.5) != Acting(6).moment(77.5)


def test_a_head_turns_far_and_never_leaps(turns: np.ndarray) -> None:
    assert np.ptp(turns[:, 0]) > 40
    assert abs(np.diff(turns, axis=0)).max() < 8


def test_a_head_gathers_speed_and_loses_it_again(turns: np.ndarray) -> None:
    """Acceleration is small beside speed where it moves."""
    assert abs(np.diff(turns, 2, axis=0)).max() < 0.5 * abs(np.diff(turns, axis=0)).max()


def test_a_hand_comes_and_goes() -> None:
    held = [Acting(5).moment(float(t)).occluder == "hand" for t in range(FRAMES)]
    assert 0.05 < np.mean(held) < 0.6
    assert np.diff(np.array(held, int)).clip(0).sum() >= 2


def test_a_hand_does_not_leap_while_it_is_seen() -> None:
    seen = [Acting(5).moment(float(t)) for t in range(FRAMES)]
    steps = [
        np.linalg.norm(np.subtract(after.at, before.at))
        for before, after in pairwise(seen)
        if before.occluder == after.occluder == "hand"
    ]
    assert max(steps) < 0.5


def test_eyes_close_and_open_again() -> None:
    closed = [Acting(5).moment(float(t)).units["eyeBlinkLeft"] for t in range(FRAMES)]
    assert max(closed) > 0.6
    assert np.mean(np.array(closed) == 0) > 0.7


def test_what_moves_during_an_exposure_is_smeared_about_where_it_is_in_its_middle() -> None:
    picture = np.zeros((41, 41, 3))
    picture[20, 20] = 1.0
    motion = np.broadcast_to([8.0, 0.0], (41, 41, 2))
    found = exposed(picture, motion)[..., 0]
    rows, columns = np.mgrid[:41, :41]
    assert found.sum() == pytest.approx(1.0, abs=1e-4)
    assert (found * columns).sum() == pytest.approx(20, abs=1e-3)
    assert (found * abs(columns - 20)).sum() > 1.5
    assert (found * abs(rows - 20)).sum() == pytest.approx(0, abs=1e-3)


def test_a_vertex_speaks_for_what_lies_round_it_and_not_for_what_is_far() -> None:
    places = np.array([30, 60])
    moved = np.array([[4.0, 0.0], [0.0, -2.0]])
    field = spread(places, places, moved, 90)
    assert field[31, 30] == pytest.approx([4.0, 0.0], abs=0.05)
    assert field[60, 59] == pytest.approx([0.0, -2.0], abs=0.05)
