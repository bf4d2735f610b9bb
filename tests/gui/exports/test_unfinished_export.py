"""A window is closed while an export is being written."""

from collections.abc import Callable, Iterator
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.projects.vocabulary import Progress


@pytest.fixture
def go_on(hands) -> Iterator[Event]:
    """Set, it lets the export come to its end."""
    event = Event()
    job: BackgroundJob = hands.window.work.exports.job

    def written(progress: Progress) -> str:
        while not event.wait(0.01) and not progress.cancelled():
            pass
        return "written"

    told: Callable[[str], object] = lambda answer: None  # noqa: E731
    job.begin(written, told)
    yield event
    event.set()


def press(hands, words: str) -> None:
    question = hands.window.work.exports.question
    button = next(each for each in question.buttons() if each.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_somebody_is_asked_before_it_is_given_up(hands, go_on) -> None:
    exports = hands.window.work.exports
    hands.window.close()
    assert hands.window.isVisible()
    assert exports.question.isVisible()
    press(hands, "&Keep open")
    assert hands.window.isVisible()
    assert exports.job.running
    hands.window.close()
    press(hands, "&Stop it and close")
    assert not hands.window.isVisible()
    assert not exports.job.running


def test_the_question_goes_as_soon_as_it_is_written(hands, go_on) -> None:
    exports = hands.window.work.exports
    hands.window.close()
    go_on.set()
    hands.qtbot.waitUntil(lambda: not exports.job.running)
    assert not exports.question.isVisible()
    hands.window.close()
    assert not hands.window.isVisible()


def test_what_was_wanted_is_done_once_it_is_given_up(hands, go_on) -> None:
    exports, left = hands.window.work.exports, []

    def leave() -> None:
        left.append("another project")
        assert not exports.keeps_open(left.clear)

    assert exports.keeps_open(leave)
    press(hands, "&Keep open")
    assert not left
    assert exports.keeps_open(leave)
    press(hands, "&Stop it and close")
    assert left == ["another project"]
    assert exports.keeps_open(left.clear), "nothing came in the window's place"
