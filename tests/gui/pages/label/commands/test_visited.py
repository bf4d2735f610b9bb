"""Going back to what was open before, and on again."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import Project
from landmark_annotator.projects.vocabulary import Box, Scheme, Shape
from tests.unit.projects.video.encoded import encode

CONTROL = Qt.KeyboardModifier.ControlModifier
BACK, ON = (Qt.Key.Key_PageUp, CONTROL), (Qt.Key.Key_PageDown, CONTROL)


def opened_in_turn(hands, rows) -> list[int]:
    model = hands.window.label_page.list_model
    ids = [model.instance_at(row) for row in rows]
    for each in ids:
        hands.window.controller.open(each)
    return ids


def test_the_way_back_is_the_way_there_whatever_the_list_is_sorted_by(hands):
    first = hands.open_id
    ids = opened_in_turn(hands, (7, 3, 11))
    seen = []
    for _ in ids:
        hands.key(*BACK)
        seen.append(hands.open_id)
    assert seen == [ids[1], ids[0], first]


def test_on_again_ends_where_back_began(hands):
    ids = opened_in_turn(hands, (7, 3))
    hands.key(*BACK)
    hands.key(*BACK)
    hands.key(*ON)
    hands.key(*ON)
    assert hands.open_id == ids[1]


def test_another_one_opened_on_the_way_back_is_where_the_way_goes_on(hands):
    ids = opened_in_turn(hands, (7, 3))
    hands.key(*BACK)
    [other] = opened_in_turn(hands, (9,))
    hands.key(*ON)
    assert hands.open_id == other
    assert "open last" in hands.window.messages.banner.text.text()
    hands.key(*BACK)
    assert hands.open_id == ids[0]


def test_after_an_acceptance_it_leads_to_what_was_accepted(hands):
    accepted = hands.open_id
    hands.key(Qt.Key.Key_Return)
    hands.qtbot.waitUntil(lambda: hands.open_id != accepted)
    hands.key(*BACK)
    assert hands.open_id == accepted


def test_what_was_excluded_since_is_passed_over(hands):
    first = hands.open_id
    ids = opened_in_turn(hands, (7, 3))
    project = hands.window.project
    project.exclude(images=[project.instance(ids[0]).image_id], why="blurred", who="somebody")
    hands.key(*BACK)
    assert hands.open_id == first


def test_before_the_first_one_it_says_so_and_leaves_it_open(hands):
    first = hands.open_id
    hands.key(*BACK)
    assert hands.open_id == first
    assert "Nothing was open before" in hands.window.messages.banner.text.text()


@pytest.fixture
def bars(tmp_path) -> Iterator[Project]:
    """Two labelled frames of a video of twelve."""
    scheme = Scheme("bar", ("start", "end"), edges=((0, 1),))
    shape = Shape(np.array([[20.0, 20.0], [50.0, 40.0]]))
    with Project.create(tmp_path / "bars", scheme) as project:
        for image in add_frames(project, encode(tmp_path / "clip.mp4", 12), (2, 6), who="x").added:
            (waiting,) = project.instances_of(image.id)
            project.fill_instance(waiting.id, Box(40.0, 30.0, 40.0, 40.0), shape, who="x")
        yield project


def test_from_a_frame_that_is_only_shown_it_leads_to_what_was_left_for_it(
    bars, open_window
) -> None:
    hands = open_window(bars)
    clip = hands.window.pages.page("label").clip
    hands.qtbot.waitUntil(clip.timeline.isVisible, timeout=20_000)
    left = hands.open_id
    clip.visit(9)
    hands.qtbot.waitUntil(lambda: clip.away, timeout=20_000)
    hands.key(*BACK)
    assert (clip.away, clip.frame, hands.open_id) == (False, 2, left)
