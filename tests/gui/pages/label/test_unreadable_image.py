"""An image that cannot be read is explained, and the work goes on."""

import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.projects.images import read_pixels
from landmark_annotator.projects.vocabulary.errors import FileMissing


@pytest.fixture
def missing(make_project, open_window):
    project = make_project()
    path = project.images()[0].path
    path.rename(path.with_suffix(".away"))
    hands = open_window(project)
    hands.wait_for(Phase.BROKEN)
    return hands


def test_the_canvas_says_once_what_happened_and_names_the_command_of_the_window(missing):
    assert missing.canvas.failure.isVisible()
    said = missing.canvas.failure.text()
    assert "kites_00.png" in said
    assert "Project, Find moved files (Ctrl+Shift+F)" in said
    assert "annotator locate" not in said
    assert not missing.window.messages.banner.isVisible()


def test_the_key_is_that_of_the_user(missing):
    missing.window.preferences.change(keys={"locate": ["Ctrl+F9"]})
    missing.key(Qt.Key.Key_PageDown)
    missing.wait_for(Phase.READY)
    missing.key(Qt.Key.Key_PageUp)
    missing.wait_for(Phase.BROKEN)
    assert "Find moved files (Ctrl+F9)" in missing.canvas.failure.text()


def test_what_is_told_elsewhere_in_the_window_names_it_too(missing):
    image = missing.window.project.images()[0]
    with pytest.raises(FileMissing) as raised:
        read_pixels(image.path)
    assert "annotator locate" in raised.value.remedy
    missing.window.messages.tell(raised.value)
    assert "Find moved files (Ctrl+Shift+F)" in missing.window.messages.banner.text.text()


def test_the_status_line_says_how_to_go_on(missing):
    assert missing.text == "This image cannot be shown. Page Down goes on"


def test_nothing_can_be_placed_or_accepted_blindly(missing):
    missing.window.landmarks.asked.emit(2)
    missing.click(100, 100)
    missing.key(Qt.Key.Key_Return)
    missing.key(Qt.Key.Key_C)
    assert missing.entries == []


def test_the_next_image_opens_as_ever_and_the_message_goes(missing):
    missing.key(Qt.Key.Key_PageDown)
    missing.wait_for(Phase.READY)
    assert not missing.canvas.failure.isVisible()
    assert not missing.window.messages.banner.isVisible()
    missing.click(*missing.free_place())
    assert len(missing.entries) == 1


def test_a_truncated_image_is_told_of_too(make_project, open_window):
    project = make_project()
    path = project.images()[0].path
    path.write_bytes(path.read_bytes()[:200])
    hands = open_window(project)
    hands.wait_for(Phase.BROKEN)
    assert hands.canvas.failure.isVisible()


def test_an_image_that_came_back_is_shown(missing):
    path = missing.window.project.images()[0].path
    path.with_suffix(".away").rename(path)
    missing.key(Qt.Key.Key_PageDown)
    missing.key(Qt.Key.Key_PageUp)
    missing.wait_for(Phase.READY)
    assert not missing.canvas.failure.isVisible()
