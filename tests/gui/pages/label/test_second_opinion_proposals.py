"""Who gives a second opinion is not shown the first one as a proposal."""

from landmark_annotator.annotator.session.review.second_opinions import ask_for_second_opinions


def test_the_only_label_does_not_come_back_as_a_proposal(make_project, open_window):
    project = make_project(labelled=1, untouched=1)
    first = project.instances()[1]
    [second] = ask_for_second_opinions(project, 1, seed=0, who="ada", among=[first.id])
    hands = open_window(project)
    hands.wait_for()
    hands.window.controller.open(second)
    preparation = hands.window.preparation
    hands.qtbot.waitUntil(lambda: not preparation.thinks(second), timeout=20_000)
    assert preparation.proposal(second) is None
    waiting = project.instances()[0].id
    hands.window.controller.open(waiting)
    hands.qtbot.waitUntil(lambda: preparation.proposal(waiting) is not None, timeout=20_000)


def test_nor_on_a_sheet(make_project, open_window):
    project = make_project(labelled=1, untouched=1)
    first = project.instances()[1]
    [second] = ask_for_second_opinions(project, 1, seed=0, who="ada", among=[first.id])
    hands = open_window(project)
    hands.wait_for()
    hands.window.pages.turn_to("sheet")
    page = hands.window.pages.page("sheet")
    hands.qtbot.waitUntil(lambda: page.settled, timeout=20_000)
    preparation = page.preparation
    hands.qtbot.waitUntil(lambda: not preparation.thinks(second), timeout=20_000)
    assert preparation.proposal(second) is None
