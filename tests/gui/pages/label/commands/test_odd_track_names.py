"""Tracks are called what people call them: a name is no key of a menu, and no markup."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from landmark_annotator.annotator.gui.widgets.comment_sheet import CommentSheet
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Scheme
from tests.unit.projects.video.encoded import encode

NAMES = ("M & F", "<b>7</b>")


@pytest.fixture
def tracks(tmp_path, open_window):
    with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as project:
        add_frames(project, encode(tmp_path / "clip.mp4", 12), [0], who="x")
        (video,) = project.videos()
        for name in NAMES:
            project.add_track(video.id, name, who="x")
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened)
        clip = hands.window.pages.page("label").clip
        hands.qtbot.waitUntil(lambda: clip.timeline.isVisible(), timeout=20_000)
        yield clip.tracks


def test_an_ampersand_is_no_key(tracks) -> None:
    """It was drawn as a line under the letter after it."""
    first, second = (each.id for each in tracks._project.tracks())
    menu = tracks.menu(1, second, 0)
    swap = next(a.menu() for a in menu.actions() if a.text().startswith("Swap from"))
    assert [each.text() for each in swap.actions()] == ["M && F"]
    titles = [each.text() for each in tracks.menu(1, first, 0).actions()]
    assert titles[0] == "M && F, frame 0"
    assert "is M && F" in titles


def test_a_name_with_brackets_is_asked_for_as_it_is(tracks) -> None:
    second = tracks._project.tracks()[1].id
    menu = tracks.menu(1, second, 0)
    next(a for a in menu.actions() if a.text().startswith("Rename")).trigger()
    (sheet,) = tracks.parent().findChildren(CommentSheet)
    asked = next(each for each in sheet.findChildren(QLabel) if "called" in each.text())
    assert asked.text() == "What is <b>7</b> to be called?"
    assert asked.textFormat() is Qt.TextFormat.PlainText
    sheet.reject()


@pytest.mark.parametrize("begins", ["Rename", "is a new track"])
def test_a_name_that_is_taken_can_be_changed_where_it_was_typed(tracks, begins) -> None:
    """It was refused when the sheet had closed, and what was typed was gone."""
    second = tracks._project.tracks()[1].id
    next(a for a in tracks.menu(1, second, 0).actions() if a.text().startswith(begins)).trigger()
    (sheet,) = tracks.parent().findChildren(CommentSheet)
    store = sheet.buttons.button(sheet.buttons.StandardButton.Ok)
    sheet.comment.setText(" M & F")
    assert sheet.refused.text() == "The video has a track M & F already."
    assert not store.isEnabled()
    sheet.comment.setText("M & F 2")
    assert sheet.refused.isHidden()
    store.click()
    assert "M & F 2" in [each.name for each in tracks._project.tracks()]
