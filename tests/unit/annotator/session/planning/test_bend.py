"""Which number of points is recommended where nothing is wished, by how errors fall and rise."""

from types import SimpleNamespace
from typing import Any

import pytest

from landmark_annotator.annotator.session.planning.offer import Offer, Purchase
from landmark_annotator.annotator.session.planning.recommendation import recommend


def _recommended(errors: tuple[float, ...], jumps: tuple[int, ...] = ()) -> int:
    """By the errors of one point, two, and so on; each takes 2 s more."""
    card: Any = SimpleNamespace(said=lambda: "", details=lambda: "", c_hat=0.5)
    curve: Any = SimpleNamespace(jumps=jumps, sizes=[], at=lambda m: card)
    costs: Any = SimpleNamespace()
    bought = tuple(
        Purchase(m, card, error, 3 + 2 * m, 10 * (3 + 2 * m) / 3600)
        for m, error in enumerate(errors, start=1)
    )
    return recommend(Offer(curve, None, bought, costs, 10, ())).m


@pytest.mark.parametrize(
    ("errors", "points"),
    [
        ((4.0, 2.2, 2.1, 2.0), 2),
        ((2.0, 2.35, 2.38, 2.4), 1),
        ((2.0, 1.0, 2.2, 2.5), 2),
        ((2.0, 1.0, 1.9, 2.0), 2),
    ],
)
def test_no_points_are_recommended_that_make_it_worse(
    errors: tuple[float, ...], points: int
) -> None:
    """A hand that errs by more than what proposes makes many points worse than a few."""
    assert _recommended(errors) == points


def test_a_jump_of_how_well_the_rest_follows_is_worth_nothing_where_the_error_rises() -> None:
    assert _recommended((2.0, 2.2, 2.3, 2.4), jumps=(2,)) == 1
    assert _recommended((4.0, 2.2, 2.1, 2.0), jumps=(3,)) == 3
