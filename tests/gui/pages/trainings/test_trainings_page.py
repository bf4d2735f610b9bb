"""The page of trainings: one in full, two compared, live while one goes on."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from landmark_annotator.annotator.gui.pages.trainings import page as module
from landmark_annotator.annotator.session.models.library import ModelLibrary
from landmark_annotator.annotator.session.models.training_record import Outcome, path_of
from tests.kept_trainings import keep_training

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
CURVES = {
    "loss": tuple((epoch, 4.0 / epoch) for epoch in range(1, 11)),
    "held-out error": ((2, 9.0), (6, 6.0), (10, 5.0)),
}


@pytest.fixture
def project(make_project):
    """Two trainings that differ in one setting, and a stopped one before its first epoch was
    over."""
    project = make_project()
    library = ModelLibrary.of(project)
    for size, error in ((96, 6.0), (128, 5.0)):
        keep_training(
            library,
            "heatmap",
            12,
            error,
            settings={"seed": 0, "size": size},
            changed=() if size == 128 else ("size",),
            curves=CURVES,
            seconds=90.0,
        )
    return project


@pytest.fixture
def look(qtbot):
    def at_trainings(hands):
        hands.key(Qt.Key.Key_7, CONTROL)
        page = hands.window.pages.page("trainings")
        qtbot.waitUntil(lambda: page.settled, timeout=20_000)
        return page

    return at_trainings


def facts(page) -> list[tuple[str, ...]]:
    tree = page.facts
    rows = (tree.topLevelItem(n) for n in range(tree.topLevelItemCount()))
    return [tuple(row.text(c) for c in range(tree.columnCount())) for row in rows]


def test_comparing_is_spoken_of_only_where_there_are_two(make_project, project, open_window, look):
    hands = open_window(make_project(name="new"))
    look(hands)
    assert hands.text == "No training yet"
    hands = open_window(project)
    look(hands)
    assert hands.text.endswith("choose two to compare")


def test_all_of_why_one_failed_is_told(project, open_window, look):
    message = "No image of the labelled instances can be read: the disk is not there. " * 3
    failed = keep_training(
        ModelLibrary.of(project), "heatmap", 12, None, outcome=Outcome.FAILED, message=message
    )
    page = look(open_window(project))
    assert page.title.text() == f"Training {failed.number}"
    assert page.message.isVisible()
    assert page.message.text() == message
    assert page.message.height() >= page.message.heightForWidth(page.message.width())
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert not page.message.isVisible()


def test_the_newest_is_shown_and_a_key_compares_it_with_the_one_before(project, open_window, look):
    page = look(open_window(project))
    assert page.title.text() == "Training 2"
    assert page.losses.currentWidget() is page.losses.drawing
    assert page.errors.currentWidget() is page.errors.drawing
    assert ("error on held-out labels, %", "5") in facts(page)
    QTest.keyClick(page.table, Qt.Key.Key_Down, SHIFT)
    assert page.title.text() == "What differs between 1 and 2"
    assert facts(page) == [("size", "96", "128"), ("error on held-out labels, %", "6", "5")]


def test_what_is_trained_meanwhile_appears_by_itself(project, open_window, look, qtbot):
    page = look(open_window(project))
    library = ModelLibrary.of(project)
    third = keep_training(library, "heatmap", 12, None, curves={"loss": ((1, 4.0),)})
    qtbot.waitUntil(lambda: page.title.text() == "Training 3", timeout=20_000)
    longer = replace(third, curves={"loss": ((1, 4.0), (2, 3.0))})
    path_of(library, 3).write_text(json.dumps(longer.as_json()))
    qtbot.waitUntil(lambda: [len(one.curves["loss"]) for one in page.chosen] == [2], timeout=20_000)
    page.table.topLevelItem(2).setSelected(True)
    assert page.title.text() == "What differs between 1 and 3"


def test_without_any_it_says_how_to_train(hands, look):
    page = look(hands)
    assert page.nothing.isVisible()
    assert "Ctrl+T" in page.nothing.text()


def test_a_key_lets_the_chosen_model_propose_again(project, open_window, look, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "propose_again", lambda library, one: asked.append(one.number))
    page = look(open_window(project))
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.keyClick(page, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: page.settled, timeout=20_000)
    QTest.keyClick(page.table, Qt.Key.Key_Up, SHIFT)
    QTest.keyClick(page, Qt.Key.Key_P)
    assert asked == [1]


def test_long_names_do_not_cut_the_outcome(project, open_window, look):
    who = "somebody.with.a.name@university.example"
    keep_training(ModelLibrary.of(project), "heatmap", 12, 5.0, who=who)
    hands = open_window(project)
    hands.window.resize(1440, 900)
    page = look(hands)
    QApplication.processEvents()
    assert page.table.header().length() <= page.table.viewport().width()
    assert page.losses.width() + page.errors.width() >= page.width() * 0.4


def _on_page(widget):
    return widget.mapTo(widget.window(), QPoint())


def test_in_a_narrow_window_the_table_is_above_the_plots_and_whole(project, open_window, look):
    keep_training(ModelLibrary.of(project), "heatmap", 12, 5.0, who="lena.weber@institute.example")
    hands = open_window(project)
    page = look(hands)
    hands.window.resize(853, 640)
    for _ in range(5):
        QApplication.processEvents()
    assert page.table.header().length() <= page.table.viewport().width()
    assert _on_page(page.losses).y() > _on_page(page.table).y() + page.table.height()
    hands.window.resize(1440, 900)
    for _ in range(5):
        QApplication.processEvents()
    assert _on_page(page.losses).x() > _on_page(page.table).x() + page.table.width()


def test_what_proposes_is_told_of_the_chosen_one_as_in_the_table(project, open_window, look):
    page = look(open_window(project))
    assert "proposes" not in dict(facts(page))["outcome"]
    newest = page.found.records[-1].number
    page._show(replace(page.found, proposing=newest))
    assert page.table.topLevelItem(0).text(7).endswith("proposes")
    assert dict(facts(page))["outcome"].endswith("its model proposes")
