"""What becomes of a checked proposal before the rest is accepted counts, and after that no more."""

import numpy as np
import pytest

from landmark_annotator.annotator.session.review.acceptance_rule import AcceptanceRule
from landmark_annotator.projects.store import Project, Verdict
from landmark_annotator.projects.vocabulary import Shape
from landmark_annotator.projects.vocabulary.errors import ProjectError
from tests.unit.annotator.session.review.test_acceptance_rule import (
    LAX,
    POINTS,
    check_all,
    project,  # noqa: F401
    ruled,
)

CORRECTED = Shape(POINTS + np.array([[0, 0], [0, 0], [0, 5]]))


@pytest.fixture
def rule(project: Project) -> AcceptanceRule:  # noqa: F811
    """Enough of a batch is checked, and found right."""
    rule = AcceptanceRule(project, who="rita")
    rule.start(**LAX)
    check_all(rule)
    return rule


def first(rule: AcceptanceRule) -> int:
    """Of what was checked."""
    certificate = rule.project.certificate(rule.scope)
    assert certificate is not None
    return certificate.batch[0][0]


def test_what_is_corrected_after_its_check_was_wrong_and_nothing_is_accepted(
    rule: AcceptanceRule,
) -> None:
    """The rest was accepted as if nobody had found the checked one wrong."""
    rule.project.accept(first(rule), CORRECTED, who="ben")
    with pytest.raises(ProjectError, match="1 wrong"):
        rule.apply()
    assert rule.drawn() is not None
    assert ruled(rule.project) == []


def test_what_is_sent_back_after_its_check_waits_for_another_one(rule: AcceptanceRule) -> None:
    rule.project.review(first(rule), Verdict.SENT_BACK, "the chin", who="ben")
    assert rule.drawn() == first(rule)
    rule.project.accept(first(rule), Shape(POINTS), who="rita")
    rule.judge()
    assert rule.apply()


def test_what_is_left_out_after_its_check_was_wrong(rule: AcceptanceRule) -> None:
    rule.project.exclude(instances=[first(rule)], why="blurred", who="ben")
    assert rule.drawn() is not None
    assert rule.progress is not None
    assert rule.progress.wrong == 1


def test_what_is_corrected_after_the_rest_was_accepted_draws_nothing(
    rule: AcceptanceRule,
) -> None:
    assert rule.apply()
    rule.project.accept(first(rule), CORRECTED, who="ben")
    assert rule.drawn() is None
    assert rule.is_done
