"""Whose proposal is seen stands in the line at the bottom, and in the review."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.review.history_panel import _summary
from landmark_annotator.annotator.session.review.review_session import ReviewSession


@pytest.fixture
def brought(hands) -> int:
    """Of the second waiting kite, which is opened then."""
    project, instance_id = hands.window.project, hands.order[1]
    points = np.full((6, 2), 50.0)
    project.store_proposal(
        instance_id,
        points,
        np.tile(np.eye(2), (6, 1, 1)),
        predicted_error=1.0,
        model="ada-net",
        who="ada",
    )
    hands.window.controller.open(instance_id)
    hands.wait_for()
    return instance_id


def test_a_users_model_is_named_with_the_rule(hands, brought):
    line = hands.window.status.model
    said = line.toolTip() or line.text()
    assert said.startswith("Proposed by ada-net, brought by ada.")
    assert "goes before the program's own" in said
    assert np.allclose(hands.points, 50)


def test_the_review_says_whose_it_was_once_it_is_accepted(hands, brought):
    session = ReviewSession(hands.window.project, who="rita")
    scheme = hands.window.project.scheme
    assert "Proposed by ada-net" in _summary(session.open(brought), scheme)
    hands.key(Qt.Key.Key_Return)
    assert "from a proposal of ada-net, brought by ada" in _summary(session.open(brought), scheme)
