"""Training beside the labelling: shown, stopped and gone on with by one key."""

import json
import sys

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.services.training_process import BackgroundTraining
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.training_record import training_mark
from landmark_annotator.backends.registry import DEFAULT_BACKEND, backend_named
from landmark_annotator.projects.file_lock import one_at_a_time
from landmark_annotator.projects.store import Project

CONTROL = Qt.KeyboardModifier.ControlModifier
STAGE = """
import json, sys
print(json.dumps({"stage": "training", "done": 3, "total": 12}), flush=True)
"""
WAITS = STAGE + "sys.stdin.read(); print(json.dumps({'happened': 'x', 'kept': '', 'remedy': ''}))"
OBEYS = (
    STAGE
    + """
for place, line in enumerate(sys.stdin, start=4):
    said = {"stage": "heard " + line.strip(), "done": place, "total": 12}
    print(json.dumps(said), flush=True)
print(json.dumps({"happened": "x", "kept": "", "remedy": ""}))
"""
)
FIRST = (
    STAGE
    + """
said = {"held_out_error": "3.21 (2.50 to 4.10) %", "related": "None are.", "goes_on": True}
print(json.dumps(said), flush=True)
"""
)
DONE = FIRST + "print(json.dumps({**said, 'held_out_error': '2.9 %', 'goes_on': False}))"
OWN_SESSION = """
import json, os
print(json.dumps({"stage": str(os.getsid(0) == os.getpid()), "done": 0, "total": 0}), flush=True)
"""
SILENT_END = "raise SystemExit(3)"


@pytest.fixture
def train(hands):
    """Presses the key, with this program in place of the real training."""

    def begin(program: str):
        hands.window.work.training.command = (sys.executable, "-c", program)
        hands.key(Qt.Key.Key_T, CONTROL)

    return begin


def ended(hands) -> bool:
    return (
        not hands.window.work.training.running and not hands.window.work.lines["train"].isVisible()
    )


def test_its_progress_is_shown_while_people_label(hands, train):
    train(WAITS)
    line = hands.window.work.lines["train"].text
    hands.qtbot.waitUntil(lambda: "Training 25 %" in line.text(), timeout=20_000)
    hands.click(*hands.free_place())
    assert len(hands.entries) == 1
    assert hands.window.actions_by_name["train"].isChecked()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no sessions")
def test_ctrl_c_in_the_terminal_of_the_window_is_no_failure_of_it(qtbot, tmp_path):
    """It hears of it by the window, which ends; by itself it printed a traceback, and failed."""
    training = BackgroundTraining(tmp_path, "ada")
    training.command = (sys.executable, "-c", OWN_SESSION)
    heard = []
    training.progressed.connect(lambda stage, *_: heard.append(stage))
    with qtbot.waitSignal(training.ended, timeout=20_000):
        training.switch(True)
    assert heard == ["starting", "True"]


def test_it_can_be_paused_and_goes_on(hands, train):
    train(OBEYS)
    line = hands.window.work.lines["train"]
    hands.qtbot.waitUntil(lambda: "25 %" in line.text.text(), timeout=20_000)
    line.pause.click()
    assert "paused" in line.text.text()
    hands.qtbot.waitUntil(lambda: "33 %" in line.text.text(), timeout=20_000)
    line.pause.click()
    hands.qtbot.waitUntil(lambda: "heard go on" in line.text.text(), timeout=20_000)
    assert "paused" not in line.text.text()
    line.stop.click()
    hands.qtbot.waitUntil(lambda: ended(hands), timeout=20_000)


def test_the_same_key_stops_it_and_nothing_is_wrong(hands, train):
    train(WAITS)
    line = hands.window.work.lines["train"].text
    hands.qtbot.waitUntil(lambda: "25 %" in line.text(), timeout=20_000)
    hands.key(Qt.Key.Key_T, CONTROL)
    hands.qtbot.waitUntil(lambda: ended(hands), timeout=20_000)
    assert not hands.window.actions_by_name["train"].isChecked()
    assert not hands.window.messages.banner.isVisible()


def test_at_the_end_it_says_how_good_the_model_is(hands, train):
    train(DONE)
    hands.qtbot.waitUntil(lambda: ended(hands), timeout=20_000)
    assert "The model is trained: 2.9 % error" in hands.window.messages.banner.text.text()


def test_a_first_model_proposes_while_the_training_goes_on(hands, train, qtbot):
    with qtbot.waitSignal(hands.window.work.trained, timeout=20_000):
        train(FIRST + "sys.stdin.read(); print(json.dumps({**said, 'goes_on': False}))")
    said = hands.window.messages.banner.text.text()
    assert "A first model proposes and goes on learning: 3.21 (2.50 to 4.10) % error" in said
    assert hands.window.work.training.running


def test_a_first_model_is_not_said_to_go_on_learning_once_that_is_stopped(hands, train, qtbot):
    with qtbot.waitSignal(hands.window.work.trained, timeout=20_000):
        train(FIRST + "sys.stdin.read()")
    hands.window.work.lines["train"].stop.click()
    hands.qtbot.waitUntil(lambda: ended(hands), timeout=20_000)
    banner = hands.window.messages.banner
    assert banner.isVisible()
    said = "A first model proposes; its training was stopped: 3.21 (2.50 to 4.10) % error"
    assert said in banner.text.text()


def test_of_a_first_model_that_is_not_better_than_the_prior_it_does_not_say_that_it_proposes(
    hands, train, qtbot
):
    own = ModelLibrary.of(hands.window.project).own(backend_named(DEFAULT_BACKEND))
    own.folder.mkdir(parents=True)
    own.comparison_file.write_text(json.dumps({"instances": 5, "network": 8.5, "prior": 8.3}))
    with qtbot.waitSignal(hands.window.work.trained, timeout=20_000):
        train(FIRST + "sys.stdin.read(); print(json.dumps({**said, 'goes_on': False}))")
    said = hands.window.messages.banner.text.text()
    assert "A first model is not better than the prior yet and goes on learning: 3.21" in said


def test_it_says_when_nothing_comes_after_a_first_model(hands, train):
    train(FIRST)
    hands.qtbot.waitUntil(lambda: ended(hands), timeout=20_000)
    assert "ended without a word" in hands.window.messages.banner.text.text()


def test_a_process_that_dies_is_told_of(hands, train):
    train(SILENT_END)
    hands.qtbot.waitUntil(lambda: ended(hands), timeout=20_000)
    assert "ended without a word" in hands.window.messages.banner.text.text()


def test_the_real_one_says_that_two_shapes_are_too_few(make_project, open_window):
    hands = open_window(make_project(labelled=2, untouched=1))
    hands.wait_for()
    hands.key(Qt.Key.Key_T, CONTROL)
    hands.qtbot.waitUntil(lambda: ended(hands), timeout=180_000)
    banner = hands.window.messages.banner
    assert banner.isVisible()
    assert "needs at least" in banner.text.text()


def test_closing_the_window_ends_it(hands, train):
    train(WAITS)
    hands.qtbot.waitUntil(lambda: hands.window.work.training.running, timeout=20_000)
    hands.window.close()
    assert not hands.window.work.training.running


def test_it_begins_by_itself_when_a_shape_is_accepted_and_it_is_due(hands, monkeypatch):
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.models.training_schedule.project_training_due",
        lambda project: True,
    )
    hands.window.work.training.command = (sys.executable, "-c", WAITS)
    hands.click(*hands.free_place())
    assert not hands.window.work.training.running
    hands.key(Qt.Key.Key_Return)
    hands.qtbot.waitUntil(lambda: hands.window.work.training.running, timeout=20_000)
    assert hands.window.actions_by_name["train"].isChecked()


@pytest.fixture
def due(monkeypatch):
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.models.training_schedule.project_training_due",
        lambda project: True,
    )


def begin(hands, program: str = WAITS) -> None:
    """The window on a project that was labelled before it was opened."""
    hands.window.work.training.command = (sys.executable, "-c", program)
    hands.window.start()
    hands.wait_for()


def test_it_begins_where_labels_came_while_the_window_was_closed(make_project, open_window, due):
    """It waited for the next acceptance, in a project whose labels had been imported."""
    hands = open_window(make_project(labelled=3, untouched=1), start=False)
    begin(hands)
    hands.qtbot.waitUntil(lambda: hands.window.work.training.running, timeout=20_000)
    assert hands.window.actions_by_name["train"].isChecked()


def test_who_stops_that_is_not_asked_again_by_a_newer_model(make_project, open_window, due):
    hands = open_window(make_project(labelled=3, untouched=1), start=False)
    begin(hands)
    hands.qtbot.waitUntil(lambda: hands.window.work.training.running, timeout=20_000)
    hands.key(Qt.Key.Key_T, CONTROL)
    hands.qtbot.waitUntil(lambda: ended(hands), timeout=20_000)
    hands.window.preparation.proposer_ready.emit()
    assert not hands.window.work.training.running


def test_who_stops_it_can_label_on_without_it(make_project, open_window, due):
    """It began again with the next shape that was accepted, and so after each stop."""
    hands = open_window(make_project(labelled=3, untouched=2), start=False)
    begin(hands)
    training = hands.window.work.training
    hands.qtbot.waitUntil(lambda: training.running, timeout=20_000)
    hands.key(Qt.Key.Key_T, CONTROL)
    hands.qtbot.waitUntil(lambda: ended(hands), timeout=20_000)
    hands.click(*hands.free_place())
    hands.wait_for()
    before = hands.open_id
    hands.key(Qt.Key.Key_Return)
    hands.qtbot.waitUntil(lambda: hands.open_id != before, timeout=20_000)
    hands.wait_for()
    assert not training.running
    hands.key(Qt.Key.Key_T, CONTROL)
    hands.qtbot.waitUntil(lambda: training.running, timeout=20_000)


def accept(hands) -> None:
    before = hands.open_id
    hands.click(*hands.free_place())
    hands.wait_for()
    hands.key(Qt.Key.Key_Return)
    hands.qtbot.waitUntil(lambda: hands.open_id != before, timeout=20_000)
    hands.wait_for()


def test_one_that_failed_begins_again_by_itself_with_more_labels_alone(
    make_project, open_window, due
):
    """It began, failed and said so with each shape, as in a folder that somebody else owns."""
    hands = open_window(make_project(labelled=4, untouched=3), start=False)
    training, begun = hands.window.work.training, []
    training.progressed.connect(lambda stage, *_: begun.append(stage))
    begin(hands, SILENT_END)
    hands.qtbot.waitUntil(lambda: begun == ["starting"] and ended(hands), timeout=20_000)
    accept(hands)
    assert begun == ["starting"]
    accept(hands)  # half as many again
    assert begun == ["starting"] * 2


def test_none_begins_by_itself_beside_one_of_another_window_on_the_folder(
    make_project, open_window, due
):
    project = make_project(labelled=3, untouched=3)
    mark = training_mark(ModelLibrary.of(project), DEFAULT_BACKEND)
    mark.parent.mkdir(parents=True)
    hands = open_window(project, start=False)
    with one_at_a_time(mark):
        begin(hands)
        accept(hands)
        assert not hands.window.work.training.running
    accept(hands)
    assert hands.window.work.training.running


def test_nothing_is_learned_by_who_only_looks(make_project, open_window, due):
    project = make_project(labelled=3, untouched=1)
    project.close()
    with Project.open(project.folder, read_only=True) as looked_at:
        hands = open_window(looked_at, start=False)
        begin(hands)
        assert not hands.window.work.training.running


def test_it_does_not_where_the_user_does_not_want_it(hands, monkeypatch):
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.models.training_schedule.project_training_due",
        lambda project: True,
    )
    hands.window.preferences.learn = False
    hands.window.work.training.command = (sys.executable, "-c", WAITS)
    opened = hands.open_id
    hands.key(Qt.Key.Key_Return)
    hands.qtbot.waitUntil(lambda: hands.open_id != opened, timeout=20_000)
    assert not hands.window.work.training.running
