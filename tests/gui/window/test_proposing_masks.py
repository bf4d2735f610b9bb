"""The window's proposals for all that is left, where the scheme has regions."""

from dataclasses import replace

from landmark_annotator.projects.vocabulary import Region
from tests.gui.conftest import KITE


def test_masks_are_proposed_too_and_what_came_of_it_is_told(make_project, open_window):
    """No network that comes with the program knows these regions, which is told."""
    hands = open_window(make_project(2, 1, scheme=replace(KITE, regions=(Region("cloth"),))))
    hands.window.actions_by_name["propose"].trigger()
    banner = hands.window.messages.banner.text
    hands.qtbot.waitUntil(lambda: "No masks are proposed" in banner.text(), timeout=60_000)
