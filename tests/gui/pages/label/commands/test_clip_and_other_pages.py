"""A frame of a video that is only shown, while other pages are turned to."""

import pytest

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode


@pytest.fixture
def hands(tmp_path, open_window):
    """At the only labelled frame of a video of forty."""
    with Project.create(tmp_path / "bars", Scheme("bar", ("start", "end"))) as project:
        (image,) = add_frames(project, encode(tmp_path / "clip.mp4", 40), (2,), who="x").added
        (record,) = project.instances_of(image.id)
        shape = Shape([[20.0, 20.0], [50.0, 40.0]])
        project.fill_instance(record.id, Box(40.0, 30.0, 40.0, 40.0), shape, who="x")
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened)
        clip = hands.window.pages.page("label").clip
        hands.qtbot.waitUntil(lambda: clip.timeline.isVisible(), timeout=20_000)
        yield hands


def turn_to(hands, name: str) -> None:
    hands.window.pages.turn_to(name)
    page = hands.window.pages.page(name)
    hands.qtbot.waitUntil(lambda: page.isVisible() and page.settled, timeout=20_000)


def test_it_is_said_again_once_its_page_is_seen_and_not_before(hands) -> None:
    clip = hands.window.pages.page("label").clip
    clip.visit(20)
    hands.qtbot.waitUntil(lambda: hands.text.startswith("Frame 20 of clip.mp4"), timeout=20_000)
    turn_to(hands, "compare")
    other = hands.text
    assert "clip.mp4" not in other
    clip.visit(21)
    hands.qtbot.waitUntil(lambda: "Frame 21" in clip._said, timeout=20_000)
    assert hands.text == other
    turn_to(hands, "label")
    assert hands.text == "Frame 21 of clip.mp4: a click begins to label it"


def test_it_plays_no_further_while_nobody_sees_it(hands) -> None:
    clip = hands.window.pages.page("label").clip
    clip.play()
    hands.qtbot.waitUntil(lambda: clip.frame > 2, timeout=20_000)
    turn_to(hands, "compare")
    assert not clip._playing.isActive()
