"""A date axis tells every step of the clock on the wall that lies within it, and no other."""

import time
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_annotator.annotator.gui.style.axes import _WITHIN_A_DAY, _moments

DAY = 24 * 60 * 60


@pytest.fixture(params=["UTC", "Europe/Berlin", "America/St_Johns"], scope="module")
def _zone(request):
    patch = pytest.MonkeyPatch()
    patch.setenv("TZ", request.param)
    time.tzset()
    yield
    patch.undo()
    time.tzset()


@pytest.mark.usefixtures("_zone")
@given(
    # Both changes of the clocks lie within.
    st.floats(datetime(2026, 1, 1).timestamp(), datetime(2026, 12, 30).timestamp()),
    st.floats(60.0, 3.0 * DAY),
    st.sampled_from(_WITHIN_A_DAY),
)
def test_they_are_those_of_whole_days(low, length, step):
    high = low + length
    midnight = datetime.fromtimestamp(low).replace(hour=0, minute=0, second=0, microsecond=0)
    all_of_them = [
        (midnight + timedelta(days=day, seconds=second)).timestamp()
        for day in range(6)
        for second in range(0, DAY, step)
    ]
    assert _moments(low, high, step) == [m for m in all_of_them if low <= m <= high]
