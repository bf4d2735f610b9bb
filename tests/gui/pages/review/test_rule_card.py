"""The card for accepting by rule: it says what and at what risk, and accepts after a second yes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from landmark_annotator.annotator.gui.pages.review import rule_card
from landmark_annotator.annotator.gui.pages.review.rule_card import RuleCard, RuleSheet
from landmark_annotator.annotator.session.review.acceptance_rule import AcceptanceRule
from landmark_annotator.projects.store import GroupRule, GroupsBy, InstanceState, Making, Project
from landmark_annotator.projects.vocabulary import ActionableError, Box, Provenance, Scheme, Shape

LABELLED, WAITING = 12, 6
POINTS = np.array([[20.0, 20.0], [60.0, 20.0], [40.0, 60.0]])
SCHEME = Scheme("trio", ("left", "right", "chin"), normaliser=(0, 1))
MARKS = [Provenance.INFERRED, Provenance.INFERRED, Provenance.CLICKED]


class Facts:
    width = height = 80

    def __init__(self, number: int) -> None:
        self.sha256 = f"{number:064x}"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Of twelve proposals people have left all as they were; six more wait."""
    with Project.create(tmp_path / "trios", SCHEME) as project:
        project.set_group_rule(GroupRule(GroupsBy.NOTHING), who="ada")
        making = Making("heatmap 1", 10, float("inf"), 60 * np.eye(2))
        for number in range(LABELLED + WAITING):
            image = project.add_image(tmp_path / f"{number}.png", Facts(number))
            record = project.add_instance(image.id, Box(40, 40, 60, 60), who="ada")
            project.store_proposal(
                record.id,
                POINTS,
                np.tile(np.eye(2), (3, 1, 1)),
                predicted_error=2.0,
                model="heatmap",
                making=making,
                own=True,
            )
            if number < LABELLED:
                project.accept(record.id, Shape(POINTS, None, MARKS), who="ada")
        yield project


@pytest.fixture
def card(project: Project, qtbot) -> RuleCard:
    made = RuleCard(AcceptanceRule(project, who="rita"), project.folder, pytest.fail)
    qtbot.addWidget(made)
    made.look()
    return made


def opened(card: RuleCard, qtbot, visible: float, share: float, confidence: float) -> RuleSheet:
    """The sheet with these numbers, once it has said what a rule would accept."""
    card.go_on()
    sheet = card.sheet
    assert sheet is not None
    for number, value in zip(sheet.numbers, (visible, share, confidence), strict=True):
        number.setValue(value)
    qtbot.waitUntil(lambda: "safe by" in sheet.said.text(), timeout=20_000)
    return sheet


def ruled(project: Project) -> int:
    return sum(Provenance.RULED in shape.provenance for _, shape in project.shapes())


def accept_drawn(project: Project, card: RuleCard) -> None:
    drawn: list[int] = []
    card.drawn.connect(drawn.append)
    card.go_on()
    while drawn:
        project.accept(drawn.pop(), Shape(POINTS), who="rita")
        card.go_on()


def test_it_says_what_a_rule_would_accept_and_at_what_risk(project, card, qtbot):
    sheet = opened(card, qtbot, 7.0, 34.0, 60.0)
    said = sheet.said.text()
    assert "Of 6 proposals that wait and are safe" in said
    assert "with 60 % confidence at most 2 of all are visibly off by more than 7 %" in said
    sheet.numbers[1].setValue(20.0)
    qtbot.waitUntil(lambda: "at most 1 of all is visibly off" in sheet.said.text(), timeout=20_000)
    sheet.reject()
    assert card.rule.progress is None


def test_all_that_is_said_is_seen_however_late_it_comes(card, qtbot):
    card.show()
    sheet = opened(card, qtbot, 7.0, 34.0, 60.0)
    assert sheet.isVisible()
    qtbot.waitUntil(lambda: sheet.said.height() >= sheet.said.heightForWidth(sheet.said.width()))


def test_where_labels_are_too_few_nothing_can_be_drawn(card, qtbot):
    sheet = opened(card, qtbot, 7.0, 2.0, 95.0)
    assert sheet.said.text().startswith("No proposal is safe by 12 labels")
    button = sheet.buttons.button(sheet.buttons.StandardButton.Ok)
    assert not button.isEnabled()


def test_why_nothing_can_be_offered_is_said_where_the_offer_would_be(card, qtbot, monkeypatch):
    """It said for ever that it was looking, under a message that the sheet covers."""

    def away(*_) -> None:
        raise ActionableError("The project's database is away.", remedy="Connect the drive.")

    monkeypatch.setattr(rule_card, "_offered", away)
    card.go_on()
    said = card.sheet.said
    qtbot.waitUntil(lambda: "The project's database is away." in said.text())
    assert "Looking" not in said.text()
    assert not card.sheet.buttons.button(card.sheet.buttons.StandardButton.Ok).isEnabled()


def test_after_the_checks_it_asks_once_more_and_one_undo_takes_all_back(project, card, qtbot):
    opened(card, qtbot, 7.0, 34.0, 60.0).accept()
    assert card.text.text().startswith("No rule yet")
    accept_drawn(project, card)
    assert card.text.text().startswith("A rule may accept the rest")
    assert ruled(project) == 0
    checked = project.count_of(InstanceState.ACCEPTED) - LABELLED
    assert 0 < checked < WAITING
    assert card.yes is not None
    with qtbot.waitSignal(card.applied) as told:
        QTest.mouseClick(card.yes, Qt.MouseButton.LeftButton)
    assert told.args == [WAITING - checked]
    assert ruled(project) == WAITING - checked
    project.undo("rita")
    assert ruled(project) == 0


def test_who_says_not_now_accepts_nothing(project, card, qtbot):
    opened(card, qtbot, 7.0, 34.0, 60.0).accept()
    accept_drawn(project, card)
    assert card.yes is not None
    card.yes.window().reject()
    assert ruled(project) == 0


def replace(project: Project, instances: list[int]) -> None:
    """By what a newer model proposes for them."""
    for instance_id in instances:
        unsure = np.tile(np.eye(2), (3, 1, 1))
        project.store_proposal(
            instance_id, POINTS + 0.5, unsure, predicted_error=2.0, model="newer", own=True
        )


def untouched(project: Project) -> list[int]:
    return [r.id for r in project.instances() if r.state is InstanceState.UNTOUCHED]


def test_checks_of_proposals_that_were_replaced_are_told_apart(project, card, qtbot):
    opened(card, qtbot, 7.0, 34.0, 60.0).accept()
    replace(project, untouched(project))
    card.go_on()
    accept_drawn(project, card)
    found = card.rule.progress
    assert found is not None
    assert found.wrong == found.replaced > 0
    card.look()
    text = f"{found.wrong} wrong ({found.replaced} of them as their proposals had been replaced)"
    assert text in card.text.text()


def test_what_is_replaced_after_the_checks_is_told_and_not_accepted(project, card, qtbot):
    opened(card, qtbot, 7.0, 34.0, 60.0).accept()
    accept_drawn(project, card)
    assert card.yes is not None
    card.yes.window().reject()
    some, *others = untouched(project)
    replace(project, [some])
    card.go_on()
    box = card.yes.window()
    assert box.informativeText().endswith(
        "1 proposal was replaced since the first was drawn, and no rule accepts what took its "
        "place."
    )
    box.reject()
    replace(project, others)
    card.go_on()
    assert card.text.text().startswith("The checks were enough, but nothing is accepted: ")
    assert card.sheet is not None


def test_once_all_is_accepted_nothing_is_left_until_that_is_undone(project, card, qtbot):
    opened(card, qtbot, 7.0, 34.0, 60.0).accept()
    accept_drawn(project, card)
    assert card.yes is not None
    QTest.mouseClick(card.yes, Qt.MouseButton.LeftButton)
    assert card.text.text().startswith("Nothing is left to accept by rule")
    project.undo("rita")
    card.look()
    assert card.text.text().startswith("A rule may accept the rest")


def test_checks_that_nobody_goes_on_with_are_given_up_by_one_press(project, card, qtbot):
    card.show()
    assert not card.give_up.isVisible()
    opened(card, qtbot, 7.0, 34.0, 60.0).accept()
    assert card.text.text().endswith(
        "Until this is done or given up, all 6 stay proposed as drawn."
    )
    accept_drawn(project, card)
    assert card.yes is not None
    card.yes.window().reject()
    assert card.give_up.isVisible()
    checked = project.count_of(InstanceState.ACCEPTED) - LABELLED
    QTest.mouseClick(card.give_up, Qt.MouseButton.LeftButton)
    assert card.text.text().startswith(f"Given up: what was checked ({checked}) stays accepted")
    assert not card.give_up.isVisible()
    assert project.count_of(InstanceState.ACCEPTED) == LABELLED + checked
    assert ruled(project) == 0
    assert card.button.text().startswith("Accept by rule")
    opened(card, qtbot, 7.0, 34.0, 60.0).accept()
    assert card.text.text().startswith("No rule yet")


def test_what_waits_is_read_once_when_the_rest_is_asked_about(project, card, qtbot, monkeypatch):
    opened(card, qtbot, 7.0, 34.0, 60.0).accept()
    accept_drawn(project, card)
    assert card.yes is not None
    card.yes.window().reject()
    readings = []
    blind = Project.blind_instances
    monkeypatch.setattr(
        Project, "blind_instances", lambda self: (readings.append(self), blind(self))[1]
    )
    card.go_on()
    assert len(readings) == 1
