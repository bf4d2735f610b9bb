"""A long video on a narrow timeline: every frame can be reached and meant."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from landmark_annotator.annotator.gui.pages.label.panels.lanes import Lane, Mark
from landmark_annotator.annotator.gui.pages.label.panels.timeline import Curves, Timeline
from landmark_annotator.annotator.gui.style.canvas_colours import IMPORTED, PLACED

COUNT = 10_000


@pytest.fixture
def timeline(qtbot):
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(600, 60)
    timeline.show_video(COUNT, np.arange(COUNT) / 25)
    timeline.show_lanes([Lane.of(1, "red", [Mark(frame, "accepted") for frame in (0, 5000)])])
    timeline.show()
    return timeline


def wheel(timeline, frame: int, notches: int, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    turn_at(timeline, timeline.x_of(frame), notches, modifier)


def turn_at(timeline, x: float, notches: int, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    place = QPointF(x, 10.0)
    turn = QPoint(0, 120 * notches)
    buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        place, timeline.mapToGlobal(place), QPoint(), turn, buttons, modifier, phase, False
    )
    QApplication.sendEvent(timeline, event)


def test_the_wheel_zooms_at_the_cursor_until_each_frame_can_be_hit(timeline):
    x = timeline.x_of(5000)
    for _ in range(40):
        wheel(timeline, 5000, 1)
    assert timeline.x_of(5000) == pytest.approx(x, abs=10)
    for frame in range(4995, 5005):
        assert timeline.frame_at(timeline.x_of(frame)) == frame
    assert timeline.x_of(5001) - timeline.x_of(5000) > 10
    timeline.grab()
    wheel(timeline, 5000, -2, Qt.KeyboardModifier.ShiftModifier)
    assert timeline.x_of(5000) < x - 50, "it goes on through the video"
    timeline.show_frame(20)
    assert 84 < timeline.x_of(20) < 600, "what is shown comes into sight"
    for _ in range(40):
        wheel(timeline, 20, -1)
    assert timeline.frame_at(timeline.x_of(0)) <= 9
    assert timeline.x_of(COUNT - 1) < 600


def test_the_wheel_beside_the_frame_that_is_shown_keeps_it_in_its_place(timeline):
    timeline.show_frame(70)
    x = timeline.x_of(70)
    for _ in range(40):
        turn_at(timeline, x + 3, 1)
        assert timeline.x_of(70) == pytest.approx(x, abs=1e-6)


def test_a_click_on_a_mark_means_its_frame(timeline):
    """Twenty frames lie in one pixel: the first of them was meant, which nobody had labelled."""
    marked = {1: (47, 5003, 9988), 2: (5004, 7777)}
    timeline.show_lanes(
        [Lane.of(i, str(i), [Mark(f, "accepted") for f in frames]) for i, frames in marked.items()]
    )
    told: list[int] = []
    timeline.scrubbed.connect(told.append)
    timeline.settled.connect(told.append)
    picture = timeline.grab().toImage()
    for lane, (number, frames) in enumerate(marked.items()):
        y = round(timeline.lane_height * (lane + 0.9) + timeline._sizes.ruler) - 1
        for frame in frames:
            place = QPoint(int(timeline.x_of(frame)), y)
            place += QPoint(-1, 0) if picture.pixelColor(place) != PLACED else QPoint()
            assert picture.pixelColor(place) == PLACED
            QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=place)
            assert told == [frame, frame], number
            told.clear()
    # A pixel beside it is near enough; not so where each frame has pixels of its own.
    for beside in (-2, -1, 1, 2):
        x = int(timeline.x_of(5003)) + beside
        assert (timeline.pointed_at(QPointF(x, 0)) == 5003) == (abs(beside) == 1)
    for _ in range(40):
        wheel(timeline, 5003, 1)
    assert timeline.pointed_at(QPointF(timeline.x_of(5002), 0)) == 5002


def test_a_menu_beside_the_frame_that_is_shown_is_about_it(timeline, qtbot):
    """Twenty frames lie in one pixel, and keys have led to the one that is meant."""
    timeline.show_frame(4321)
    shown = round(timeline.x_of(4321))
    for place, about in (
        (QPoint(shown + 3, 30), 4321),
        (QPoint(shown + 60, 30), timeline.frame_at(shown + 60)),
    ):
        with qtbot.waitSignal(timeline.menu_wanted) as wanted:
            reason = QContextMenuEvent.Reason.Mouse
            QApplication.sendEvent(timeline, QContextMenuEvent(reason, place, place))
        assert wanted.args[:2] == [1, about]


def test_the_name_of_a_lane_is_no_place_in_time(timeline, qtbot):
    """It lay left of all frames, so that a click on it led to the first one and a menu was about
    that."""
    timeline.show_frame(4321)
    place, reason = QPoint(30, 25), QContextMenuEvent.Reason.Mouse
    with qtbot.waitSignal(timeline.menu_wanted) as wanted:
        QApplication.sendEvent(timeline, QContextMenuEvent(reason, place, place))
    assert wanted.args[:2] == [1, 4321]
    with qtbot.assertNotEmitted(timeline.scrubbed), qtbot.assertNotEmitted(timeline.settled):
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=place)
    with qtbot.waitSignal(timeline.settled):
        qtbot.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPoint(300, 25))


def test_when_a_frame_is_shown_is_said_of_frames_that_are_far_apart_too(timeline, qtbot):
    """By their average rate the 40th of a telephone's was said to be three times as late."""
    timeline.show_video(50, np.concatenate([np.arange(40) / 25, 1.6 + np.arange(10) / 5]))
    qtbot.mouseMove(timeline, QPoint(round(timeline.x_of(39)), 25))
    qtbot.waitUntil(lambda: QToolTip.text() == "Frame 39, 1.56 s\nred")
    qtbot.mouseMove(timeline, QPoint(30, 25))
    qtbot.waitUntil(lambda: QToolTip.text() == "red")


def drawn_rows(timeline, left: int, right: int) -> list[int]:
    """Rows of pixels in which something is written between these columns."""
    picture = timeline.grab().toImage()
    ground = picture.pixelColor(1, 1)
    return [
        y
        for y in range(picture.height())
        if any(picture.pixelColor(x, y) != ground for x in range(left, right))
    ]


def test_the_names_of_a_dozen_tracks_can_be_read(timeline):
    """Of six pixels nobody reads a name."""
    timeline.show_lanes([Lane.of(n, f"HEX {n}", []) for n in range(12)])
    timeline.resize(600, timeline.sizeHint().height())
    rows = np.array(drawn_rows(timeline, 4, 76))
    letters = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    assert len(letters) == 12
    assert all(len(each) >= 7 for each in letters), "as high as a capital of ten pixels"


def test_a_timeline_grows_with_the_letters(timeline):
    timeline.show_lanes([Lane.of(1, "red", []), Lane.of(2, "blue", [])])
    timeline.show_frame(COUNT - 1)
    usual, first = timeline.sizeHint().height(), timeline.x_of(0)
    font = timeline.font()
    font.setPointSizeF(2 * font.pointSizeF())
    timeline.setFont(font)
    QApplication.processEvents()
    assert timeline.sizeHint().height() > 1.6 * usual
    assert timeline.x_of(0) > 1.6 * first, "names have the room that they need"
    timeline.resize(600, timeline.sizeHint().height())
    numbers = drawn_rows(timeline, round(timeline.x_of(0)) + 8, 590)
    assert min(numbers) > 0, "no number of the ruler is cut off at its upper edge"
    assert timeline.lane_at(timeline.sizeHint().height() - 8).name == "blue"


def test_the_lane_of_the_open_object_is_told_apart(timeline):
    def drawn(lane: int) -> list[int]:
        image = timeline.grab().toImage()
        y = timeline._sizes.ruler + lane * timeline.lane_height + timeline.lane_height // 2
        return [image.pixel(1, y), image.pixel(timeline.width() - 3, y)]

    timeline.show_lanes(
        [Lane.of(1, "red", []), Lane.of(2, "blue", []), Lane.of(None, "no track", [])]
    )
    timeline.show_open(1)
    first, other, loose = drawn(0), drawn(1), drawn(2)
    assert first != other == loose
    timeline.show_open(2)
    assert (drawn(0), drawn(1)) == (other, first)
    timeline.show_open(None)
    assert (drawn(1), drawn(2)) == (other, first)


def test_curves_that_come_late_find_their_room(timeline):
    """The picture moved under the hand when they came, and when another track was opened."""
    timeline.show_lanes([Lane.of(1, "red", [])])
    timeline.show_open(None)
    without = timeline.sizeHint().height()
    timeline.show_open(1)
    before = timeline.sizeHint().height()
    assert before > without
    timeline.show_curves(Curves([0, 1], np.ones(2), np.zeros(1), []))
    assert timeline.sizeHint().height() == before
    timeline.show_curves(None)
    assert timeline.sizeHint().height() == before


def leaps(timeline, jumps) -> list[int]:
    """How high the tick of each frame is drawn, in pixels."""
    frames = [1000 * n for n in range(len(jumps))]
    timeline.show_lanes([Lane.of(1, "red", [])])
    timeline.show_open(1)
    timeline.show_curves(Curves(frames, np.zeros(len(frames)), np.array(jumps)))
    timeline.resize(600, timeline.sizeHint().height())
    image = timeline.grab().toImage()
    found = []
    for frame in frames:
        column = [image.pixelColor(int(timeline.x_of(frame)), y) for y in range(image.height())]
        found.append(sum(colour == IMPORTED for colour in column))
    return found


def test_one_mistake_hides_no_other_leap(timeline):
    """All ticks were told by the largest: a frame that went wrong left the others no height."""
    usual = [0.0, 1.0, 0.8, 5.0, 1.0, 0.9, 1.0]
    quiet, wrong = leaps(timeline, usual), leaps(timeline, [*usual, 90.0, 88.0])
    assert quiet[3] > 20
    assert wrong[3] > 14
    assert wrong[7] > wrong[3]
    assert wrong[4] < 6
