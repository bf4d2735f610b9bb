"""How much an import writes at once."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from landmark_annotator.projects.exchange.transfer import turns
from landmark_annotator.projects.exchange.transfer.turns import Turns


class Slow:
    """A project whose transactions take as long as is said."""

    def __init__(self) -> None:
        self.now = 0.0
        self.takes = 0.0
        self.slept = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield
        self.now += self.takes

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept += 1


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow = Slow()
    monkeypatch.setattr(turns, "time", slow)
    return slow


def write(taking: Turns, slow: Slow, seconds: float, times: int) -> int:
    slow.takes = seconds
    for _ in range(times):
        with taking.taken(slow):  # type: ignore[arg-type] - all that it uses
            pass
    return taking.at_a_time


def test_where_writing_takes_long_little_is_written_at_once(slow: Slow) -> None:
    taking = Turns()
    usual = taking.at_a_time
    assert write(taking, slow, 0.01, 5) > usual
    assert write(taking, slow, 2.0, 1) < write(Turns(), slow, 0.01, 5)
    few = write(taking, slow, 2.0, 20)
    assert 1 < few < usual
    assert write(taking, slow, 0.3, 5) == few


def test_after_a_second_of_writing_others_get_their_turn(slow: Slow) -> None:
    write(Turns(), slow, 0.3, 3)
    assert slow.slept == 0
    write(Turns(), slow, 0.3, 4)
    assert slow.slept == 1
