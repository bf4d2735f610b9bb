"""Whoever labels a video frame by frame draws one box: the next frame has it where flow says."""

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt

from landmark_annotator.annotator.gui.pages.label.commands import copied_boxes
from landmark_annotator.annotator.gui.pages.label.controller.prompt import Phase
from landmark_annotator.annotator.session.setup.video_frames import add_frames
from landmark_annotator.projects.store import ActionKind, InstanceState, Project
from landmark_annotator.projects.store.rows.records import BY_ITSELF
from landmark_annotator.projects.vocabulary import Box, Provenance, Scheme, Shape
from tests.unit.projects.video.encoded import HEIGHT, WIDTH, encode

CONTROL = Qt.KeyboardModifier.ControlModifier
STEP = 3, 5
"""Pixels by which what `encode` draws goes on in every frame."""


@pytest.fixture
def hands(tmp_path, open_window):
    """The first of two frames was labelled and accepted, and the second one is open."""
    with Project.create(tmp_path / "squares", Scheme("square", ("one", "two"))) as project:
        add_frames(project, encode(tmp_path / "clip.mp4", 12), (3, 4), who="x")
    with Project.open(tmp_path / "squares") as opened:
        hands = open_window(opened)
        hands.wait_for(Phase.BOX)
        hands.drag((5, 11), (29, 35))
        hands.wait_for()
        for corner in ((9, 15), (24, 30)):
            hands.click(*corner)
        hands.key(Qt.Key.Key_Return)
        hands.qtbot.waitUntil(lambda: hands.open_id == hands.order[1], timeout=20_000)
        yield hands


def boxes(hands):
    return [hands.window.project.instance(i).box for i in hands.order]


def test_no_box_is_asked_for_beside_a_labelled_frame(hands) -> None:
    hands.wait_for()
    first, second = boxes(hands)
    assert second.centre_x == pytest.approx(first.centre_x + STEP[0], abs=2)
    assert second.centre_y == pytest.approx(first.centre_y + STEP[1], abs=2)
    assert second.side == pytest.approx(first.side, rel=0.2)
    last = list(hands.window.project.journal())[-1]
    assert (last.kind, last.who, last.title) == (ActionKind.FIND, BY_ITSELF, "box as in frame 3")


def test_what_is_thrown_out_there_does_not_come_back(hands) -> None:
    hands.wait_for()
    project, second = hands.window.project, hands.order[1]
    hands.key(Qt.Key.Key_Delete, CONTROL)
    hands.qtbot.waitUntil(lambda: project.instance(second).excluded is not None, timeout=20_000)
    hands.window.controller.open(second)
    hands.qtbot.waitUntil(lambda: not hands.window.label_page.finding.at_work, timeout=20_000)
    hands.qtbot.wait(100)
    assert [entry.kind for entry in project.journal()].count(ActionKind.FIND) == 1


def test_undo_goes_past_it_to_what_the_hands_did(hands) -> None:
    hands.wait_for()
    hands.key(Qt.Key.Key_Z, CONTROL)
    hands.qtbot.waitUntil(lambda: hands.open_id == hands.order[0], timeout=20_000)
    assert hands.state(hands.order[0]) is InstanceState.STARTED


SPOTS = [
    cv2.GaussianBlur(np.random.default_rng(i).uniform(0, 255, (20, 20)), (0, 0), 2) for i in (1, 2)
]
PLACES = [np.array([14.0, 14.0]), np.array([14.0, 44.0])]
"""Of two objects in the first frame; they go to the right."""


def two_objects(frame: int, shown: int = 2) -> np.ndarray:
    """shown: the first so many of them are there."""
    grey = np.full((HEIGHT, WIDTH), 100.0)
    for spot, (x, y) in list(zip(SPOTS, PLACES, strict=True))[:shown]:
        left, top = int(x) - 10 + 3 * frame, int(y) - 10
        grey[top : top + 20, left : left + 20] = spot
    return np.repeat(grey[..., None].clip(0, 255).astype(np.uint8), 3, axis=2)


def box_of(place: np.ndarray, frame: int) -> Box:
    return Box(place[0] + 3 * frame, place[1], 24.0, 24.0)


@pytest.fixture
def begun(tmp_path, open_window):
    """Opens a window on two objects of two tracks, labelled in the first frame of a video."""
    opened = []

    def begin(pictures, frames):
        scheme = Scheme("spot", ("one", "two", "three"))
        project = Project.create(tmp_path / "spots", scheme)
        opened.append(project)
        film = encode(tmp_path / "clip.mp4", drawings=pictures, options={"crf": "5"})
        added = add_frames(project, film, frames, who="x").added
        (video,) = project.videos()
        for place, name in zip(PLACES, ("red", "blue"), strict=True):
            corners = place + np.array([[-6.0, -6.0], [6.0, -6.0], [0.0, 6.0]])
            shape = Shape(corners).with_provenance(Provenance.IMPORTED)
            record = project.add_instance(added[0].id, box_of(place, 0), shape=shape, who="x")
            project.add_track(video.id, name, instances=[record.id], who="x")
        project.remove_instance(project.instances_of(added[0].id)[0].id)
        return open_window(project)

    yield begin
    for project in opened:
        project.close()


def whose(hands, frame: int) -> dict[str, Box | None]:
    """The boxes of a frame's objects by the names of their tracks."""
    project = hands.window.project
    names = {track.id: track.name for track in project.tracks()}
    image = next(each for each in project.images() if each.frame == frame)
    return {names.get(r.track_id, ""): r.box for r in project.instances_of(image.id)}


def are_near(found: dict[str, Box | None], frame: int) -> bool:
    expected = dict(zip(("red", "blue"), (box_of(place, frame) for place in PLACES), strict=True))
    return all(
        box is not None
        and abs(box.centre_x - expected[name].centre_x) < 2
        and abs(box.centre_y - expected[name].centre_y) < 2
        for name, box in found.items()
    )


def test_each_box_is_of_the_track_of_the_object_that_it_was_carried_from(begun) -> None:
    hands = begun([two_objects(n) for n in range(4)], (0, 3))
    hands.wait_for()
    hands.key(Qt.Key.Key_PageDown)
    hands.qtbot.waitUntil(lambda: set(whose(hands, 3)) == {"red", "blue"}, timeout=20_000)
    assert are_near(whose(hands, 3), 3)


def test_that_an_object_was_not_followed_is_said(begun) -> None:
    hands = begun([two_objects(0), two_objects(1, shown=1)], (0, 1))
    hands.wait_for()
    hands.qtbot.waitUntil(lambda: set(whose(hands, 1)) == {"red"}, timeout=20_000)
    told = hands.window.messages.banner.text.text()
    assert "Of the 2 objects of frame 0 1 could be followed" in told


def test_boxes_of_a_frame_that_comes_in_by_a_click_go_where_flow_takes_them(begun) -> None:
    """In as many frames more than half of the object has left the box that it was in."""
    frame = 8
    hands = begun([two_objects(n) for n in range(12)], (0,))
    clip = hands.window.pages.page("label").clip
    hands.qtbot.waitUntil(lambda: clip.timeline.isVisible(), timeout=20_000)
    hands.wait_for()
    for _ in range(frame):
        hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    hands.key(Qt.Key.Key_Return, CONTROL)
    first = whose(hands, frame)
    assert set(first) == {"red", "blue"}
    hands.qtbot.waitUntil(lambda: are_near(whose(hands, frame), frame), timeout=20_000)
    assert hands.window.controller.record.box == whose(hands, frame)["red"]
    assert [entry.title for entry in hands.entries] == [f"adding of frame {frame}"]
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert [image.frame for image in hands.window.project.images()] == [0]
    hands.key(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert are_near(whose(hands, frame), frame)


def test_a_box_that_a_person_has_drawn_there_stays(begun) -> None:
    hands = begun([two_objects(n) for n in range(12)], (0,))
    clip = hands.window.pages.page("label").clip
    hands.qtbot.waitUntil(lambda: clip.timeline.isVisible(), timeout=20_000)
    hands.wait_for()
    hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    hands.key(Qt.Key.Key_Return, CONTROL)
    project, drawn = hands.window.project, Box(50.0, 20.0, 30.0, 30.0)
    project.set_box(hands.open_id, drawn, who="somebody")
    hands.qtbot.waitUntil(lambda: whose(hands, 1)["blue"] != box_of(PLACES[1], 0), timeout=20_000)
    assert project.instance(hands.open_id).box == drawn


def test_that_a_copied_box_could_not_be_followed_is_said(begun) -> None:
    """It stays where it was in the frame that it is from, which the object has left."""
    hands = begun([two_objects(n, shown=2 if n == 0 else 1) for n in range(4)], (0,))
    clip = hands.window.pages.page("label").clip
    hands.qtbot.waitUntil(lambda: clip.timeline.isVisible(), timeout=20_000)
    hands.wait_for()
    hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    hands.key(Qt.Key.Key_Return, CONTROL)
    banner = hands.window.messages.banner.text
    said = "1 object of frame 0 could not be followed: boxes stay as they are there."
    hands.qtbot.waitUntil(lambda: said in banner.text(), timeout=20_000)
    assert whose(hands, 1)["blue"] == box_of(PLACES[1], 0)
    assert whose(hands, 1)["red"] != box_of(PLACES[0], 0)


def test_that_a_copied_box_is_from_too_far_away_is_said(begun, monkeypatch) -> None:
    monkeypatch.setattr(copied_boxes, "FARTHEST_COPY", 1)
    hands = begun([two_objects(n) for n in range(4)], (0,))
    clip = hands.window.pages.page("label").clip
    hands.qtbot.waitUntil(lambda: clip.timeline.isVisible(), timeout=20_000)
    hands.wait_for()
    for _ in range(2):
        hands.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    hands.key(Qt.Key.Key_Return, CONTROL)
    told = hands.window.messages.banner.text
    said = "The 2 boxes are as in frame 0, too far away to be followed here."
    hands.qtbot.waitUntil(lambda: said in told.text(), timeout=20_000)
    assert whose(hands, 2) == dict(
        zip(("red", "blue"), (box_of(p, 0) for p in PLACES), strict=True)
    )
