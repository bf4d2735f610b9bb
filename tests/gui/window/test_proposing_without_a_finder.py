"""Proposing where nothing can look for the objects of images yet."""


def test_that_nobody_looked_for_objects_is_told_with_what_it_takes(make_project, open_window):
    """Sheets say that proposing looks for the objects of images without a box."""
    hands = open_window(make_project(2, 2, boxes=False))
    hands.window.actions_by_name["propose"].trigger()
    banner = hands.window.messages.banner.text
    hands.qtbot.waitUntil(lambda: "need a box first" in banner.text(), timeout=60_000)
    assert "No finder of objects is trained yet: a training makes one" in banner.text()
