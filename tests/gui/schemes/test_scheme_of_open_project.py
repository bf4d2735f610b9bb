"""Changing the landmarks of the project that is open: the window is opened anew on it, also by
undo and redo, and where somebody else has changed them."""

from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.gui.schemes.dialog import ChangeSchemeDialog
from landmark_annotator.annotator.gui.services import messages
from landmark_annotator.annotator.gui.services.preferences import Preferences
from landmark_annotator.annotator.gui.style import themes
from landmark_annotator.annotator.gui.windows import Windows
from landmark_annotator.projects.images import examine
from landmark_annotator.projects.samples import rendered_heads
from landmark_annotator.projects.store import ActionKind, InstanceState, Project, Role
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, SchemeChange, Shape
from tests.gui.conftest import kite

WHO = "somebody"


@pytest.fixture
def windows(qapp, tmp_path, monkeypatch, put_away):
    monkeypatch.setattr(messages, "log_path", lambda: tmp_path / "window.log")
    monkeypatch.setattr(
        "landmark_annotator.annotator.session.models.training_schedule.project_training_due",
        lambda project: False,
    )
    windows = Windows(qapp, Preferences(), WHO, tmp_path / "samples")
    yield windows
    put_away(windows)
    themes.apply(qapp)
    log = tmp_path / "window.log"
    assert not log.exists(), log.read_text()


@pytest.fixture
def window(qtbot, windows, make_project):
    project = make_project(labelled=4, untouched=2)
    project.close()
    windows.open(project.folder)
    opened = windows.window
    qtbot.waitUntil(lambda: opened.controller.phase is Phase.READY, timeout=20_000)
    return opened


def edit(qtbot, window) -> ChangeSchemeDialog:
    window.actions_by_name["landmarks"].trigger()
    dialog = window.findChild(ChangeSchemeDialog)
    qtbot.waitUntil(lambda: dialog.preview is not None)
    return dialog


def opened_anew(qtbot, windows, before) -> None:
    qtbot.waitUntil(
        lambda: windows.window is not before and windows.window.controller.phase is Phase.READY,
        timeout=20_000,
    )


@pytest.fixture
def changed(qtbot, windows, window):
    """The window after a landmark was added to the scheme, at the second image."""
    window.open_instance(window.project.queue(excluded=True)[1].instance_id)
    dialog = edit(qtbot, window)
    dialog.draft.add(after=0)
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    opened_anew(qtbot, windows, window)
    return windows.window


def test_the_window_is_opened_anew_at_the_same_object(changed, windows, qtbot):
    assert changed.project.scheme.landmarks[1] == "landmark 7"
    rows = changed.project.queue(excluded=True)
    assert changed.controller.record.id == rows[1].instance_id
    qtbot.waitUntil(changed.messages.banner.isVisible)
    assert "4 shapes are open again" in changed.messages.banner.text.text()


def test_the_open_photograph_is_what_the_editor_shows(qtbot, window):
    dialog = edit(qtbot, window)
    assert dialog.ground.itemText(0).endswith(".png")
    assert dialog.draft.now.ground is not None
    dialog.close_threads()


def test_a_new_landmark_that_is_clicked_on_the_open_photograph_has_its_label_there(
    window, windows, qtbot
):
    opened = window.controller.record.id
    dialog = edit(qtbot, window)
    picture = dialog.editor.picture
    beside = picture.viewport.to_screen(np.array([20, 20])).round().astype(int).tolist()
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(*beside))
    place = dialog.draft.now.points[-1]
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    opened_anew(qtbot, windows, window)
    view = windows.window.controller.view
    assert view.instance.id == opened
    assert view.shape.provenance[-1] is Provenance.CLICKED
    np.testing.assert_allclose(view.shape.points[-1], place, atol=1e-3)
    clicks = [e for e in windows.window.project.journal(opened) if e.kind is ActionKind.CLICK]
    assert clicks[-1].duration
    assert "your clicks" in windows.window.messages.banner.text.text()


@pytest.mark.usefixtures("shipped_weights")
def test_a_landmark_under_another_name_is_proposed_as_before(windows, qtbot, tmp_path):
    face68 = Scheme.named("face68")
    with Project.create(tmp_path / "heads", face68) as project:
        head = rendered_heads()[0]
        image = project.add_image(head.picture, examine(head.picture))
        project.add_instance(image.id, Box.square_around(head.shape.points), who=WHO)
    windows.open(project.folder)
    before = windows.window
    qtbot.waitUntil(lambda: before.controller.phase is Phase.READY, timeout=20_000)
    dialog = edit(qtbot, before)
    dialog.draft.rename(30, "tip of the nose")
    assert "trained again" not in dialog.said.text()
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    opened_anew(qtbot, windows, before)
    renamed = windows.window
    assert renamed.project.scheme.landmarks[30] == "tip of the nose"
    proposed_as_it_came(qtbot, renamed)
    QTest.keyClick(renamed.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    opened_anew(qtbot, windows, renamed)
    assert windows.window.project.scheme.landmarks == face68.landmarks
    proposed_as_it_came(qtbot, windows.window)


def proposed_as_it_came(qtbot, window) -> None:
    came = "as it came with the program"
    qtbot.waitUntil(lambda: came in str(window.controller.preparation.reason), timeout=60_000)


def test_undo_takes_the_change_back_and_opens_the_window_anew(changed, windows, qtbot):
    QTest.keyClick(changed.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    opened_anew(qtbot, windows, changed)
    project = windows.window.project
    assert "landmark 7" not in project.scheme.landmarks
    assert project.count_of(InstanceState.ACCEPTED) == 4
    assert "Undone: change of the scheme" in windows.window.messages.banner.text.text()

    before = windows.window
    before.actions_by_name["redo"].trigger()
    opened_anew(qtbot, windows, before)
    assert "landmark 7" in windows.window.project.scheme.landmarks


def test_a_click_after_the_change_is_stored(changed, qtbot):
    record = changed.controller.record
    changed.controller.choose(1)
    place = changed.canvas.rect().center() + QPoint(3, 3)
    QTest.mouseMove(changed.canvas, place)
    QTest.mouseClick(
        changed.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, place
    )
    assert changed.project.shape(record.id).known[1]


def test_who_has_the_old_landmarks_open_is_offered_the_new_ones(window, windows, qtbot):
    with Project.open(window.project.folder) as other:
        other.change_scheme(SchemeChange.none(other.scheme).remove(5), who="ada")
    place = window.canvas.rect().center()
    QTest.mouseMove(window.canvas, place)
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=place)
    banner = window.messages.banner
    qtbot.waitUntil(banner.isVisible)
    assert "changed the landmarks" in banner.text.text()
    banner.text.setFocus(Qt.FocusReason.TabFocusReason)
    banner.text.linkActivated.emit("do")
    opened_anew(qtbot, windows, window)
    assert len(windows.window.project.scheme) == 5


def test_a_project_that_can_only_be_looked_at_keeps_its_landmarks(make_project, open_window):
    project = make_project(labelled=2, untouched=1)
    project.close()
    with Project.open(project.folder, read_only=True) as looked_at:
        hands = open_window(looked_at)
        assert not hands.window.actions_by_name["landmarks"].isEnabled()
        hands.window.close()


@pytest.fixture
def turned(make_project):
    """A project whose objects point anywhere."""
    project = make_project(labelled=0, untouched=8, boxes=False)
    for n, record in enumerate(project.instances()[:6]):
        cos, sin = np.cos(n), np.sin(n)
        points = (kite(np.random.default_rng(n)) - (120, 95)) @ np.array([[cos, sin], [-sin, cos]])
        turned = Shape(points * 0.7 + (120, 95))
        project.fill_instance(record.id, Box.square_around(turned.points), turned, who=WHO)
    return project


def test_who_may_not_change_the_scheme_is_not_asked_to(qtbot, windows, turned):
    turned.set_person("ada", Role.LEAD, who="ada")
    turned.set_person(WHO, Role.ANNOTATOR, who="ada")
    turned.close()
    windows.open(turned.folder)
    window = windows.window
    qtbot.waitUntil(lambda: window.controller.phase is Phase.READY, timeout=20_000)
    assert "very different directions" not in window.messages.banner.text.text()


def test_objects_that_point_anywhere_get_their_heading_by_one_click(qtbot, windows, turned):
    turned.close()
    windows.open(turned.folder)
    window = windows.window
    qtbot.waitUntil(lambda: window.controller.phase is Phase.READY, timeout=20_000)
    assert "very different directions" in window.messages.banner.text.text()
    window.messages.banner.text.linkActivated.emit("do")
    opened_anew(qtbot, windows, window)
    names = windows.window.project.scheme.landmarks
    assert [names[i] for i in windows.window.project.scheme.heading] == ["tail", "top"]
    assert "Undo takes it back" in windows.window.messages.banner.text.text()
    before = windows.window
    before.actions_by_name["undo"].trigger()
    opened_anew(qtbot, windows, before)
    assert windows.window.project.scheme.heading is None


def test_a_fill_that_runs_is_waited_for(window):
    """Opened anew the window lost it without a word."""
    window.pages.turn_to("budget")
    go_on, fills = Event(), window.pages.page("budget").fills.job
    fills.begin(lambda _: go_on.wait(), lambda _: None)
    window.actions_by_name["landmarks"].trigger()
    go_on.set()
    assert window.findChildren(ChangeSchemeDialog) == []
    assert "Something is written into the project" in window.messages.banner.text.text()
