"""A wrong mark that was accepted in many frames is mended in all of them by one gesture."""

import numpy as np
import pytest

from landmark_annotator.annotator.gui.pages.context import Change, Kind
from landmark_annotator.annotator.session.labelling.session import LabellingSession
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import InstanceState, Project
from landmark_annotator.projects.store.safety.checking import check
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape, Visibility
from tests.unit.projects.video.encoded import encode

BOX = Box(40.0, 30.0, 40.0, 40.0)
FRAMES = (2, 3, 4, 6, 9)
START, END = 0, 1
ACCEPTED, STARTED = InstanceState.ACCEPTED, InstanceState.STARTED


@pytest.fixture
def hands(tmp_path, open_window):
    """At the first of some frames in all of which the end of a bar is not in the image."""
    scheme = Scheme("bar", ("start", "end"), edges=((START, END),))
    clicked = Shape([[20.0, 20.0], [np.nan] * 2], [2, 0], [Provenance.CLICKED] * 2)
    with Project.create(tmp_path / "bars", scheme) as project:
        for image in add_frames(project, encode(tmp_path / "clip.mp4", 12), FRAMES, who="x").added:
            (record,) = project.instances_of(image.id)
            project.set_box(record.id, BOX, who="x")
            project.accept(record.id, clicked, who="x")
        track = project.add_track(project.videos()[0].id, "red", who="x").id
        project.assign_track([record.id for record in project.instances()], track, who="x")
    with Project.open(tmp_path / "bars") as opened:
        hands = open_window(opened)
        clip = hands.window.pages.page("label").clip
        hands.qtbot.waitUntil(lambda: clip.timeline.isVisible(), timeout=20_000)
        hands.wait_for()
        yield hands


def menu_of(hands, chosen):
    """What a right click on the lane offers for a landmark in the marked frames."""
    clip = hands.window.pages.page("label").clip
    (lane,) = clip.timeline.lanes
    menu = clip.tracks.menu(clip.video.id, lane.track_id, 4, chosen)
    return {
        action.text(): action for action in menu.actions() if "labelled frames" in action.text()
    }


def say(hands, words: str) -> None:
    hands.window.controller.choose(END)
    (action,) = menu_of(hands, (3, 6)).values()
    assert action.text() == "In labelled frames 3 to 6 the end is"
    next(each for each in action.menu().actions() if each.text() == words).trigger()


def states(hands) -> dict[int, InstanceState]:
    project = hands.window.project
    frames = {image.id: image.frame for image in project.images()}
    return {frames[record.image_id]: record.state for record in project.instances()}


def test_what_is_seen_after_all_is_asked_for_again_in_these_frames_and_one_undo_brings_it_back(
    hands,
) -> None:
    project = hands.window.project
    say(hands, "seen")

    assert states(hands) == dict.fromkeys(FRAMES, ACCEPTED) | dict.fromkeys((3, 4, 6), STARTED)
    assert "3 frames wait to be accepted again" in hands.window.messages.banner.text.text()
    inside = project.instances()[2]
    view = LabellingSession(project, who="x").open(inside.id)
    assert (view.absent, view.carried) == (frozenset(), frozenset()), "nor as in frames beside"

    before = len(list(project.journal()))
    hands.window.actions_by_name["undo"].trigger()
    assert len(list(project.journal())) == before + 3
    assert states(hands) == dict.fromkeys(FRAMES, ACCEPTED)
    assert all(shape.absent[END] for _, shape in project.shapes())
    assert check(project.folder) == []


def test_what_is_hidden_and_placed_stays_accepted(hands) -> None:
    project = hands.window.project
    placed = Shape([[20.0, 20.0], [50.0, 40.0]])
    for record in project.instances():
        project.accept(record.id, placed, who="x")
    hands.window.others.look()
    say(hands, "hidden")
    assert states(hands) == dict.fromkeys(FRAMES, ACCEPTED)
    hidden = [shape.visibility[END] == Visibility.OCCLUDED for _, shape in project.shapes()]
    assert hidden == [False, True, True, True, False]


@pytest.mark.parametrize("words", ["hidden", "seen"])
def test_the_landmark_stays_the_one_of_which_something_is_said(hands, words) -> None:
    """Of the next frames it had to be chosen in the list once more."""
    hands.window.controller.open(hands.window.project.instances()[2].id)
    hands.wait_for()
    say(hands, words)
    hands.wait_for()
    assert hands.window.controller.asked == END
    (action,) = menu_of(hands, (0, 9)).values()
    assert action.text() == "In labelled frames 0 to 9 the end is"


def test_nothing_is_offered_that_is_said_already_or_of_no_landmark_or_frame(hands) -> None:
    assert menu_of(hands, None) == {}
    hands.window.controller.choose(END)
    (action,) = menu_of(hands, (3, 6)).values()
    offered = {each.text(): each.isEnabled() for each in action.menu().actions()}
    assert offered == {"not in the image": False, "hidden": True, "seen": True}
    (action,) = menu_of(hands, (7, 8)).values()
    assert not action.isEnabled()


def test_of_objects_without_a_track_a_second_opinion_is_none_of_its_own(hands) -> None:
    project = hands.window.project
    (track,) = project.tracks()
    project.remove_track(track.id, who="x")
    first = project.instances()[2]
    second = project.add_instance(first.image_id, BOX, second_opinion_on=first.id, who="x").id
    placed = Shape([[20.0, 20.0], [50.0, 40.0]])
    project.accept(second, placed, who="x")
    hands.window.others.look()
    hands.window.context.changed(Change(Kind.LIST))
    hands.wait_for()
    say(hands, "hidden")
    assert project.instance(second).state is ACCEPTED
    assert project.shape(second).visibility[END] == Visibility.VISIBLE
    assert project.shape(first.id).visibility[END] == Visibility.OCCLUDED
