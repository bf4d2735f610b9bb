"""What could not learn from an image that was away for a moment is made again once images open."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller import preparation
from landmark_annotator.projects.vocabulary.errors import ImageError


@pytest.fixture
def away(make_project, open_window, monkeypatch):
    """The window, after an image that its proposer takes went away while that was being made."""
    real, back = preparation.made_proposer, []

    def made(folder, offer, progress):
        if not back:
            raise ImageError("There is no image kites_03.png.", remedy="Put it back.")
        return real(folder, offer, progress)

    monkeypatch.setattr(preparation, "made_proposer", made)
    told = []
    hands = open_window(make_project(untouched=4), start=False)
    hands.window.preparation.failed.connect(told.append)
    hands.window.start()
    hands.wait_for()
    return hands, told, back


def test_it_proposes_again_with_the_next_image_once_the_disk_is_back(away):
    hands, _, back = away
    assert hands.window.preparation.proposer.name == "none"
    back.append(True)
    hands.key(Qt.Key.Key_PageDown)
    hands.wait_for()
    assert hands.window.preparation.proposer.name == "prior"


def test_as_long_as_it_is_away_that_is_said_once(away):
    hands, told, _ = away
    for _ in range(2):
        hands.key(Qt.Key.Key_PageDown)
        hands.wait_for()
    assert len(told) == 1
    assert "kites_03.png" in hands.window.preparation.proposer.reason
