"""The progress bar of the command line, and its Ctrl+C."""

import errno
import os
import signal
import sys
from types import ModuleType

import pytest

from landmark_annotator.annotator.cli.support.progress_bar import ProgressBar
from landmark_annotator.projects.vocabulary.errors import Cancelled


def test_nothing_is_printed_where_no_stage_begins(capfd: pytest.CaptureFixture[str]) -> None:
    with ProgressBar():
        pass
    assert capfd.readouterr() == ("", "")


class Gone:
    """A terminal that is closed, or a pipe whose reader has ended."""

    encoding = "utf-8"

    def __init__(self, number: int) -> None:
        self._number = number

    def write(self, text: str) -> int:
        raise OSError(self._number, "Input/output error")

    def flush(self) -> None:
        raise OSError(self._number, "Input/output error")

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("number", [errno.EIO, errno.EPIPE, errno.ENOSPC])
def test_where_nobody_is_told_any_more_the_work_stops_at_the_next_safe_point_all_the_same(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", Gone(number))
    with ProgressBar() as progress:
        progress.start("drawing", 3)
        progress.advance(2)
        os.kill(os.getpid(), signal.SIGINT)
        assert progress.cancelled()


def test_stages_and_counts_go_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with ProgressBar() as progress:
        progress.start("reading", None)
        progress.advance(7)
        progress.start("drawing", 3)
        progress.advance(2)
    out, err = capfd.readouterr()
    assert out == ""
    assert "Reading" in err
    assert "2/3" in err


def test_the_first_ctrl_c_cancels_and_the_second_one_interrupts() -> None:
    with ProgressBar() as progress:
        assert not progress.cancelled()
        os.kill(os.getpid(), signal.SIGINT)
        assert progress.cancelled()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_while_rich_still_loads_what_it_prints_with_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # It is loaded with the first text, and has no names yet: that was told as a mistake of ours.
    monkeypatch.setitem(sys.modules, "rich._emoji_codes", ModuleType("rich._emoji_codes"))
    monkeypatch.delitem(sys.modules, "rich._emoji_replace", raising=False)
    with ProgressBar() as progress:
        os.kill(os.getpid(), signal.SIGINT)
        assert progress.cancelled()
    assert "Stopping at the next safe point" in capfd.readouterr().err


def test_ctrl_c_after_the_last_safe_point_is_not_forgotten() -> None:
    with ProgressBar() as progress:
        progress.stop_late()
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Cancelled):
            progress.stop_late()


def test_ctrl_c_works_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with ProgressBar():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_a_log_gets_a_line_now_and_then(capfd: pytest.CaptureFixture[str]) -> None:
    """No bar moves there: a training of half an hour was silent to its end."""
    now = [0.0]
    with ProgressBar(clock=lambda: now[0]) as progress:
        progress.start("training", 60)
        for epoch in range(5):
            now[0] += 12.0
            progress.advance(1, f"epoch {epoch + 1}")
        lines = capfd.readouterr().err.splitlines()
    assert lines == ["Training 3/60 epoch 3"]


def test_what_is_soon_over_adds_no_line(capfd: pytest.CaptureFixture[str]) -> None:
    with ProgressBar(clock=lambda: 0.0) as progress:
        progress.start("training", 60)
        progress.advance(60)
        assert capfd.readouterr().err == ""
