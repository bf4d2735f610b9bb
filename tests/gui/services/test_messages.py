"""Two kinds of failure: what the user can act on, and bugs of ours."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from landmark_annotator.annotator.gui.services import crash_report, messages
from landmark_annotator.annotator.gui.services.messages import BugReport, Messages
from landmark_annotator.projects.vocabulary import ActionableError
from landmark_annotator.projects.vocabulary.errors import FileMissing, ProjectError


@pytest.fixture
def log(tmp_path, monkeypatch):
    path = tmp_path / "logs" / "window.log"
    monkeypatch.setattr(messages, "log_path", lambda: path)
    return path


@pytest.fixture
def door(qtbot, log):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return Messages(window)


def report(door: Messages) -> BugReport:
    found = door.parent().findChildren(BugReport)
    assert len(found) == 1
    return found[0]


def test_what_the_user_can_act_on_is_told_in_three_parts(door):
    door.tell(ActionableError("The disk is full.", kept="All clicks.", remedy="Make room."))
    assert door.banner.isVisible()
    assert door.banner.text.text() == "<b>The disk is full.</b><br>All clicks.<br>Make room."


def test_the_window_has_its_own_advice_for_some_errors(door):
    door.advise(FileMissing, lambda: "Look here.")
    error = FileMissing("It is gone.", kept="All clicks.", remedy="Type a command.")
    told = FileMissing("It is gone.", kept="All clicks.", remedy="Look here.")
    assert str(door.worded(error)) == str(told)
    other = ActionableError("It is full.", remedy="Make room.")
    assert door.worded(other) is other
    door.tell(error)
    assert "Look here." in door.banner.text.text()


def test_text_from_outside_is_not_taken_for_markup(door):
    door.tell(ActionableError("<img src=x> is no image."))
    assert "&lt;img" in door.banner.text.text()


def test_a_banner_takes_no_focus_and_can_be_closed(door, qtbot):
    from PySide6.QtWidgets import QToolButton

    door.note("Something to know.")
    assert QGuiApplication.modalWindow() is None
    door.banner.findChild(QToolButton).click()
    assert not door.banner.isVisible()


@pytest.mark.parametrize(
    ("told", "over"),
    [
        (lambda d: d.note("It is so already.", until_stored=True), True),
        (lambda d: d.note("An import is done."), False),
        (lambda d: d.tell(ProjectError("Refused."), until_stored=True), True),
        (lambda d: d.tell(ProjectError("The training has stopped.")), False),
        (lambda d: d.tell(FileMissing("It is gone."), until_stored=True), False),
        (lambda d: d.note_with_link("<a href='do'>Look</a>", lambda: None), False),
    ],
)
def test_what_was_told_of_a_gesture_is_over_with_the_next_that_is_stored(door, told, over):
    door.note("Before it.", until_stored=not over)
    told(door)
    door.stored()
    assert door.banner.isVisible() is not over
    door.note("After it.")
    door.stored()
    assert door.banner.isVisible()


def _fail() -> None:
    raise ValueError("one thing too many")


def raised() -> ValueError:
    with pytest.raises(ValueError, match="one thing") as caught:
        _fail()
    return caught.value


@pytest.mark.parametrize("told", ["note_result", "note_with_link"])
def test_what_work_came_to_is_there_to_read_though_somebody_goes_on(door, monkeypatch, told):
    """Whoever labels on while something is followed or trained presses Enter as it ends."""
    now = 100.0
    monkeypatch.setattr(messages.time, "monotonic", lambda: now)
    tell = {
        "note_result": lambda: door.note_result("Looked at 91 frames."),
        "note_with_link": lambda: door.note_with_link("Wrote <a href='do'>it</a>.", print),
    }[told]
    tell()
    door.clear()
    assert door.banner.isVisible()
    now += 6
    door.clear()
    assert not door.banner.isVisible()
    tell()
    door.note("Nothing else is flagged.")
    door.clear()
    assert not door.banner.isVisible(), "it was replaced by what is of the moment"
    door.note_with_link("They point <a href='do'>anywhere</a>.", print, of_moment=True)
    door.clear()
    assert not door.banner.isVisible()
    tell()
    door.withdraw()
    assert not door.banner.isVisible()


def test_a_bug_opens_a_report_with_the_details(door):
    door.tell(raised())
    assert report(door).isVisible()
    assert "one thing too many" in report(door).details.toPlainText()
    assert "in _fail" in report(door).details.toPlainText()


def test_the_details_can_be_copied(door):
    door.tell(raised())
    report(door).copy.click()
    assert "one thing too many" in QGuiApplication.clipboard().text()


def test_a_bug_is_written_to_the_log(door, log):
    door.tell(raised())
    door.tell(raised())
    assert log.read_text().count("ValueError: one thing too many") == 2


def test_many_bugs_open_one_report(door):
    for _ in range(5):
        door.tell(raised())
    assert report(door).isVisible()


def test_a_log_that_cannot_be_written_does_not_hide_the_bug(door, log):
    log.parent.mkdir()
    log.mkdir()
    door.tell(raised())
    assert "one thing too many" in report(door).details.toPlainText()


def test_a_log_that_grew_large_starts_anew(log, monkeypatch):
    monkeypatch.setattr(crash_report, "_LOG_KEPT_BYTES", 10)
    for text in ("first, and long enough", "second", "third"):
        crash_report.write_log(text, log)
    assert "first" not in log.read_text()
    assert "third" in log.read_text()


def test_installed_it_catches_what_nobody_caught(door, capsys):
    before = sys.excepthook
    door.install()
    try:
        error = raised()
        sys.excepthook(type(error), error, error.__traceback__)
        sys.excepthook(ActionableError, ActionableError("Not my fault."), None)
    finally:
        door.uninstall()
        sys.excepthook = before
    assert "one thing too many" in report(door).details.toPlainText()
    assert "Not my fault." in door.banner.text.text()


def test_a_report_names_the_steps_before_and_the_versions(door, log):
    door.remember("Accept and go on")
    door.tell(raised())
    assert "Before it:\n  Accept and go on\n" in log.read_text()
    assert "PySide6-Essentials 6." in log.read_text()


def test_what_fails_in_a_thread_is_reported_in_the_window(door, qtbot):
    door.install()
    try:
        with qtbot.waitSignal(door.bug_reported) as told:
            thread = threading.Thread(target=_fail)
            thread.start()
            thread.join()
    finally:
        door.uninstall()
    assert "one thing too many" in told.args[0]
    assert report(door).isVisible()


def test_what_fails_in_a_thread_of_a_pool_makes_no_dialog_there(door, qtbot):
    # Qt's own threads call the hook of the whole program, and not that of Python's threads.
    error, made_in = raised(), []
    door.bug_reported.connect(lambda _: made_in.append(threading.current_thread()))
    thread = threading.Thread(target=door._hook, args=(type(error), error, error.__traceback__))
    thread.start()
    thread.join()
    assert door.parent().findChildren(BugReport) == []
    qtbot.waitUntil(lambda: bool(made_in))
    assert made_in == [threading.main_thread()]
    assert report(door).isVisible()


CRASHES = """
import faulthandler, sys
from pathlib import Path
from landmark_annotator.annotator.gui.services.crash_report import watch_for_sudden_end
print(watch_for_sudden_end(Path(sys.argv[1])), flush=True)
if len(sys.argv) > 2:
    faulthandler._sigsegv()
"""


def test_a_sudden_end_is_written_down_and_found_at_the_next_start(log):
    def start(*crash: str) -> str:
        command = [sys.executable, "-c", CRASHES, str(log), *crash]
        return subprocess.run(command, capture_output=True, text=True, timeout=120).stdout.strip()

    assert start("crash") == "None"
    found = start()
    assert "Segmentation fault" in Path(found).read_text()
    assert start() == "None"
