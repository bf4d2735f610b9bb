import numpy as np
import pytest

from landmark_annotator.annotator.session.simulation.simulated_clicks import (
    POLICIES,
    ClickRun,
    simulate_clicks,
)
from landmark_annotator.backends.shapes import Proposal, shape_prior
from landmark_annotator.backends.shapes.rules import RULES
from landmark_annotator.projects.vocabulary import Box, Scheme
from landmark_annotator.projects.vocabulary.errors import ActionableError
from tests.drawn_heads import drawn_head

FACE = Scheme.named("face68")


@pytest.fixture(scope="module")
def truth() -> np.ndarray:
    return drawn_head(40)[1].points


@pytest.fixture(scope="module")
def proposal(truth: np.ndarray) -> Proposal:
    shapes = [drawn_head(seed)[1] for seed in range(20)]
    prior = shape_prior([(Box.square_around(shape.points), shape) for shape in shapes])
    return Proposal(Box.square_around(truth).moved((0.05, 0.02), 1.05), prior, "prior")


def run(proposal: Proposal, truth: np.ndarray, rule: str, policy: str, clicks: int) -> ClickRun:
    return simulate_clicks(
        proposal,
        truth,
        FACE,
        rule=rule,
        policy=policy,
        clicks=clicks,
        normaliser_length=100.0,
        click_noise=np.random.default_rng(0).normal(size=truth.shape),
    )


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("rule", RULES)
def test_no_landmark_is_clicked_twice(
    proposal: Proposal, truth: np.ndarray, rule: str, policy: str
) -> None:
    done = run(proposal, truth, rule, policy, 3)
    assert len(set(done.clicked)) == 3
    assert done.errors.shape == (4, 68)


def test_conditioning_needs_fewer_clicks_than_moving_single_points(
    proposal: Proposal, truth: np.ndarray
) -> None:
    ours = run(proposal, truth, "mixture", "worst", 5).nme
    manual = run(proposal, truth, "manual", "worst", 5).nme
    assert ours[0] == manual[0]
    assert ours[5] < 0.6 * manual[5]


def test_the_best_click_is_at_least_as_good_as_any_other(
    proposal: Proposal, truth: np.ndarray
) -> None:
    best = run(proposal, truth, "mixture", "best", 1).nme[1]
    others = [run(proposal, truth, "mixture", p, 1).nme[1] for p in ("worst", "query", "fixed")]
    assert best <= min(others) + 1e-9


def test_the_worst_point_is_clicked_first(proposal: Proposal, truth: np.ndarray) -> None:
    done = run(proposal, truth, "mixture", "worst", 1)
    assert done.clicked == (int(done.errors[0].argmax()),)


def test_the_fixed_policy_starts_at_the_nose(proposal: Proposal, truth: np.ndarray) -> None:
    assert run(proposal, truth, "mixture", "fixed", 1).clicked == (30,)


def test_landmarks_without_truth_are_never_clicked(proposal: Proposal, truth: np.ndarray) -> None:
    gappy = truth.copy()
    gappy[3:] = np.nan
    done = run(proposal, gappy, "mixture", "query", 5)
    assert sorted(done.clicked) == [0, 1, 2]


def test_an_unknown_rule_suggests_the_closest(proposal: Proposal, truth: np.ndarray) -> None:
    with pytest.raises(ActionableError, match='Did you mean "mixture"'):
        run(proposal, truth, "mixtures", "worst", 1)


def test_clicks_on_contours_bring_what_is_seen_of_errors_down_as_exact_ones_do(
    proposal: Proposal, truth: np.ndarray
) -> None:
    def seen(contours: bool) -> ClickRun:
        return simulate_clicks(
            proposal,
            truth,
            FACE,
            rule="mixture",
            policy="worst",
            clicks=8,
            normaliser_length=100.0,
            click_noise=np.random.default_rng(0).normal(size=truth.shape),
            by_eye=True,
            contours=contours,
        )

    exact, contour = seen(False), seen(True)
    assert exact.visible[0] == pytest.approx(contour.visible[0])
    assert (exact.visible <= exact.errors + 1e-9).all()
    assert contour.visible_nme[-1] < 0.5 * contour.visible_nme[0]
    # What is free along its contour is not where a click would have pinned it.
    assert set(contour.clicked) & set(FACE.semilandmarks)
    assert contour.errors[-1].mean() > exact.errors[-1].mean()
