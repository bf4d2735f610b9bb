"""What the lead's figures say in words: the same here and on every other page."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from landmark_annotator.annotator.gui.pages.dashboard.sentences import (
    effort_text,
    forecast_text,
    progress_text,
    review_text,
)
from landmark_annotator.annotator.gui.start.recent_list import _said
from landmark_annotator.annotator.session.reports.overview import Finished, Overview
from landmark_annotator.annotator.session.reports.project_glance import Glance
from landmark_annotator.projects.budgets.forecast import Forecast, Interval
from landmark_annotator.projects.budgets.ledger import Ledger
from landmark_annotator.projects.budgets.working_time import Pauses
from landmark_annotator.projects.store import InstanceState, Plan, Spend
from landmark_annotator.projects.vocabulary import Scheme


def overview(
    accepted: int, left: int, forecast: Forecast | None = None, pauses: Pauses | None = None
) -> Overview:
    now = datetime.now(UTC)
    return Overview(
        scheme=Scheme("bar", ("start", "end")),
        counts=Counter({InstanceState.ACCEPTED: accepted, InstanceState.UNTOUCHED: left}),
        finished=tuple(Finished(now, "ada", 2, 6.0) for _ in range(accepted)),
        ledger=Ledger(
            Spend(2 * accepted, 6.0 * accepted),
            pauses or Pauses(0, 0.0),
            (),
            left,
            forecast,
            "" if forecast else "too few images to say (1 is finished, 4 are needed)",
            (),
        ),
        plan=Plan(),
        passed=0,
        sent_back=0,
        flagged=0,
        agreements=(),
        trainings=(),
    )


@pytest.mark.parametrize(("accepted", "left"), [(17, 13), (199, 1), (1, 199), (2, 1)])
def test_a_share_is_the_same_on_the_start_page(accepted: int, left: int) -> None:
    here = progress_text(overview(accepted, left))[1]
    there = _said(Glance(Path("bars"), "bars", accepted, accepted + left))
    share = here.removeprefix("accepted ")
    assert share.strip("()").endswith(" %")
    assert there.endswith(share)


def test_where_all_is_excluded_nothing_is_called_accepted() -> None:
    # It was 0 of 0, and everything accepted.
    found = overview(0, 0)
    assert progress_text(found) == ("\N{EN DASH}", "accepted: no image counts")
    assert forecast_text(found) == ("\N{EN DASH}", "nothing is there to be labelled")


def test_before_anything_is_accepted_nothing_can_have_passed() -> None:
    assert review_text(overview(0, 7))[0] == "\N{EN DASH}"
    assert review_text(overview(2, 7))[0] == "0 of 2"


def test_from_one_image_nothing_is_foretold() -> None:
    figure, said = forecast_text(overview(1, 38))
    assert figure == "\N{EN DASH}"
    assert said == "for the 38 left: too few images to say (1 is finished, 4 are needed)"


def test_a_forecast_is_in_minutes_and_hours_with_what_it_may_become() -> None:
    rest = Forecast(
        9, Interval(14.4, 8.1, 24.0), Interval(344.0, 200.0, 4830.0), 5, 5.0, 1.6, 38.0, False
    )
    figure, said = forecast_text(overview(5, 9, rest))
    assert figure == "6 min, 14 clicks"
    assert said == "for the 9 left (95 % if like the last 5: 3 min to 1 h 20 min, 8.1 to 24 clicks)"


def test_time_without_pauses_says_so() -> None:
    said = effort_text(overview(3, 1, pauses=Pauses(1, 238.0)))
    assert said == ("2.0 clicks, 6 s", "an image, mean of the last 3; 4 min of pauses left out")
    assert "pauses" not in effort_text(overview(3, 1))[1]
