"""Opening the window: fast, and with something to say where nothing can be done."""

import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.screenshot import scripted_screenshot
from landmark_annotator.annotator.gui.services.training_process import BackgroundTraining
from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.projects.store import ActionKind, InstanceState, Project
from landmark_annotator.projects.vocabulary import ActionableError, Scheme


def test_the_window_shows_without_what_only_models_need(make_project):
    folder = make_project().folder
    script = f"""
import sys
from pathlib import Path
from landmark_annotator.annotator.gui.services.application import application
from landmark_annotator.annotator.gui.window.main_window import MainWindow
from landmark_annotator.projects.store import Project
app = application()
with Project.open(Path({str(folder)!r})) as project:
    window = MainWindow(project, who="somebody")
    window.show()
    app.processEvents()
    print(*sorted({{"torch", "cv2", "scipy", "numba", "onnxruntime", "av"}} & set(sys.modules)))
    window.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.split() == []


def test_it_starts_with_the_first_that_needs_labels(hands):
    assert hands.open_id == hands.order[0]


def test_with_everything_accepted_it_starts_with_the_first(make_project, open_window):
    hands = open_window(make_project(labelled=3, untouched=0))
    hands.wait_for(Phase.READY)
    assert hands.open_id == hands.order[0]
    assert hands.text.startswith("Accepted")


def test_a_project_without_images_says_how_to_get_some(tmp_path, open_window):
    with Project.create(tmp_path / "empty", Scheme("pair", ("a", "b"))) as project:
        hands = open_window(project)
        assert "Ctrl+I" in hands.canvas.failure.text()
        hands.window.close()


def test_a_project_that_can_only_be_read_says_so_and_keeps_its_rows(make_project, open_window):
    folder = make_project().folder
    with Project.open(folder, read_only=True) as project:
        hands = open_window(project)
        assert "only be looked at" in hands.window.messages.banner.text.text()
        assert hands.window.messages.banner.isVisible()
        assert "Nothing is stored" in hands.window.status.stored.text()
        hands.wait_for(Phase.READY)
        before = hands.points.copy()
        hands.click(*hands.free_place())
        assert hands.window.messages.banner.isVisible()
        assert hands.entries == []
        assert np.allclose(hands.points, before)
        hands.window.close()


@pytest.mark.parametrize(
    ("page", "action"),
    [
        ("label", "flag"),
        ("label", "exclude"),
        ("sheet", "sheet_flag"),
        ("sheet", "sheet_exclude"),
        ("review", "review_flag"),
        ("review", "review_send_back"),
    ],
)
def test_where_nothing_can_be_stored_no_comment_is_asked_for(
    make_project, open_window, page, action
):
    """It was written, and then lost."""
    folder = make_project(labelled=4, untouched=3).folder
    with Project.open(folder, read_only=True) as project:
        hands = open_window(project)
        hands.wait_for(Phase.READY)
        hands.window.context.show_page(page)
        if page == "review":
            shown = hands.window.pages.page("review")
            hands.qtbot.waitUntil(lambda: shown.settled and shown.seen is not None)
        hands.window.messages.clear()
        hands.window.actions_by_name[action].trigger()
        assert hands.window.findChildren(CommentSheet) == []
        assert "This project can only be looked at." in hands.window.messages.banner.text.text()
        hands.window.close()


@pytest.mark.parametrize("boxes", [True, False])
def test_where_nothing_can_be_stored_nothing_is_asked_for(make_project, open_window, boxes):
    folder = make_project(boxes=boxes).folder
    with Project.open(folder, read_only=True) as project:
        hands = open_window(project)
        hands.wait_for(Phase.READY if boxes else Phase.BOX)
        assert hands.text == "Only to look at. Page Down goes on"
        hands.window.close()


def test_the_scripted_picture_shows_a_labelling_and_accepts_it(make_project, tmp_path, monkeypatch):
    begun = []
    monkeypatch.setattr(BackgroundTraining, "switch", lambda *_: begun.append(1))
    project = make_project()
    truth = project.shape(project.instances()[-1].id)
    target = tmp_path / "window.png"
    scripted_screenshot(project.folder, target, "script", lambda _: truth)
    picture = QImage(str(target))
    assert (picture.width(), picture.height()) == (1440, 900)
    kinds = [entry.kind for entry in project.journal() if entry.who == "script"]
    assert kinds == [ActionKind.CLICK, ActionKind.CLICK, ActionKind.ACCEPT]
    assert project.instances()[0].state is InstanceState.ACCEPTED
    assert not begun, "nobody asked for a training"


def test_the_picture_may_be_of_any_page(make_project, tmp_path):
    project = make_project()
    truth = project.shape(project.instances()[-1].id)
    target = tmp_path / "review.png"
    scripted_screenshot(project.folder, target, "script", lambda _: truth, "review")
    assert not QImage(str(target)).isNull()
    with pytest.raises(ActionableError, match="no page"):
        scripted_screenshot(project.folder, target, "script", lambda _: truth, "reviews")


def test_a_picture_that_cannot_be_written_is_an_error_to_act_on(make_project, tmp_path):
    project = make_project()
    truth = project.shape(project.instances()[-1].id)
    with pytest.raises(ActionableError, match="cannot be written"):
        scripted_screenshot(project.folder, tmp_path / "no" / "x.png", "script", lambda _: truth)


def test_calls_into_qt_keep_the_count_of_none():
    # PySide6 6.12.0 loses one reference of None a call on Python 3.11, and after some ten
    # thousand calls Python ends the process.
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("x")
    assert sys.getrefcount(None) > before - 500
