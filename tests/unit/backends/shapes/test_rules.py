"""What a click does to the other landmarks, by the rules that have names."""

import numpy as np
import pytest

from landmark_annotator.backends.shapes import Proposal, ShapeMixture
from landmark_annotator.backends.shapes.rules import HARD, MANUAL, MIXTURE, Rule, rule_named
from landmark_annotator.projects.vocabulary import Box, Evidence
from landmark_annotator.projects.vocabulary.errors import ActionableError

ARROW = np.array([[[-0.4, 0.0], [0.4, 0.0]]])
BOX = Box(50, 50, 100, 100)


@pytest.mark.parametrize(("rule", "turned"), [(MIXTURE, True), (HARD, False), (MANUAL, False)])
def test_clicks_turn_an_open_box_only_by_the_rule_that_says_so(rule: Rule, turned: bool) -> None:
    mixture = ShapeMixture(np.zeros(1), ARROW, 1e-4 * np.eye(4))
    proposal = Proposal(BOX, mixture, "arrow", turns=(0.0, np.pi))
    start = Evidence.click(0, np.array([90.0, 50.0]), 0.4)  # where an arrow not turned ends
    end = proposal.given([start], rule).points[1]
    assert bool(abs(end[0] - 10.0) < 5.0) is turned


def test_an_unknown_rule_is_refused_with_the_nearest() -> None:
    with pytest.raises(ActionableError, match='Did you mean "mixture"'):
        rule_named("mixtur")


@pytest.mark.parametrize("rule", [MIXTURE, HARD, MANUAL])
def test_a_landmark_that_was_clicked_twice_is_shown_between_the_clicks(rule: Rule) -> None:
    proposal = Proposal(BOX, ShapeMixture(np.zeros(1), ARROW, 1e-4 * np.eye(4)), "arrow")
    clicks = [Evidence.click(0, np.array([x, 50.0]), 0.4) for x in (12.0, 14.0)]

    first, second = (proposal.given(each, rule).points for each in (clicks, clicks[::-1]))

    np.testing.assert_allclose(first[0], [13.0, 50.0])
    np.testing.assert_allclose(second, first)
