from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.projects.vocabulary import Curve, Scheme
from landmark_annotator.projects.vocabulary.curve import distances, smooth
from landmark_annotator.projects.vocabulary.spacing import spaced_evenly

ANGLES = np.array([0.0, 0.2, 0.5, 1.0, 1.2, 1.8, 2.0])
ARC = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
SCHEME = Scheme("arc", tuple("abcdefg"), curves=(Curve("arc", tuple(range(7)), evenly=True),))


def gaps(points: np.ndarray) -> np.ndarray:
    return np.linalg.norm(np.diff(points, axis=0), axis=1)


def test_gaps_become_equal_between_ends_that_stay_and_on_the_contour() -> None:
    moved = spaced_evenly(ARC, SCHEME)
    assert (moved[[0, -1]] == ARC[[0, -1]]).all()
    assert gaps(moved).max() / gaps(moved).min() < 1.03
    assert distances(moved, smooth(ARC)).max() < 1e-3


def test_what_is_spaced_stays_where_it_is() -> None:
    once = spaced_evenly(ARC, SCHEME)
    assert spaced_evenly(once, SCHEME) == pytest.approx(once, abs=0.01)


def test_a_point_of_its_own_inside_a_contour_stays() -> None:
    crossed = replace(SCHEME, curves=(*SCHEME.curves, Curve("other", (0, 3))))
    moved = spaced_evenly(ARC, crossed)
    assert (moved[3] == ARC[3]).all()
    assert gaps(moved)[:3].std() < 0.01
    assert gaps(moved)[3:].std() < 0.02


def test_round_a_closed_contour_the_first_stays() -> None:
    ring = replace(SCHEME, curves=(Curve("ring", tuple(range(7)), closed=True, evenly=True),))
    angles = np.array([0.0, 1.0, 1.5, 2.5, 3.5, 4.0, 5.2])
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    moved = spaced_evenly(points, ring)
    assert (moved[0] == points[0]).all()
    round_trip = gaps(np.concatenate([moved, moved[:1]]))
    assert round_trip.max() / round_trip.min() < 1.05


def test_a_contour_with_a_gap_and_one_that_is_not_asked_for_are_left_alone() -> None:
    unknown = ARC.copy()
    unknown[2] = np.nan
    assert np.array_equal(spaced_evenly(unknown, SCHEME), unknown, equal_nan=True)
    usual = replace(SCHEME, curves=(Curve("arc", tuple(range(7))),))
    assert (spaced_evenly(ARC, usual) == ARC).all()
