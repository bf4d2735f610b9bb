"""The lead's view: a slider over the formats, what each buys, the plan, and what was spent."""

import re
from dataclasses import replace

import pytest
from axis_numbers import painted
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.budget import page as budget_page
from landmark_annotator.annotator.gui.pages.budget.effort_table import EffortTable
from landmark_annotator.annotator.gui.pages.budget.sentences import DaySpent
from landmark_annotator.projects.store import InstanceState, Plan
from landmark_annotator.projects.vocabulary import ActionableError, Provenance, Shape

CONTROL = Qt.KeyboardModifier.ControlModifier


def key(page, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(page.slider, key, modifier)


def test_the_recommended_number_comes_first(page):
    assert page.purchase.m == page.shop.recommended.m
    assert page.reasons.text().startswith("Recommended.")


@pytest.mark.parametrize("points", [1, 5])
def test_where_there_is_a_plan_its_number_comes_first(hands_at, qtbot, points):
    hands_at.window.project.set_plan(Plan("own", tuple(range(points))), who="lea")
    hands_at.key(Qt.Key.Key_5, CONTROL)
    page = hands_at.window.pages.page("budget")
    qtbot.waitUntil(lambda: page.settled, timeout=60_000)
    assert page.purchase.m == points
    best = page.shop.recommended.m
    key(page, Qt.Key.Key_R)
    assert page.purchase.m == best


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


@pytest.mark.parametrize("height", [300, 1200])
def test_no_more_than_wholly_can_the_rest_follow(page, height):
    page.curve.setFixedHeight(height)
    up = [float(text) for _, text in painted(page.curve, "left")]
    assert max(up) == 1.0
    assert min(up) == 0.0


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


def test_a_plan_can_be_given_up_and_its_budget_stays(hands_at, page, qtbot):
    """In the window one could only make another, and undo took back somebody's last click."""
    project = page.project
    assert page.drop.isHidden()
    key(page, Qt.Key.Key_Return, CONTROL)
    assert "N gives it up" in hands_at.window.messages.banner.text.text()
    project.set_plan(replace(project.plan(), clicks=500), who="lea")
    assert page.drop.isVisible()
    key(page, Qt.Key.Key_N)
    plan = project.plan()
    assert (plan.name, plan.landmarks, plan.ask_above, plan.clicks) == ("", (), None, 500)
    qtbot.waitUntil(lambda: page.plan_line.text().startswith("No plan yet"))
    assert page.drop.isHidden()
    assert page.make.isEnabled()


def test_a_plan_of_as_many_other_points_is_not_the_plan_that_is_shown(page, qtbot):
    chosen = page.purchase
    others = [j for j in range(len(page.project.scheme)) if j not in chosen.format.landmarks]
    other = (*chosen.format.landmarks[1:], others[0])
    page.project.set_plan(Plan(f"m{chosen.m}", other), who="lea")
    page.read_figures()
    qtbot.waitUntil(lambda: page.make.text().startswith(f"Make this m{chosen.m} the plan"))
    key(page, Qt.Key.Key_Return, CONTROL)
    assert page.project.plan().landmarks == chosen.format.landmarks


def test_the_budget_of_the_plan_stays(page):
    project = page.project
    project.set_plan(replace(project.plan(), clicks=500, seconds=3600.0), who="lea")
    key(page, Qt.Key.Key_Return, CONTROL)
    assert (project.plan().clicks, project.plan().seconds) == (500, 3600.0)


def test_what_was_spent_is_told_by_day_and_person(page):
    row = page.efforts.topLevelItem(0).child(0)
    assert [row.text(i) for i in (0, 1, 3)] == ["ada", "1", "0"]
    assert page.spent.text().startswith("Spent: 1 click, ")


def test_figures_are_in_sight_beside_a_long_name(qtbot):
    table = EffortTable()
    qtbot.addWidget(table)
    long = "a.very-long-name@institute.example.org"
    table.show_days([DaySpent("2026-11-25", ((long, "1,007", "3.5 h", "88", "11.4"),))])
    table.resize(280, 200)
    with qtbot.waitExposed(table):
        table.show()
    assert not table.horizontalScrollBar().isVisible()


@pytest.mark.parametrize(("beside", "gives_way"), [(-10, True), (40, False)])
def test_in_a_narrow_window_a_name_can_be_read(qtbot, beside, gives_way):
    """beside: pixels that are left where the name and all figures stand side by side."""
    table = EffortTable()
    qtbot.addWidget(table)
    table.show_days([DaySpent("2026-11-25", (("Marie", "1,007", "3.5 h", "88", "11.4"),))])
    table.resize(600, 200)
    with qtbot.waitExposed(table):
        table.show()
    edges = table.width() - table.viewport().width()
    # Not their widths: the header may not have made them yet.
    hints = [(table.sizeHintForColumn(c), table.header().sectionSizeHint(c)) for c in range(1, 5)]
    figures = sum(map(max, hints))
    table.resize(table.sizeHintForColumn(0) + figures + edges + beside, 200)
    assert table.columnWidth(0) > table.fontMetrics().horizontalAdvance("Marie")
    assert not table.horizontalScrollBar().isVisible()
    assert table.isColumnHidden(4) == gives_way


def test_the_heading_can_be_read_where_nobody_has_spent_anything(qtbot):
    table = EffortTable()
    qtbot.addWidget(table)
    table.show_days([])
    table.resize(600, 200)
    with qtbot.waitExposed(table):
        table.show()
    header, edges = table.header(), table.width() - table.viewport().width()
    table.resize(sum(map(header.sectionSizeHint, range(1, 5))) + edges + 4, 200)
    assert table.columnWidth(0) >= header.sectionSizeHint(0)


def test_with_too_little_labelled_it_says_so(make_project, open_window, qtbot):
    hands = open_window(make_project(labelled=0, untouched=2))
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    qtbot.waitUntil(lambda: not page.job.running, timeout=60_000)
    assert "label" in page.shape.nothing.text()
    assert "label" not in page.curve.nothing.text()
    assert page.shop is None
    key(page, Qt.Key.Key_Return, CONTROL)
    assert page.project.plan().name == ""


def test_what_points_buy_is_not_known_where_a_model_placed_what_was_accepted(
    make_project, open_window, qtbot
):
    project = make_project(labelled=2, untouched=10)
    marks = [Provenance.CLICKED, *[Provenance.INFERRED] * (len(project.scheme) - 1)]
    shapes = [shape for _, shape in project.shapes()]
    waiting = [r for r in project.instances() if r.state is InstanceState.UNTOUCHED]
    for number, record in enumerate(waiting):
        moved = shapes[number % 2].points + number
        project.accept(record.id, Shape(moved, provenance=marks), who="ada")
    hands = open_window(project)
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    qtbot.waitUntil(lambda: page.settled, timeout=60_000)
    assert page.shop.offer.purchases[-1].error is None
    assert "in 10 of 12 labelled shapes a model placed" in page.prices.nothing.text()
    assert "Expected error: not known yet" in page.facts.text()


def test_every_reason_and_note_has_a_line_of_its_own(page):
    lines = [*page.reasons.text().splitlines(), *page.notes.text().splitlines()]
    assert any(line.startswith("How well the rest follows: ") for line in lines)
    assert any(line.startswith("Errors are those of") for line in lines)


def test_once_everything_is_accepted_times_are_for_all_there_is_and_it_is_said(page, qtbot):
    # They stayed those of the images that had waited before.
    waiting = [r for r in page.project.instances() if r.state is not InstanceState.ACCEPTED]
    _, shape = next(iter(page.project.shapes()))
    for record in waiting:
        page.project.accept(record.id, shape, who="ada")
    page.read_figures()
    qtbot.waitUntil(lambda: "No instance waits" in page.notes.text(), timeout=20_000)
    assert "the times are for 15 like those labelled" in page.notes.text()
    assert page.facts.text().endswith(" for 15 images")


def test_there_is_one_number_of_images_on_the_page(page, hands_at, qtbot):
    """Also after some more were accepted: what points buy was measured before that."""
    assert numbers_of_images(page) == {"3"}
    hands_at.key(Qt.Key.Key_1, CONTROL)
    hands_at.key(Qt.Key.Key_Return)
    before = page.spending
    hands_at.key(Qt.Key.Key_5, CONTROL)
    qtbot.waitUntil(lambda: page.spending is not before and page.settled, timeout=20_000)
    assert numbers_of_images(page) == {"2"}


def numbers_of_images(page) -> set[str]:
    said = [page.facts.text(), page.reasons.text() + page.notes.text(), page.spent.text()]
    said.append(page.prices.item.getAxis("bottom").labelText)
    found = [re.findall(r"for ([0-9,]+) images", text) for text in said]
    assert all(found)
    return {number for numbers in found for number in numbers}


def test_a_lead_reads_plain_words_and_finds_the_exact_ones_in_the_tooltip(page):
    seen = [page.facts.text(), page.reasons.text(), page.figure.text(), page.spent.text()]
    seen.append(page.notes.text())
    seen.append(page.curve.item.getAxis("left").labelText)
    assert not any(word in text for text in seen for word in ("c-hat", "HiGHS", "Gurobi"))
    assert "how well the rest follows" in seen[-1]
    assert "c-hat" in page.facts.toolTip()
    assert "Solved by" in page.facts.toolTip()


def test_what_no_plan_costs_is_said_whatever_is_looked_at(page):
    for _ in range(2):
        assert "Without a plan: " in page.reasons.text()
        assert "Without a click: what is proposed is looked at and acc" in page.reasons.text()
        key(page, Qt.Key.Key_Left if page.purchase.m > 1 else Qt.Key.Key_Right)


def test_with_a_model_that_needs_less_no_plan_is_recommended(page):
    from landmark_annotator.annotator.session.planning.offer import Unplanned
    from landmark_annotator.annotator.session.planning.recommendation import recommend

    free = Unplanned(clicks=2.4, error=1.0, image_seconds=1.0, measured=9, by_model=True)
    offered = replace(page.shop.offer, unplanned=free)
    page._load(replace(page.shop, offer=offered, recommended=recommend(offered)))
    key(page, Qt.Key.Key_R)
    assert page.figure.text() == "2 points an image"
    assert page.reasons.text().startswith("Recommended: no plan. The model needs 2.4 clicks")
    assert page.make.property("tone") != "chosen"


def test_the_button_invites_to_what_is_recommended_alone(page):
    key(page, Qt.Key.Key_R)
    assert page.purchase.m == page.shop.recommended.m
    assert page.make.property("tone") == "chosen"
    key(page, Qt.Key.Key_Left if page.slider.value() else Qt.Key.Key_Right)
    assert page.make.property("tone") != "chosen"


def test_a_pause_is_left_out_and_said(make_project, open_window, qtbot):
    project = make_project(untouched=4)
    for n in range(12):
        took = 240.0 if n == 3 else 2.0
        project.place(project.instances()[0].id, n % 6, (90.0, 50.0), who="ada", duration=took)
    hands = open_window(project)
    hands.wait_for()
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    qtbot.waitUntil(lambda: page.spending is not None, timeout=20_000)
    assert page.spent.text().startswith("Spent: 12 clicks, 32 s\nPauses do not count: 4 min in")


def test_no_words_are_cut_in_a_narrow_window_with_large_letters(page, qapp):
    from PySide6.QtWidgets import QApplication, QScrollArea

    from landmark_annotator.annotator.gui.style import themes

    try:
        themes.apply(qapp, font_scale=150)
        page.window().resize(1000, 700)
        for _ in range(5):
            QApplication.processEvents()
        [words] = [a for a in page.findChildren(QScrollArea) if a.isAncestorOf(page.facts)]
        assert words.widget().width() <= words.viewport().width()
        assert page.width() <= page.window().width() <= 1000
    finally:
        themes.apply(qapp)


def test_what_figures_rest_on_is_said_where_there_are_figures(page):
    assert page.footing.isVisible()
    assert page.notes.text()


def test_without_figures_no_heading_says_what_they_rest_on(make_project, open_window, qtbot):
    hands = open_window(make_project(labelled=2))
    hands.wait_for()
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    qtbot.waitUntil(lambda: page.spending is not None and not page.job.running, timeout=60_000)
    assert page.shop is None
    assert page.spent.isVisible()
    assert not page.footing.isVisible()


def test_it_is_said_what_a_plan_changes_for_annotators(page):
    key(page, Qt.Key.Key_R)
    one, said = page.shop.offer.one, page.means.text()
    names = ", ".join(page.project.scheme.landmarks[i] for i in page.purchase.format.landmarks)
    those = names if page.purchase.m <= 3 else f"these {page.purchase.m} points"
    assert said.startswith(f"The plan is what everybody is asked for: {those} of each {one}")
    assert "Nothing that is labelled changes" in said
    assert page.means.isVisibleTo(page)


def test_why_it_cannot_be_measured_again_is_told(page, qtbot, monkeypatch):
    """What stood there stayed, as if it had been measured on the labels of now."""

    def refuse(folder, progress):
        raise ActionableError("Too few shapes are accepted.")

    monkeypatch.setattr(budget_page, "shop", refuse)
    key(page, Qt.Key.Key_F5)
    banner = page.window().messages.banner
    qtbot.waitUntil(banner.isVisible, timeout=20_000)
    assert "Too few shapes are accepted." in banner.text.text()


def test_a_plan_can_be_given_up_by_its_button_where_nothing_can_be_measured(
    make_project, open_window, qtbot
):
    project = make_project(labelled=0, untouched=2)
    project.set_plan(Plan("own", (0, 1)), who="lea")
    hands = open_window(project)
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    qtbot.waitUntil(lambda: page.spending is not None and not page.job.running, timeout=60_000)
    assert page.drop.isVisible()
    page.drop.click()
    assert page.project.plan().landmarks == ()


def test_a_measurement_that_broke_is_no_longer_waited_for(
    make_project, open_window, qtbot, monkeypatch
):
    """It said "Measuring what points buy" for good."""
    hands = open_window(make_project(labelled=0, untouched=2))
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    qtbot.waitUntil(lambda: not page.job.running, timeout=60_000)
    page.job.progressed.emit("Folds", 1, 3)
    monkeypatch.setattr(page._context, "tell", lambda *told: None)
    page.job.failed.emit(ValueError("broken"))
    assert "Measuring" not in page.shape.nothing.text()
    assert "F5" in page.shape.nothing.text()


@pytest.mark.parametrize(
    ("pressed", "modifier"),
    [(Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Return, CONTROL)],
)
def test_a_key_that_needs_figures_says_that_there_are_none(
    make_project, open_window, qtbot, pressed, modifier
):
    hands = open_window(make_project(labelled=0, untouched=2))
    hands.key(Qt.Key.Key_5, CONTROL)
    page = hands.window.pages.page("budget")
    qtbot.waitUntil(lambda: not page.job.running, timeout=60_000)
    key(page, pressed, modifier)
    assert "not measured" in page.window().messages.banner.text.text()


def test_the_key_that_gives_a_plan_up_says_where_there_is_none(page):
    key(page, Qt.Key.Key_N)
    assert "no plan" in page.window().messages.banner.text.text()
