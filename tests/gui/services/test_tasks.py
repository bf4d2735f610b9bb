"""Slow work: answers come to the GUI thread, late ones are dropped, errors are not lost."""

import gc
import threading
import time
import weakref
from functools import partial

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete, isValid

from landmark_annotator.annotator.gui.services.tasks import Tasks
from landmark_annotator.projects.vocabulary.errors import Cancelled


@pytest.fixture
def tasks(qtbot):
    tasks = Tasks(threads=2)
    yield tasks
    tasks.close()


def test_work_runs_elsewhere_and_its_answer_arrives_here(tasks, qtbot):
    seen = []
    tasks.request(
        "a",
        lambda: threading.get_ident(),
        lambda worker: seen.append((worker, threading.get_ident())),
        pytest.fail,
    )
    qtbot.waitUntil(lambda: bool(seen))
    worker, receiver = seen[0]
    assert receiver == threading.get_ident()
    assert worker != receiver


def test_a_newer_request_supersedes_an_older_one_that_answers_late(tasks, qtbot):
    release, answers = threading.Event(), []
    tasks.request("a", lambda: release.wait(10) and "old", answers.append, pytest.fail)
    tasks.request("a", lambda: "new", answers.append, pytest.fail)
    qtbot.waitUntil(lambda: answers == ["new"])
    release.set()
    tasks._pool.waitForDone()
    qtbot.wait(20)
    assert answers == ["new"]


def test_an_answer_to_what_was_destroyed_meanwhile_is_dropped_in_silence(qtbot, capfd):
    begun, release = threading.Event(), threading.Event()
    gone = Tasks()
    gone.request("a", lambda: begun.set() or release.wait(10), pytest.fail, pytest.fail)
    begun.wait(10)
    threading.Timer(0.2, release.set).start()

    delete(gone)  # which waits for its threads

    assert capfd.readouterr().err == ""


def test_a_dropped_request_that_has_not_begun_never_runs(tasks, qtbot):
    release, ran, done = threading.Event(), [], []
    for key in ("a", "b"):
        tasks.request(key, lambda: release.wait(10), done.append, pytest.fail)
    tasks.request("c", lambda: ran.append("c"), done.append, pytest.fail)
    tasks.drop("c")
    release.set()
    qtbot.waitUntil(lambda: len(done) == 2)
    tasks._pool.waitForDone()
    assert ran == []


def test_an_urgent_request_goes_before_what_has_not_begun(tasks, qtbot):
    release, order = threading.Event(), []
    for key in ("a", "b"):
        tasks.request(key, lambda: release.wait(10), lambda _: None, pytest.fail)
    tasks.request("later", lambda: order.append("later"), lambda _: None, pytest.fail)
    tasks.request("now", lambda: order.append("now"), lambda _: None, pytest.fail, urgent=True)
    tasks._pool.setMaxThreadCount(1)
    release.set()
    qtbot.waitUntil(lambda: len(order) == 2)
    assert order == ["now", "later"]


def test_of_quiet_work_one_is_done_at_a_time_in_the_whole_program(qtbot):
    release, begun, others, done = threading.Event(), threading.Event(), [], []
    parts = [Tasks(1, quiet=True), Tasks(1, quiet=True), Tasks(1)]
    parts[0].request("first", lambda: begun.set() or release.wait(10), done.append, pytest.fail)
    assert begun.wait(10)
    parts[1].request("quiet", lambda: others.append("quiet"), done.append, pytest.fail)
    parts[2].request("awaited", lambda: others.append("awaited"), done.append, pytest.fail)
    qtbot.waitUntil(lambda: others == ["awaited"])
    release.set()
    qtbot.waitUntil(lambda: len(done) == 3)
    assert others == ["awaited", "quiet"]
    for part in parts:
        part.close()


def test_closing_waits_for_no_quiet_work_of_others(qtbot):
    release, begun, ran = threading.Event(), threading.Event(), []
    one, other = Tasks(1, quiet=True), Tasks(1, quiet=True)
    one.request("a", lambda: begun.set() or release.wait(10), lambda _: None, pytest.fail)
    assert begun.wait(10)
    other.request("b", lambda: ran.append("b"), pytest.fail, pytest.fail)
    other.close()
    assert not release.is_set()
    release.set()
    one.close()
    assert ran == []


def test_an_error_in_the_work_comes_back_as_it_was(tasks, qtbot):
    errors = []

    def work():
        raise ValueError("broken")

    tasks.request("a", work, pytest.fail, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], ValueError)
    assert errors[0].__traceback__ is not None


def test_nothing_arrives_after_closing(tasks, qtbot):
    answers = []
    tasks.request("a", lambda: "late", answers.append, pytest.fail)
    tasks.close()
    qtbot.wait(20)
    assert answers == []


def test_what_is_left_neither_keeps_anybody_waiting_nor_answers(qtbot):
    tasks, release, answers = Tasks(threads=1), threading.Event(), []
    begun = threading.Event()
    tasks.request("a", lambda: begun.set() or release.wait(10), answers.append, pytest.fail)
    assert begun.wait(10)
    tasks.request("b", lambda: "late", answers.append, pytest.fail)
    tasks.leave()
    assert not release.is_set()
    release.set()
    tasks._pool.waitForDone()
    qtbot.wait(20)
    assert answers == []


@pytest.mark.parametrize("unwanted", ["left", "superseded"])
def test_what_can_be_stopped_is_as_soon_as_nobody_wants_it(qtbot, unwanted):
    tasks, begun, answers = Tasks(threads=1), threading.Event(), []

    def work(progress):
        begun.set()
        end = time.monotonic() + 10
        while not progress.cancelled():
            assert time.monotonic() < end
            time.sleep(0.01)
        raise Cancelled("Stopped.")

    tasks.request_stoppable("a", work, answers.append, pytest.fail)
    assert begun.wait(10)
    if unwanted == "left":
        tasks.leave()
        tasks._pool.waitForDone()
    else:
        tasks.request("a", lambda: "newer", answers.append, pytest.fail)
        qtbot.waitUntil(lambda: answers == ["newer"])
    qtbot.wait(20)
    assert len(answers) == (unwanted == "superseded")


def test_what_is_left_outlives_its_parent(qtbot):
    parent, release, begun = QObject(), threading.Event(), threading.Event()
    tasks, ended = Tasks(threads=1, parent=parent), []
    tasks.request("a", lambda: begun.set() or release.wait(10), ended.append, pytest.fail)
    assert begun.wait(10)
    tasks.leave()
    del parent
    assert isValid(tasks)
    release.set()
    tasks._pool.waitForDone()


def test_what_the_work_held_and_its_answer_are_let_go(tasks, qtbot):
    class Large:
        pass

    given, made, done = Large(), [], []

    def work(given):
        answer = Large()
        made.append(weakref.ref(answer))
        return answer

    held = weakref.ref(given)
    tasks.request("a", partial(work, given), lambda answer: done.append(True), pytest.fail)
    del given
    qtbot.waitUntil(lambda: bool(done))
    tasks._pool.waitForDone()
    gc.collect()
    assert held() is None
    assert made[0]() is None


def test_its_thread_does_not_hold_who_gets_the_answer(qapp):
    # A widget whose last reference was let go in a thread was destroyed there: the program crashed.
    class Receiver:
        def take(self, answer: object) -> None: ...

    receiver, begun, go_on = Receiver(), threading.Event(), threading.Event()
    gone = weakref.ref(receiver)
    tasks = Tasks(1)
    tasks.request("key", lambda: begun.set() or go_on.wait(), receiver.take, print)
    assert begun.wait(30)
    tasks.leave()
    del receiver
    assert gone() is None
    go_on.set()
