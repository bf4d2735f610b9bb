"""A photograph whose drive was away is shown again by itself."""

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase


def test_a_photograph_that_is_there_again_is_shown_without_a_gesture(
    make_project, open_window, qtbot, monkeypatch
):
    monkeypatch.setattr(
        "landmark_annotator.annotator.gui.pages.label.observers.picture_back._EVERY_MS", 10
    )
    project = make_project(labelled=3, untouched=1)
    path = project.image(project.instance(project.queue()[0].instance_id).image_id).path
    away = path.with_name("away.png")
    path.rename(away)
    hands = open_window(project)
    hands.wait_for(Phase.BROKEN)
    qtbot.wait(50)  # some looks, which change nothing
    assert hands.window.controller.phase is Phase.BROKEN
    away.rename(path)
    hands.wait_for(Phase.READY)
    qtbot.waitUntil(lambda: not hands.window.picture_back._clock.isActive())
