"""The rest of sparse labels is filled in from the budget page, after a look at what would be."""

from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.budget.fill_dialog import FillDialog, FillPreviewPanel
from landmark_annotator.annotator.gui.pages.budget.fill_work import FillWork
from landmark_annotator.projects.vocabulary import Provenance, Shape

CONTROL = Qt.KeyboardModifier.ControlModifier
PATIENCE_MS = 120_000
CLICKED = (0, 1, 2)


@pytest.fixture
def hands(make_project, open_window):
    """On the budget page, of twelve whole kites and two with three clicks each."""
    project = make_project(labelled=12, untouched=2)
    for record in project.instances()[:2]:
        for landmark in CLICKED:
            project.place(record.id, landmark, (90.0 + 20 * landmark, 70.0), who="ada")
    hands = open_window(project)
    hands.wait_for()
    hands.key(Qt.Key.Key_5, CONTROL)
    hands.page = hands.window.pages.page("budget")
    return hands


@pytest.fixture
def dialog(hands) -> FillDialog:
    QTest.keyClick(hands.page, Qt.Key.Key_L, CONTROL)
    [dialog] = hands.page.findChildren(FillDialog)
    with hands.qtbot.waitActive(dialog):
        dialog.activateWindow()
    hands.qtbot.waitUntil(lambda: not dialog.panel.looking, timeout=PATIENCE_MS)
    return dialog


def fill(hands, dialog: FillDialog) -> FillWork:
    with hands.qtbot.waitActive(hands.window):
        QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
        hands.window.activateWindow()
    hands.qtbot.waitUntil(lambda: not hands.page.fills.job.running, timeout=PATIENCE_MS)
    return hands.page.fills


def filled(project) -> list[int]:
    """How many landmarks of each instance somebody's fill has placed."""
    return [
        sum(mark is Provenance.FILLED for mark in shape.provenance)
        for _, shape in project.shapes(None)
    ][:2]


def test_while_methods_are_judged_that_is_said(qtbot):
    panel = FillPreviewPanel()
    qtbot.addWidget(panel)
    go_on = Event()
    panel.look(lambda progress: go_on.wait())
    assert panel.text.text() == "Judging the methods. Nothing is written yet."
    panel.close_threads()
    go_on.set()


def test_the_best_method_and_what_it_would_fill_are_said_before_anything_is(hands, dialog):
    text = dialog.panel.text.text()
    assert "6 landmarks of 2 objects would be filled in." in text
    best = min(
        (one for one in dialog.panel.preview.judgements if one.error is not None),
        key=lambda one: one.error,
    )
    assert f"Best: {best.title}, {best.error:.2f} % error ({best.range} with 95 %) on " in text
    assert f"on {best.instances} whole" in text
    assert "Complete: no sparsely labelled object is left out." in text
    listed = [dialog.panel.listed.item(i).text() for i in range(dialog.panel.listed.count())]
    assert any(line.startswith("linear regression from the clicked points: ") for line in listed)
    dialog.reject()
    assert filled(hands.window.project) == [0, 0]


def test_filled_it_is_one_step_for_undo(hands, dialog):
    project = hands.window.project
    before = [project.shape(record.id).points[list(CLICKED)] for record in project.instances()[:2]]
    fill(hands, dialog)
    assert filled(project) == [3, 3]
    for record, points in zip(project.instances()[:2], before, strict=True):
        np.testing.assert_array_equal(project.shape(record.id).points[list(CLICKED)], points)
    assert "Filled in 6 landmarks of 2 objects" in hands.window.messages.banner.text.text()
    assert hands.window.actions_by_name["undo"].text() == "Undo filling of 2 shapes"
    QTest.keyClick(hands.page, Qt.Key.Key_Z, CONTROL)
    assert filled(project) == [0, 0]


def test_the_open_object_is_shown_as_it_was_filled_in(hands, dialog):
    fill(hands, dialog)
    open_id = hands.open_id
    hands.wait_for()
    np.testing.assert_allclose(hands.points, hands.window.project.shape(open_id).points)


def test_nothing_to_fill_is_told_of(make_project, open_window, qtbot):
    hands = open_window(make_project(labelled=12, untouched=1))
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    QTest.keyClick(page, Qt.Key.Key_L, CONTROL)
    [dialog] = page.findChildren(FillDialog)
    qtbot.waitUntil(lambda: not dialog.panel.looking, timeout=PATIENCE_MS)
    assert "there is nothing to fill" in dialog.panel.problem.text.text()
    assert not dialog.take.isEnabled()
    dialog.reject()


def test_where_only_accepted_shapes_are_left_the_box_to_tick_is_named(
    make_project, open_window, qtbot
):
    # It named the option of a command.
    project = make_project(labelled=12, untouched=1)
    _, shape = next(iter(project.shapes()))
    inferred = [Provenance.CLICKED, *[Provenance.INFERRED] * (len(project.scheme) - 1)]
    project.accept(project.instances()[0].id, Shape(shape.points, provenance=inferred), who="ada")
    hands = open_window(project)
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    QTest.keyClick(page, Qt.Key.Key_L, CONTROL)
    [dialog] = page.findChildren(FillDialog)
    qtbot.waitUntil(lambda: not dialog.panel.looking, timeout=PATIENCE_MS)
    told = dialog.panel.problem.text.text()
    assert "In 1 accepted shape a model has placed some landmarks." in told
    assert "choose above that also those are placed anew" in told
    assert "--inferred" not in told
    dialog.reject()


def test_accepted_shapes_that_stay_are_told_by_who_placed_what(make_project, open_window, qtbot):
    """Beside the budget's note on all shapes with a model's landmarks: those without any click are
    not among them, so that the two told different numbers of what sounded like one thing."""
    project = make_project(labelled=12, untouched=3)
    _, shape = next(iter(project.shapes()))
    clicked, alone, sparse = (record.id for record in project.instances()[:3])
    for accepted, mark in ((clicked, Provenance.CLICKED), (alone, Provenance.INFERRED)):
        marks = [mark, *[Provenance.INFERRED] * (len(project.scheme) - 1)]
        project.accept(accepted, Shape(shape.points, provenance=marks), who="ada")
    for landmark in CLICKED:
        project.place(sparse, landmark, (90.0 + 20 * landmark, 70.0), who="ada")
    hands = open_window(project)
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    QTest.keyClick(page, Qt.Key.Key_L, CONTROL)
    [dialog] = page.findChildren(FillDialog)
    qtbot.waitUntil(lambda: dialog.panel.preview is not None, timeout=PATIENCE_MS)
    assert dialog.panel.lines_of(dialog.panel.preview)[-1] == (
        "In 1 accepted shape people placed some landmarks and a model the others; these stay."
    )
    dialog.reject()
