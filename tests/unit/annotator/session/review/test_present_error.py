"""How far off a shape is expected to be once people have been at it."""

from dataclasses import replace

import numpy as np
import pytest

from landmark_annotator.annotator.session.review.present_error import present_error
from landmark_annotator.annotator.session.review.review_session import Reviewed
from landmark_annotator.projects.store import InstanceRecord, InstanceState
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility

BAR = Scheme("bar", ("start", "end"), normaliser=(0, 1))
UNKNOWN = np.full((2, 2), np.nan)
HAND, MODEL, FILE = Provenance.CLICKED, Provenance.INFERRED, Provenance.IMPORTED


def bar(state: InstanceState, marks, covariances) -> Reviewed:
    """100 pixels long; before any click it was expected to be off by 7 %."""
    points, seen = np.array([[0.0, 50.0], [100.0, 50.0]]), np.full(2, Visibility.VISIBLE)
    shape = Shape(points, seen, marks, np.stack(covariances))
    box = Box(0.0, 0.0, 100.0, 100.0)
    record = InstanceRecord(1, 1, box, state, predicted_error=7.0)
    return Reviewed(record, 1, shape, (), "ada", 1, 1.0, None, None)


def test_what_nobody_has_touched_is_as_sure_as_it_was_proposed():
    seen = bar(InstanceState.UNTOUCHED, (MODEL, MODEL), (np.eye(2), np.eye(2)))
    assert present_error(seen, BAR) == 7.0


def test_what_was_placed_by_hand_counts_as_right_and_the_rest_as_it_is_believed():
    seen = bar(InstanceState.ACCEPTED, (HAND, MODEL), (UNKNOWN, 4 * np.eye(2)))
    error = present_error(seen, BAR)
    assert error == pytest.approx(0.5 * 2.0 * np.sqrt(np.pi / 2), rel=0.01)


def test_where_all_was_placed_by_hand_nothing_is_expected_to_be_off():
    seen = bar(InstanceState.ACCEPTED, (HAND, HAND), (UNKNOWN, UNKNOWN))
    assert present_error(seen, BAR) == 0.0


def test_of_labels_from_elsewhere_nothing_is_known():
    seen = bar(InstanceState.ACCEPTED, (HAND, FILE), (UNKNOWN, UNKNOWN))
    assert present_error(seen, BAR) is None


def test_what_is_not_in_the_image_is_not_off():
    points = np.array([[0.0, 50.0], [100.0, 50.0], [np.nan, np.nan]])
    seen = bar(InstanceState.ACCEPTED, (HAND, MODEL), (UNKNOWN, 4 * np.eye(2)))
    shape = Shape(points, None, (HAND, MODEL, HAND), np.stack([UNKNOWN, 4 * np.eye(2), UNKNOWN]))
    scheme = replace(BAR, landmarks=("start", "end", "absent"))
    assert present_error(replace(seen, shape=shape), scheme) == present_error(seen, BAR)
