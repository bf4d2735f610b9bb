"""What is recommended where an error is wished for that can be had without buying points."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from landmark_annotator.annotator.gui.pages.budget.sentences import recommended_lines
from landmark_annotator.annotator.session.planning.offer import Offer, Purchase, Unplanned
from landmark_annotator.annotator.session.planning.recommendation import recommend

MODEL = Unplanned(clicks=2.0, error=1.9, image_seconds=7.0, measured=12, by_model=True)


class Format:
    """As much of one as a recommendation reads."""

    def said(self) -> str:
        return "Proven the best."

    def details(self) -> str:
        return "Solved."


@pytest.fixture
def offered() -> Offer:
    """Proposals are 3.0 % off; each point takes 2 s more, of ten images."""
    curve: Any = SimpleNamespace(jumps=[], sizes=[])
    costs: Any = SimpleNamespace()
    made: Any = Format()
    errors = (3.0, 2.5, 2.0, 1.5)
    bought = [
        Purchase(m, made if m else None, error, 3 + 2 * m, 10 * (3 + 2 * m) / 3600)
        for m, error in enumerate(errors)
    ]
    return Offer(curve, None, tuple(bought), costs, 10, (), MODEL, model=True)


def test_where_proposals_are_near_enough_nothing_is_bought(offered: Offer) -> None:
    chosen = recommend(offered, target=3.5)
    assert chosen.m == 0
    assert chosen.reasons == (
        "Without a click the held-out error is at most 3.5 % already: 3.00 %, in 3 s an image. "
        "No points have to be bought for it.",
        "Without a plan each shape is corrected until it is good enough: 2 clicks and 7 s an "
        "image, for an error of 1.90 %.",
    )


def test_so_it_is_where_the_hours_are_enough_for_proposals_alone(offered: Offer) -> None:
    assert recommend(offered, target=3.5, hours=0.01).m == 0


def test_no_plan_that_is_cheaper_says_that_it_reaches_the_target(offered: Offer) -> None:
    chosen = recommend(offered, target=2.0)
    assert chosen.m == 0
    assert chosen.reasons[0] == "Without a plan the error is at most 2 %: 1.90 %."
    assert "2 points on every image would take 7 s each in place of 7 s" in chosen.reasons[1]


def test_points_that_are_cheaper_are_told_beside_what_no_plan_takes(offered: Offer) -> None:
    chosen = recommend(offered, target=2.6)
    assert chosen.m == 1
    assert chosen.reasons[-1] == (
        "Without a plan it is at most that too, 1.90 %, in 7 s an image in place of 5 s."
    )


def test_what_no_points_reach_and_no_plan_does_is_no_plan(offered: Offer) -> None:
    better = replace(offered, unplanned=replace(MODEL, error=1.0, image_seconds=20.0))
    chosen = recommend(better, target=1.2)
    assert chosen.m == 0
    assert chosen.reasons[0] == "Without a plan the error is at most 1.2 %: 1.00 %."


def test_where_its_hours_are_too_many_the_nearest_points_are_told(offered: Offer) -> None:
    better = replace(offered, unplanned=replace(MODEL, error=1.0, image_seconds=20.0))
    chosen = recommend(better, target=1.2, hours=0.03)
    assert chosen.m == 3
    assert "No format within the hours reaches 1.2 %" in chosen.reasons[0]


def test_more_points_that_take_less_time_are_taken(offered: Offer) -> None:
    slow = replace(offered.purchases[2], image_seconds=30.0)
    bought = (*offered.purchases[:2], slow, offered.purchases[3])
    chosen = recommend(replace(offered, purchases=bought, unplanned=None), target=2.0)
    assert chosen.m == 3
    assert "With 3 points, and for no less time," in chosen.reasons[0]


def test_a_target_that_comes_of_millimetres_has_two_decimals(offered: Offer) -> None:
    assert "at most 3.33 % already" in recommend(offered, target=10 / 3).reasons[0]


def test_a_mere_prior_that_reaches_it_is_told_and_does_not_speak_against_points(
    offered: Offer,
) -> None:
    prior = replace(MODEL, error=1.0, image_seconds=20.0, by_model=False)
    chosen = recommend(replace(offered, unplanned=prior, model=False), target=1.2)
    assert chosen.m == 3
    told = "proposals of the labelled shapes reach it: 1.00 %, in 20 s an image."
    assert chosen.reasons[0].endswith(told)


def test_below_what_clicks_are_off_by_it_is_said_and_the_cheaper_is_recommended(
    offered: Offer,
) -> None:
    errors = (3.0, 2.5, 1.501, 1.499)
    bought = tuple(replace(p, error=e) for p, e in zip(offered.purchases, errors, strict=True))
    chosen = recommend(replace(offered, purchases=bought, unplanned=None), target=1.0)
    assert chosen.m == 2
    assert chosen.reasons[0] == (
        "No format reaches 1 %; the nearest is 1.50 % with 2 points. With all 3 clicked it is "
        "1.50 %, which is how far clicks themselves are taken to be off: clicks cannot reach less."
    )


def test_the_most_points_that_may_be_chosen_are_not_all_there_are(offered: Offer) -> None:
    """With some ruled out, or too dear, the last error is no error of clicks."""
    some = replace(offered, unplanned=None, complete=False)
    told = recommend(some, target=1.0).reasons[0]
    assert told == "No format reaches 1 %; the nearest is 1.50 % with 3 points."
    bought = recommend(some, target=2.6).reasons[-1]
    assert bought.endswith("; the most that may be chosen, 3 points, give 1.50 % in 90 s.")


def test_where_nothing_has_to_be_clicked_no_click_is_recommended_and_not_no_plan(
    offered: Offer,
) -> None:
    """No plan costs clicks: it was recommended, at twice the time of looking."""
    chosen = recommend(offered, target=3.5)
    assert (chosen.m, chosen.as_proposed, chosen.met) == (0, True, True)
    assert chosen.title == "no click: look at what is proposed and accept it"
    assert recommend(offered, target=2.0).title == "no plan"


def test_where_hours_are_too_few_for_points_it_is_said_what_no_click_takes(
    offered: Offer,
) -> None:
    fits = (
        "They are enough to look at what is proposed and accept it, without a click: 30 s, for a "
        "held-out error of 3.00 %."
    )
    chosen = recommend(offered, hours=0.01)
    assert (chosen.m, chosen.as_proposed, chosen.met) == (0, True, None)
    assert chosen.reasons[-1] == fits
    assert recommend(offered, hours=0.01, target=2.0).met is False
    least = recommend(offered, hours=0.001)
    assert fits not in least.reasons
    assert (least.m, least.reasons[1]) == (1, "So they last for 0 of 10 images.")


def test_where_no_plan_asks_for_no_click_that_is_told_once(offered: Offer) -> None:
    """Both lines said the same time and error."""
    for clicks, lines in ((2.0, 2), (0.0, 1)):
        offer = replace(offered, unplanned=replace(MODEL, clicks=clicks))
        shop: Any = SimpleNamespace(offer=offer, recommended=recommend(offer, target=2.0))
        told = recommended_lines(shop, offer.purchases[1], "B")
        assert (
            sum(line.startswith("Without a") and " for 10 images" in line for line in told) == lines
        )


def test_whether_the_target_is_met_is_told(offered: Offer) -> None:
    alone = replace(offered, unplanned=None)
    assert recommend(alone, target=1.6).met is True
    assert recommend(alone, target=1.5).m == 3, "all of them are clicked"
    assert recommend(alone, target=1.5).met is True
    assert recommend(alone, target=1.2).met is False
    assert recommend(offered, target=2.0).met is True
    assert recommend(offered).met is None
