"""What asks the program to end from outside is heeded as Ctrl+C is."""

import os
import signal
from collections.abc import Iterator

import pytest

from landmark_annotator.annotator.cli.support.ending_signals import EndingSignals
from landmark_annotator.annotator.cli.support.exit_codes import ExitCode
from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="not on Windows")


@pytest.fixture(autouse=True)
def as_they_are() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    for number in numbers[1:]:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_it_stops_what_is_at_work_which_cleans_up(number: signal.Signals) -> None:
    ending = EndingSignals()
    ending.heed()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), number)
    assert ending.status(ExitCode.INTERRUPTED) == 128 + number
    assert ending.status(ExitCode.DONE) == 0


def test_a_progress_bar_stops_at_the_next_safe_point() -> None:
    """Also where the same is told twice, as the shell and the system do of a closed terminal."""
    now = [5.0]
    EndingSignals(lambda: now[0]).heed()
    with ProgressBar() as progress:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGHUP)
        assert progress.cancelled()
        now[0] += 2.0
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)


def test_where_ctrl_c_is_ignored_they_are_heeded_all_the_same() -> None:
    """As of what a script has started with &."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    EndingSignals().heed()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGTERM)


def test_what_nohup_starts_goes_on() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    EndingSignals().heed()
    os.kill(os.getpid(), signal.SIGHUP)


def test_none_is_heard_once_all_is_done() -> None:
    ending = EndingSignals()
    ending.heed()
    ending.drop()
    os.kill(os.getpid(), signal.SIGTERM)
    assert ending.status(ExitCode.INTERRUPTED) == ExitCode.INTERRUPTED
