"""A certificate is false as rarely as it says, whatever is wrong, and ends early where it may."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landmark_annotator.projects.certificates import Demand, chance_of_at_most


def exactly(most: int, total: int, bad: int, drawn: int) -> Fraction:
    ways = sum(
        math.comb(bad, found) * math.comb(total - bad, drawn - found) for found in range(most + 1)
    )
    return Fraction(ways, math.comb(total, drawn))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_chances_are_exact(data: st.DataObject) -> None:
    total = data.draw(st.integers(1, 60))
    bad, drawn = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    most = data.draw(st.integers(0, min(bad, drawn)))
    found = chance_of_at_most(most, total, bad, drawn)
    assert found == pytest.approx(float(exactly(most, total, bad, drawn)), abs=1e-10)


def chance_of_a_false_certificate(demand: Demand, total: int, bad: int) -> float:
    """Exactly, over every way in which the draws can go: more than allowed are left at its end."""
    allowed, false = demand.allowed(total), 0.0
    going = {0: 1.0}
    """The chance of having found so many without an end yet."""
    for drawn in range(total + 1):
        ended = [wrong for wrong in going if demand.met(total, drawn, wrong)]
        for wrong in ended:
            chance = going.pop(wrong)
            false += chance if bad - wrong > allowed else 0.0
        if drawn == total:
            break
        after: dict[int, float] = {}
        for wrong, chance in going.items():
            next_bad = (bad - wrong) / (total - drawn)
            after[wrong + 1] = after.get(wrong + 1, 0.0) + chance * next_bad
            after[wrong] = after.get(wrong, 0.0) + chance * (1 - next_bad)
        going = {wrong: chance for wrong, chance in after.items() if chance > 0}
    assert not going
    return false


@pytest.mark.parametrize("total", [10, 57, 120])
@pytest.mark.parametrize(("share", "confidence"), [(0.02, 0.95), (0.05, 0.9), (0.1, 0.99)])
def test_a_certificate_is_false_no_more_often_than_it_says(
    total: int, share: float, confidence: float
) -> None:
    demand = Demand(share, confidence)
    worst = max(chance_of_a_false_certificate(demand, total, bad) for bad in range(total + 1))
    assert worst <= 1 - confidence + 1e-9


def test_simulated_batches_are_certified_falsely_as_rarely() -> None:
    """Looking after every draw, on batches just too bad to be certified."""
    demand, total, bad = Demand(0.02, 0.95), 2000, 41
    random = np.random.default_rng(0)
    false = 0
    for _ in range(400):
        wrong = np.cumsum(random.permutation(total) < bad)
        looks = (demand.checks(total, k) for k in range(bad - demand.allowed(total)))
        false += any(wrong[n - 1] <= k for k, n in enumerate(looks))
    assert false / 400 <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 400)


def test_the_fewer_are_wrong_the_sooner_it_ends() -> None:
    demand = Demand(0.02, 0.95)
    needed = [demand.checks(10_000, wrong) for wrong in range(6)]
    assert needed == sorted(needed)
    # One look alone would need 148 where none is wrong: looking at every draw costs little.
    assert 148 < needed[0] < 190
    assert demand.checks(300) < needed[0]


def test_a_batch_that_was_checked_wholly_is_certain() -> None:
    demand = Demand(0.0, 0.99)
    assert all(demand.met(40, 40, wrong) for wrong in range(41))
    assert not demand.met(40, 39, 0)


def test_very_many_may_be_wrong() -> None:
    """Shapes that are changed after their check count as wrong, which may be all at once."""
    demand = Demand(0.02, 0.95)
    assert demand.checks(2000, 1200) == 1960  # all but those that may be wrong
    needed = [demand.checks(20_000, wrong) for wrong in (400, 600, 1100)]
    assert 1100 < needed[0] < needed[1] < needed[2] < 20_000


def test_nothing_is_certain_without_a_check() -> None:
    assert not Demand(0.5, 0.5).met(10, 0, 0)
