"""The lead's view: a slider over the formats, what each buys, the plan, and what was spent."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(make_project, open_window, qtbot):
    """On twelve labelled kites, on one of which ada has spent a click."""
    project = make_project()
    project.place(project.instances()[0].id, 0, (100.0, 50.0), who="ada", duration=3.0)
    hands = open_window(project)
    hands.wait_for()
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    qtbot.waitUntil(lambda: page.shop is not None and page.spending is not None, timeout=60_000)
    return page


def key(page, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(page.slider, key, modifier)


def test_the_recommended_number_comes_first(page):
    assert page.purchase.m == page.shop.recommended.m
    assert page.reasons.text().startswith("Recommended.")


def test_every_format_from_one_point_on_can_be_looked_at(page):
    assert [p.m for p in page.shop.purchases] == [1, 2, 3, 4, 5, 6]
    for _ in range(6):
        key(page, Qt.Key.Key_Left)
    assert page.figure.text() == "1 point an image"
    key(page, Qt.Key.Key_Right)
    assert page.figure.text() == "2 points an image"
    assert len(page.points.text().split(", ")) == 2
    assert "Expected error" in page.facts.text()
    assert re.search(r"\d+ s for 3 images", page.facts.text())


def test_r_goes_back_to_the_recommended_number(page):
    best = page.purchase.m
    key(page, Qt.Key.Key_Left if best > 1 else Qt.Key.Key_Right)
    key(page, Qt.Key.Key_R)
    assert page.purchase.m == best


def test_ctrl_enter_makes_it_the_plan(page, qtbot):
    chosen = page.purchase
    key(page, Qt.Key.Key_Return, CONTROL)
    plan = page.project.plan()
    assert (plan.name, plan.landmarks) == (f"m{chosen.m}", chosen.format.landmarks)
    assert plan.who == "somebody"
    assert not page.make.isEnabled()
    qtbot.waitUntil(lambda: chosen.format is not None and plan.name in page.plan_line.text())


def test_the_budget_of_the_plan_stays(page):
    from dataclasses import replace

    project = page.project
    project.set_plan(replace(project.plan(), clicks=500, seconds=3600.0), who="lea")
    key(page, Qt.Key.Key_Return, CONTROL)
    assert (project.plan().clicks, project.plan().seconds) == (500, 3600.0)


def test_what_was_spent_is_told_by_day_and_person(page):
    row = page.efforts.topLevelItem(0)
    assert [row.text(i) for i in (1, 2, 4)] == ["ada", "1", "0"]
    assert page.spent.text().startswith("Spent: 1 ")


def test_with_too_little_labelled_it_says_so(make_project, open_window, qtbot):
    hands = open_window(make_project(labelled=0, untouched=2))
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    qtbot.waitUntil(lambda: not page.job.running, timeout=60_000)
    assert "label" in page.curve.nothing.text()
    assert page.shop is None
    key(page, Qt.Key.Key_Return, CONTROL)
    assert page.project.plan().name == ""


def test_every_reason_and_note_has_a_line_of_its_own(page):
    lines = page.reasons.text().splitlines()
    assert any(line.startswith("c-hat ") for line in lines)
    assert any(line.startswith("Errors are those of") for line in lines)
