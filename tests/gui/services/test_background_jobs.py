"""Work in a thread: shown, paused, stopped at a safe point; what is late is dropped."""

import threading
import time

import pytest
import shiboken6

from landmark_annotator.annotator.gui.services.background_job import BackgroundJob
from landmark_annotator.annotator.gui.window.work_strip import WorkLine
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import Cancelled

PATIENCE_MS = 30_000


@pytest.fixture
def job(qtbot):
    job = BackgroundJob("Counting")
    yield job
    job.close()


@pytest.fixture
def line(job, qtbot):
    line = WorkLine(job, "Stop", "")
    qtbot.addWidget(line)
    job.progressed.connect(line.show_progress)
    job.ended.connect(line.hide)
    return line


class Counting:
    """Counts until it is stopped, or to `total`."""

    def __init__(self, total: int = 10**9) -> None:
        self.total, self.count, self.ended = total, 0, threading.Event()

    def __call__(self, progress) -> int:
        progress.start("counting", self.total)
        while self.count < self.total and not progress.cancelled():
            time.sleep(0.001)
            self.count += 1
            progress.advance()
        self.ended.set()
        return self.count


def test_it_is_shown_while_it_runs_and_hands_over_its_answer(job, line, qtbot):
    answers = []
    job.begin(Counting(40), answers.append)
    assert line.isVisible()
    qtbot.waitUntil(lambda: answers == [40], timeout=PATIENCE_MS)
    assert not line.isVisible()


def test_paused_it_stands_still_and_then_goes_on(job, line, qtbot):
    counting = Counting()
    job.begin(counting, print)
    qtbot.waitUntil(lambda: counting.count > 3, timeout=PATIENCE_MS)
    line.pause.click()
    qtbot.wait(50)
    stood = counting.count
    qtbot.wait(100)
    assert counting.count == stood
    assert "paused" in line.text.text()
    line.pause.click()
    qtbot.waitUntil(lambda: counting.count > stood, timeout=PATIENCE_MS)


@pytest.mark.parametrize("paused", [False, True])
def test_stopped_it_ends_at_the_next_safe_point_with_what_is_done(job, line, qtbot, paused):
    counting, answers = Counting(), []
    job.begin(counting, answers.append)
    qtbot.waitUntil(lambda: counting.count > 3, timeout=PATIENCE_MS)
    job.pause(paused)
    line.stop.click()
    qtbot.waitUntil(lambda: answers == [counting.count], timeout=PATIENCE_MS)
    assert not job.running


def test_a_newer_one_stops_the_older_whose_answer_is_dropped(job, qtbot):
    older, answers = Counting(), []
    job.begin(older, answers.append)
    qtbot.waitUntil(lambda: older.count > 3, timeout=PATIENCE_MS)
    job.begin(lambda _: "newer", answers.append)
    qtbot.waitUntil(lambda: answers == ["newer"], timeout=PATIENCE_MS)
    assert older.ended.is_set()
    qtbot.wait(50)
    assert answers == ["newer"]


def test_late_news_of_the_older_are_not_shown(job, qtbot):
    shown = []
    job.progressed.connect(lambda stage, *_: shown.append(stage))
    older = Counting()
    job.begin(older, print)
    qtbot.waitUntil(lambda: "counting" in shown, timeout=PATIENCE_MS)
    job.begin(lambda progress: progress.start("newer", None), print)
    shown.clear()
    qtbot.waitUntil(lambda: not job.running, timeout=PATIENCE_MS)
    assert "counting" not in shown


@pytest.mark.parametrize(
    ("error", "told"), [(ActionableError("No room."), True), (Cancelled("Stopped."), False)]
)
def test_what_goes_wrong_is_told_and_what_the_user_stopped_is_not(job, qtbot, error, told):
    failures = []
    job.failed.connect(failures.append)

    def fail(_):
        raise error

    with qtbot.waitSignal(job.ended, timeout=PATIENCE_MS):
        job.begin(fail, print)
    qtbot.wait(10)
    assert failures == ([error] if told else [])


def test_what_is_left_ends_by_itself_and_its_answer_is_dropped(job, qtbot):
    answers = []
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def deaf(_):
        begun.set()
        go_on.wait(PATIENCE_MS / 1000)
        ended.set()
        return "late"

    job.begin(deaf, answers.append)
    qtbot.waitUntil(begun.is_set, timeout=PATIENCE_MS)
    job.leave()
    assert not ended.is_set()
    go_on.set()
    qtbot.waitUntil(ended.is_set, timeout=PATIENCE_MS)
    qtbot.wait(10)
    assert answers == []


def test_work_may_say_how_far_it_is_when_its_dialog_is_gone(qtbot):
    # It crashed the program now and then: a thread told an object that was being destroyed.
    told, begun, go_on, over = [], *(threading.Event() for _ in range(3))

    def work(progress):
        begun.set()
        go_on.wait()
        try:
            progress.start("counting", 1)
            told.append("counting")
        finally:
            over.set()

    job = BackgroundJob("Counting")
    job.begin(work, print)
    assert begun.wait(PATIENCE_MS / 1000)
    job.leave()
    shiboken6.delete(job)
    go_on.set()
    assert over.wait(PATIENCE_MS / 1000)
    assert told == ["counting"]
