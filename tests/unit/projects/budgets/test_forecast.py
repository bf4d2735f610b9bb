"""What the rest will take, by the few that are finished."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pytest

from landmark_annotator.projects.budgets.forecast import (
    LEAST,
    Effort,
    Forecast,
    forecast,
    typical,
    why_none,
)

_LANDMARKS = 68


def efforts(*clicks: int, by_hand: bool = False) -> list[Effort]:
    return [Effort(n, 2.0 * n, by_hand) for n in clicks]


def rest(clicks: list[int], remaining: int, begun: Mapping[Effort, int] | None = None) -> Forecast:
    found = forecast(efforts(*clicks), begun or {}, remaining, _LANDMARKS)
    assert found is not None
    return found


def test_after_one_image_by_hand_there_is_nothing_to_go_by() -> None:
    done = [*efforts(73, by_hand=True), *efforts(2, 3)]
    assert forecast(done, {}, 38, _LANDMARKS) is None
    assert why_none(done) == (
        "too few images to say (2 are finished since the model proposes, 4 are needed)"
    )


def test_where_all_labels_were_imported_none_counts_as_finished_by_hand() -> None:
    assert why_none([]) == "too few images to say (none is finished by hand, 4 are needed)"
    assert why_none([], "object").startswith("too few objects to say")


def test_without_any_proposal_images_by_hand_are_what_there_is() -> None:
    done = efforts(12, 12, 12, 12, by_hand=True)
    assert typical(done) == done
    found = forecast(done, {}, 10, landmarks=12)
    assert found is not None
    assert found.clicks.expected == 120


def test_it_is_never_nothing_where_images_take_something() -> None:
    """All nine that are left have taken more than most: they were begun, and sent back."""
    found = rest([1, 2, 1, 2, 2], 9, Counter(efforts(*[2] * 9)))
    assert found.clicks.expected == pytest.approx(9 * 1.6)
    assert found.clicks.low > 0


def test_what_is_left_of_a_begun_image_is_what_longer_ones_took() -> None:
    found = rest([1, 3, 5, 7], 1, Counter(efforts(4)))
    assert found.clicks.expected == 2  # five and seven are longer


def test_what_a_model_found_and_nobody_has_touched_is_not_begun() -> None:
    """Most of what is followed through a video is accepted as it is: each counted as if it needed
    some clicks."""
    done = [*[0] * 6, 3, 3]
    found, untouched = rest(done, 9, Counter(efforts(*[0] * 9))), rest(done, 9)
    assert found == untouched
    assert found.clicks.expected == pytest.approx(9 * 0.75)


def test_where_nothing_was_ever_clicked_any_of_the_rest_may_need_every_landmark() -> None:
    """Of six at most every second one: each counted as one click, and of what needs some clicks now
    and then 95 % held 61 times in a hundred."""
    found = rest([0] * 6, 12)
    assert (found.clicks.expected, found.clicks.high) == (0, 6 * _LANDMARKS)


def test_the_interval_holds_where_most_images_take_one_click() -> None:
    """Ten of one click each say little of the others: the interval had no width, and held 4 times
    of ten."""
    rng = np.random.default_rng(0)
    inside = 0
    for _ in range(300):
        clicks = np.where(rng.random(70) < 0.97, 1, 1 + rng.geometric(0.3, 70))
        found = rest(clicks[:10].tolist(), 60)
        inside += found.clicks.low <= clicks[10:].sum() <= found.clicks.high
    assert inside / 300 > 0.88


def test_where_every_image_took_what_the_plan_asks_there_is_nothing_to_be_unsure_of() -> None:
    found = forecast(efforts(*[5] * 6), {}, 10, _LANDMARKS, asked=5)
    assert found is not None
    assert found.clicks.said() == "50"


def test_what_has_taken_that_already_and_is_not_accepted_takes_nobody_knows_how_much() -> None:
    """It waits to be accepted, or was sent back: "5 clicks" was told without an interval."""
    begun = Counter(efforts(5))
    found = forecast(efforts(*[5] * 6), begun, 1, _LANDMARKS, asked=5)
    assert found is not None
    assert found.clicks.low < found.clicks.expected < found.clicks.high
    half = forecast(efforts(*[5] * 6), Counter(efforts(3)), 1, _LANDMARKS, asked=5)
    assert half is not None
    assert half.clicks.said() == "2"


def test_no_image_takes_more_than_a_click_on_every_landmark() -> None:
    """Ten that took fewer and fewer say as much as two, and it was up to ten million clicks."""
    found = rest([40, 31, 24, 19, 14, 11, 8, 6, 4, 3], 6)
    assert (found.clicks.low, found.clicks.high) == (0, 6 * _LANDMARKS)
    assert found.seconds.high < 3600


def test_finished_images_that_say_little_are_told_as_such() -> None:
    assert rest([40, 31, 24, 19, 14, 11, 8, 6, 4, 3], 6).certainty == (
        "95 % if like the last 10, which say no more than 2 unrelated ones would"
    )
    assert rest([3, 1, 2, 4] * 3, 6).certainty == "95 % if like the last 12"


@pytest.mark.parametrize("finished", [LEAST, 10, 50])
def test_the_interval_holds_what_comes_and_narrows(finished: int) -> None:
    """Images that take one click and more, with a long tail."""
    rng = np.random.default_rng(finished)
    inside = 0
    widths = []
    for _ in range(400):
        clicks = rng.geometric(0.4, finished + 60)
        found = rest(clicks[:finished].tolist(), 60)
        truth = clicks[finished:].sum()
        # Where the few all took the same, nothing is known of how much they differ.
        inside += found.clicks.low <= truth <= found.clicks.high
        widths.append(found.clicks.high / max(found.clicks.low, 1e-9))
    assert inside / 400 > 0.88
    if finished == 50:
        assert np.median(widths) < 2


def test_fewer_images_give_a_wider_interval() -> None:
    few, many = (rest([1, 2, 3, 2] * n, 50) for n in (1, 10))
    assert few.clicks.expected == many.clicks.expected
    assert few.clicks.low < many.clicks.low
    assert few.clicks.high > many.clicks.high


@pytest.mark.parametrize("in_a_row", [5, 10])
def test_the_interval_holds_where_related_images_take_alike(in_a_row: int) -> None:
    """Of animals of which some are hard, so many images each: of a hundred that were finished it
    held what came for two in three, and half."""
    rng = np.random.default_rng(in_a_row)
    inside = 0
    for _ in range(300):
        hard = np.repeat(np.exp(rng.normal(0, 0.5, 200 // in_a_row)), in_a_row)
        clicks = rng.poisson(4 * hard)
        found = rest(clicks[:100].tolist(), 100)
        inside += found.clicks.low <= clicks[100:].sum() <= found.clicks.high
    assert inside / 300 > 0.85


@pytest.mark.parametrize("in_a_row", [20, 25])
def test_it_holds_where_a_hundred_are_of_four_or_five_animals(in_a_row: int) -> None:
    """What these few tell of how long a row is comes out too short, the more so the fewer they
    are: it held what came in four of five."""
    rng = np.random.default_rng(in_a_row)
    inside = 0
    for _ in range(400):
        hard = np.repeat(np.exp(rng.normal(0, 0.6, 500 // in_a_row + 1)), in_a_row)
        clicks = rng.poisson(8 * hard[rng.integers(in_a_row) :][:500])
        found = rest(clicks[:100].tolist(), 400)
        inside += found.clicks.low <= clicks[100:].sum() <= found.clicks.high
    assert inside / 400 > 0.88
