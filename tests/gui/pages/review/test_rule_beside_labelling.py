"""While proposals are checked for a rule, the window's pages leave them as they were drawn."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.projects.certificates import fingerprint
from landmark_annotator.projects.certificates.standing import PROPOSED
from landmark_annotator.projects.vocabulary import Shape


@pytest.fixture
def drawn(make_project):
    """A project, and the waiting ones of which a rule's batch was drawn, all by an older model."""
    project = make_project(labelled=12, untouched=3)
    waiting = [record for record in project.instances() if not project.shape(record.id).known.any()]
    prints = []
    for record in waiting:
        points = record.box.to_image(np.linspace(-0.4, 0.4, 12).reshape(6, 2))
        unsure = np.tile(4 * np.eye(2), (6, 1, 1))
        said = {"predicted_error": 1.0, "model": "heatmap", "own": True}
        project.store_proposal(record.id, points, unsure, **said)
        prints.append((record.id, fingerprint(Shape(points, None, None, unsure))))
    project.start_certificate(
        prints, scope=PROPOSED, seed=0, visible=7.0, share=0.5, confidence=0.5, who="ada"
    )
    return project, [record.id for record in waiting]


def models(project, ids):
    return [project.proposal(instance_id).model for instance_id in ids]


def test_the_label_page_and_the_sheet_store_nothing_in_their_place(drawn, open_window, qtbot):
    project, ids = drawn
    hands = open_window(project)
    hands.wait_for()
    assert hands.window.controller.view.backend != "heatmap", "it is shown all the same"
    hands.key(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    sheet = hands.window.pages.page("sheet")
    hands.window.pages.turn_to("sheet")
    qtbot.waitUntil(lambda: sheet.isVisible() and sheet.settled, timeout=60_000)
    assert models(project, ids) == ["heatmap"] * 3


def test_undo_of_what_a_rule_accepted_is_seen_on_the_card(drawn, open_window, qtbot):
    """It went on saying that nothing is left until another page was turned to."""
    project, _ = drawn
    hands = open_window(project)
    hands.wait_for()
    hands.window.pages.turn_to("review")
    page = hands.window.pages.page("review")
    card, rule = page.rule, page.rule.rule
    while (drawn_one := rule.drawn()) is not None:
        points = project.proposal(drawn_one).points
        project.accept(drawn_one, Shape(points), who=rule.who)
        rule.judge()
    assert rule.apply() > 0
    qtbot.waitUntil(lambda: page.settled, timeout=20_000)
    card.look()
    assert card.text.text().startswith("Nothing is left")
    hands.window.actions_by_name["undo"].trigger()
    qtbot.waitUntil(lambda: card.text.text().startswith("A rule may accept"))
